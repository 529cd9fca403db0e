"""What processes have used: CPU time by process and by thread, and memory. Reads /proc only."""

import os
import pathlib
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Cpu(NamedTuple):
    """Seconds."""

    user: float
    system: float

    @property
    def total(self):
        return self.user + self.system

    def since(self, before):
        return Cpu(self.user - before.user, self.system - before.system)


def _read(stat):
    fields = stat.read_text().rsplit(")", 1)[1].split()  # the name in parentheses may hold anything
    return Cpu(int(fields[11]) / TICK, int(fields[12]) / TICK)


def cpu(pids):
    """Of living processes, all their threads, dead ones included."""
    used = [_read(pathlib.Path(f"/proc/{pid}/stat")) for pid in pids]
    return Cpu(sum(one.user for one in used), sum(one.system for one in used))


def threads(pids):
    """{thread id: Cpu} of what lives now."""
    found = {}
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            try:
                found[int(task.name)] = _read(task / "stat")
            except OSError:
                continue  # it has just ended
    return found


def busiest(before, after, count=4):
    """Total CPU seconds between two looks at `threads`, of the threads that used most."""
    used = [after[thread].since(before.get(thread, Cpu(0, 0))).total for thread in after]
    return [round(seconds, 2) for seconds in sorted(used, reverse=True)[:count] if seconds > 0]


def resident_bytes(pids):
    return sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in pids)
