"""The program in a folder of its own, with a server beside it."""

import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import tempfile
import termios
import unittest

from tests.support import loadgen, waiting, web_server

LOADGEN = str(loadgen.BIN / "loadgen")


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def serve(self, *arguments, **options):
        server = self.enterContext(web_server.WebServer(*arguments, **options))
        server.url = f"http://127.0.0.1:{server.port}/"
        return server

    def environment(self, **extra):
        return {**os.environ, "HOME": str(self.folder), "TERM": "xterm", **extra}

    def loadgen(self, *words, **options):
        """Runs to the end; stdout and stderr are text."""
        options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 60, **options}
        return subprocess.run([LOADGEN, *map(str, words)], cwd=self.folder, env=self.environment(), **options)

    def start(self, *words, **options):
        """Starts it and leaves it running; ended with the test at the latest."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        process = subprocess.Popen([LOADGEN, *map(str, words)], cwd=self.folder, env=self.environment(), **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for stream in (process.stdout, process.stderr):
            if stream:
                self.addCleanup(stream.close)
        return process

    def bash(self, script, *arguments, **environment):
        return subprocess.run(["/bin/bash", "-o", "pipefail", "-c", script, "bash", *map(str, arguments)], cwd=self.folder,
                              env=self.environment(PATH=f"{loadgen.BIN}:{os.environ['PATH']}", **environment),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def on_terminal(self, *words, columns=80):
        """Runs with stdin, stdout and stderr on a terminal; the exit code and what the terminal got."""
        pid, terminal = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
            os.chdir(self.folder)
            os.execve(LOADGEN, [LOADGEN, *map(str, words)], self.environment())
        received = b""
        while True:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the program has gone
                break
            received += data
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), received.decode()

    @staticmethod
    def wait_for_requests(server, count):
        waiting.until(lambda: server.requests >= count, f"{count} requests")
