"""A birthday service as a real process, and what the tests say to it. Standard library only."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from tests.support import waiting

BINARY = os.environ["LOADGEN_SERVICES"]
GOOD_BODY = '{"dateOfBirth":"2019-04-04"}'


class Service:
    """Started at once; `close` ends it by its pid."""

    def __init__(self, data, *options):
        self.log_path = pathlib.Path(data).parent / "stderr.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen([BINARY, "birthday", "--port", "0", "--data", str(data), *options],
                                            stdout=subprocess.PIPE, stderr=log)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise ChildProcessError(f"exit {self.process.returncode}: {self.log_path.read_text()}")
        self.ready = json.loads(line)
        self.port = self.ready["port"]

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=30):
        return self.process.wait(seconds)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def log_lines(self):
        return [json.loads(line) for line in self.log_path.read_text().splitlines()]

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class ServiceCase(unittest.TestCase):
    """Gives each test its own folder; services started with `start` end with the test."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-birthday-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def start(self, *options):
        service = Service(self.data, *options)
        self.addCleanup(service.close)
        return service


class Client:
    """One keep-alive connection through Python's own HTTP client."""

    def __init__(self, service):
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)

    def ask(self, method, path, body=None, headers=None):
        """(status, headers, body as text)"""
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        return response.status, response.headers, response.read().decode()

    def put(self, name, body=GOOD_BODY):
        return self.ask("PUT", f"/hello/{name}", body, {"Content-Type": "application/json"})

    def close(self):
        self.connection.close()


def ask_once(running, *request):
    """`Client.ask` on a connection of its own."""
    client = Client(running)
    try:
        return client.ask(*request)
    finally:
        client.close()


def read_answer(stream):
    """(status line, fields with lower-case names, body) of one HTTP/1.1 answer with a length; None at the end."""
    status = stream.readline().decode().strip()
    if not status:
        return None
    fields = {}
    while line := stream.readline().decode().strip():
        name, value = line.split(":", 1)
        fields[name.lower()] = value.strip()
    body = stream.read(int(fields.get("content-length", 0))).decode()
    return status, fields, body


def wait_until_closed_port(service):
    waiting.until(lambda: not service.listens(), "the port to close")
