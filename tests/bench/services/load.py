"""Our own engine as the driver: pinned to a core of its own, told by its JSON report what happened."""

import json
import os
import subprocess
from typing import NamedTuple, Optional

from tests.bench import generators

CONNECTIONS = 64


class Target(NamedTuple):
    method: str
    url: str
    headers: dict = {}
    body: Optional[bytes] = None


class Outcome(NamedTuple):
    seconds: float  # from the first request to the last answer
    statuses: dict  # status -> how many

    def answered(self, status):
        return self.statuses.get(str(status), 0)


def run(target, folder, core, seconds, rate=0):
    """A closed loop of 64 connections, or `rate` requests per second."""
    lines = [f"{target.method} {target.url}", *(f"{name}: {value}" for name, value in target.headers.items())]
    if target.body is not None:
        body = folder / "body"
        body.write_bytes(target.body)
        lines.append(f"@{body}")
    targets, report = folder / "targets.txt", folder / "load.json"
    targets.write_text("\n".join(lines) + "\n")
    pacing = ["-rate", f"{rate}/1s", "-max-connections", CONNECTIONS] if rate else ["-concurrency", CONNECTIONS]
    command = [generators.program_path("loadgen"), "attack", "-targets", targets, "-duration", f"{seconds:g}s",
               "-threads", 1, "-output", "none", "-sequence-header=false", "--quiet", "--json", report, *pacing]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    # 4: it could not keep its schedule, which is a fact about this machine and no reason to stop.
    if done.returncode not in (0, 4):
        raise ChildProcessError(f"loadgen: exit {done.returncode}: {done.stderr}")
    facts = json.loads(report.read_text())["report"]
    return Outcome((facts["duration"] + facts["wait"]) / 1e9, facts["status_codes"])
