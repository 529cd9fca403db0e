"""Starting a server on a free loopback port, knowing when it is ready, and ending it by its process id."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess

from tests.support import waiting

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def free_port(address="127.0.0.1"):
    """A port nobody listens on at this moment. Somebody may take it before the server does: start_on_free_port
    tries again then."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def accepts(address):
    """True when something accepts connections there; `address` is (host, port) or the path of a unix socket."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0


class Server:
    """A running program. Use it as a context manager; leaving it ends the program and waits for it."""

    def __init__(self, command, folder, name, environment=None):
        self.name = name
        self.log_path = pathlib.Path(folder) / f"{name}.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=environment)

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_ready(self, *addresses):
        """Waits until every address accepts connections; raises with the log when the program ends before."""

        def ready():
            if self.process.poll() is not None:
                raise ChildProcessError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")
            return all(accepts(address) for address in addresses)

        try:
            waiting.until(ready, f"{self.name} to accept connections")
        except BaseException:
            self.stop()
            raise
        return self

    def signal(self, number):
        os.kill(self.pid, number)

    def stop(self):
        """Ends the program: asks first, insists after three seconds."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def start_on_free_port(start, attempts=5):
    """Calls start(port) with free ports until the server comes up: another program may be quicker to a port."""
    for attempt in range(attempts):
        with contextlib.suppress(ChildProcessError) if attempt + 1 < attempts else contextlib.nullcontext():
            return start(free_port())
    raise AssertionError("unreachable")
