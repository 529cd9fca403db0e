"""A supervisor with real services under it, and what the tests ask of it. Standard library only."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from tests.support import waiting

BINARY = os.environ["LOADGEN_SERVICES"]
LOADGEN = os.environ["LOADGEN"]


class Supervisor:
    """`up`, started at once on ports that the system chooses; `close` ends it by its pid."""

    def __init__(self, data, *words):
        self.data = pathlib.Path(data)
        self.log_path = self.data.parent / "supervisor.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "up", *words, "--data", str(data), "--port-base", "0", "--json"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        self.services = {}
        for line in self.process.stdout:
            event = json.loads(line)
            if "ready_ms" in event:
                break
            self.services[event["service"]] = event
        else:
            self.process.wait()
            raise ChildProcessError(f"exit {self.process.returncode}: {self.log_path.read_text()}")

    def url(self, service):
        return self.services[service]["url"]

    def command(self, *words, timeout=60):
        return subprocess.run([BINARY, *words, "--data", str(self.data)], capture_output=True, text=True, timeout=timeout)

    def status(self):
        return json.loads(self.command("status", "--json").stdout)

    def pids(self):
        return [instance["pid"] for instance in self.status()["instances"]]

    def deploy(self, version, *options):
        """The lines of a deploy that worked; the last one sums up."""
        got = self.command("deploy", "--version", version, "--json", *options)
        if got.returncode != 0:
            raise AssertionError(f"exit {got.returncode}: {got.stdout}{got.stderr}")
        return [json.loads(line) for line in got.stdout.splitlines()]

    def log_lines(self):
        return [json.loads(line) for line in self.log_path.read_text().splitlines()]

    def logged(self, message):
        return [line for line in self.log_lines() if line["message"] == message]

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


class Load:
    """Requests at a fixed rate for a while, to the URLs in turns, on kept or on fresh connections; `report` waits for the
    end."""

    def __init__(self, folder, name, urls, rate, seconds, keep_alive=True):
        self.results = folder / f"{name}.bin"
        self.targets = folder / f"{name}.txt"
        self.targets.write_text("".join(f"GET {url}\n" for url in urls))
        self.process = subprocess.Popen(
            [LOADGEN, "attack", "-targets", self.targets, "-rate", f"{rate}/s", "-duration", f"{seconds}s",
             f"-keepalive={str(keep_alive).lower()}", "-output", self.results], stderr=subprocess.DEVNULL)

    def flows(self):
        return self.results.exists() and self.results.stat().st_size > 0

    def report(self):
        self.process.wait(60)
        got = subprocess.run([LOADGEN, "report", "-type=json", self.results], capture_output=True, text=True, timeout=60)
        return json.loads(got.stdout)


class DeployCase(unittest.TestCase):
    """Gives each test a folder of its own; what it starts ends with it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-deploy-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def up(self, *words):
        supervisor = Supervisor(self.data, *words)
        self.addCleanup(supervisor.close)
        return supervisor

    def load(self, name, url, rate, seconds, keep_alive=True):
        load = Load(self.folder, name, [url], rate, seconds, keep_alive)
        self.addCleanup(load.process.wait)
        waiting.until(load.flows, "the load to flow")
        return load


def ask(url, path, method="GET", body=None):
    """(status, headers, body as text) of one request on a connection of its own."""
    host = url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request(method, path, body, {})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


def alive(pid):
    """A process that runs; one that only waits to be collected does not count."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
