"""The service set as real processes: started by `loadgen-services up` on a folder and ports of the test's own."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from tests.e2e.services import shop
from tests.support import waiting

BINARY = os.environ["LOADGEN_SERVICES"]
# In the order of the ports that `up` gives them unless told otherwise, and that the pages and the scenarios name.
SERVED = ("users", "products", "inventory", "orders", "loyalty", "pricing", "activity", "search", "grocery-elastic",
          "grocery-users", "grocery-lists", "grocery-stats", "birthday", "ninja-orders", "ninja-users", "ninja-notification")
FIRST_PORT = 8080
# The waits that the rules name take a tenth of their time: short enough for a test, and the minute that an order waits
# for its stock is still six seconds, which a busy machine may need. Network and lease times stay what they are.
FAST = ["--time-scale", "0.1", "--fast-passwords", "on", "--start-limit", "120s"]



def moved(text, urls):
    """The text with the addresses of a set of its own (service -> URL) instead of the usual ones."""
    for offset, service in enumerate(SERVED):
        if service in urls:
            text = text.replace(f"http://127.0.0.1:{FIRST_PORT + offset}", urls[service])
    return text


class ServiceSet:
    """A supervisor and its processes. `stop` ends them by the supervisor's process id."""

    def __init__(self, data, *options):
        self.data = pathlib.Path(data)
        self.log_path = self.data.parent / "stderr.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen([BINARY, "up", "--data", str(data), "--port-base", "0", "--json", *options],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        self.urls = {}
        for line in self.process.stdout:
            row = json.loads(line)
            if "ready_ms" in row:
                self.ready_ms = row["ready_ms"]
                return
            self.urls[row["service"]] = row["url"]
        self.process.wait()
        raise ChildProcessError(f"exit {self.process.returncode}: {self.log()}")

    def log(self):
        return self.log_path.read_text(errors="replace")

    def command(self, *arguments, seconds=60):
        """Runs an operator's command on the same folder and returns what it printed."""
        done = subprocess.run([BINARY, *arguments, "--data", str(self.data)], capture_output=True, text=True,
                              timeout=seconds)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done.stdout

    def processes(self):
        """The pids of the serving processes."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def queues(self):
        return [json.loads(line) for line in self.command("queues", "--json").splitlines()]

    def stop(self, seconds=60):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.process.stdout.close()
        return code

    def close(self):
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class ServiceSetCase(unittest.TestCase):
    """Gives each test its own folder; sets started with `start` end with the test."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-services-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    @classmethod
    def start_for_class(cls, *options):
        """A set that all tests of the class share."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-services-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        services = ServiceSet(folder / "data", *FAST, *options)
        cls.addClassCleanup(services.close)
        return services

    def start(self, *options):
        services = ServiceSet(self.folder / "data", *FAST, *options)
        self.addCleanup(services.close)
        return services

    def start_shop(self, *options):
        """A running set and a client for it, once the seeded catalogue has its prices and first stock."""
        services = self.start(*options)
        client = shop.Shop(services.urls)
        waiting.until(lambda: client.catalogue_is_complete(), "prices and stock of the seeded catalogue", 60)
        return services, client
