"""Runs one generator on one core and says what it cost: CPU time, requests as the server counted them, memory."""

import os
import pathlib
import statistics
import subprocess
import threading
import time
from typing import NamedTuple

from tests.support import waiting


class Sample(NamedTuple):
    requests: int  # answered, counted by the server where it counts
    wall_seconds: float
    cpu_seconds: float  # user and system, with children
    peak_bytes: int  # resident memory of the process
    send_delay: dict  # nanoseconds by quantile, where the generator reports it

    @property
    def per_cpu_second(self):
        return self.requests / self.cpu_seconds if self.cpu_seconds else 0.0


class PeakMemory(threading.Thread):
    """Reads the high-water mark of a process until it ends. wait4 cannot tell: its figure is inherited over exec."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status = pathlib.Path(f"/proc/{pid}/status")
        self.bytes = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.05):
            try:
                lines = self.status.read_text().splitlines()
            except OSError:
                return
            for line in lines:
                if line.startswith("VmHWM:"):
                    self.bytes = int(line.split()[1]) * 1024


def run(command, core, folder, deadline_seconds):
    """(exit code, output, wall seconds, CPU seconds, peak bytes) of a command that is pinned to a core."""
    output_path = folder / "output.txt"
    with output_path.open("wb") as output:
        begin = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        memory = PeakMemory(process.pid)
        memory.start()
        killer = threading.Timer(deadline_seconds, process.kill)
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        killer.cancel()
        memory.ended.set()
        memory.join()
    text = output_path.read_text(errors="replace")
    return process.returncode, text, wall, usage.ru_utime + usage.ru_stime, memory.bytes


def settled_requests(server, seconds=10):
    """The server's counter when it no longer moves: the last answers of a run may still be under way."""
    last = [-1]

    def still():
        before, last[0] = last[0], server.requests()
        return before == last[0]

    waiting.until(still, "the server to come to rest", seconds)
    return last[0]


def sample(generator, command, job, server, core):
    """One Sample, or the text of what went wrong."""
    counts = hasattr(server, "requests")
    before = settled_requests(server) if counts else 0
    code, output, wall, cpu, peak = run(command, core, job.folder, job.seconds + 30)
    requests = settled_requests(server) - before if counts else generator.answered(output, job)
    if requests == 0:
        return f"exit {code}, no request counted: {output.strip().splitlines()[-1:] or ['no output']}"
    return Sample(requests, wall, cpu, peak, generator.send_delay(output, job))


def median(samples, figure):
    return statistics.median(figure(one) for one in samples)
