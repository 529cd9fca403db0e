"""What processes have used: CPU time by process and by thread, and memory."""

import os
import pathlib
import time
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Cpu(NamedTuple):
    """Seconds. User and system are counted in ticks; the total of processes is exact."""

    user: float
    system: float
    total: float

    def since(self, before):
        return Cpu(*(now - then for now, then in zip(self, before)))


NOTHING = Cpu(0, 0, 0)


def _read(stat):
    fields = stat.read_text().rsplit(")", 1)[1].split()  # the name in parentheses may hold anything
    user, system = int(fields[11]) / TICK, int(fields[12]) / TICK
    return Cpu(user, system, user + system)


def _exact(pid):
    return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) returns for another process


def cpu(pids):
    """Of living processes, all their threads, dead ones included."""
    used = [_read(pathlib.Path(f"/proc/{pid}/stat")) for pid in pids]
    return Cpu(sum(one.user for one in used), sum(one.system for one in used), sum(_exact(pid) for pid in pids))


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
    used = [after[thread].since(before.get(thread, NOTHING)).total for thread in after]
    return [round(seconds, 2) for seconds in sorted(used, reverse=True)[:count] if seconds > 0]


def resident_bytes(pids):
    return sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in pids)
