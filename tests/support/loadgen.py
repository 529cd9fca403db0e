"""Runs the loadgen binary as a user would and reads its machine-readable report."""

import json
import os
import pathlib
import subprocess

from tests.support.processes import REPOSITORY

BIN = pathlib.Path(os.environ.get("LOADGEN_BIN", REPOSITORY / "build" / "release" / "bin"))


class Attack:
    """One finished `loadgen attack`: its exit code, narration, and what its JSON report says.

    The exit code is 4 on a machine too busy to keep the schedule. What became of the requests is true all the same,
    so tests look at that.
    """

    def __init__(self, process, report):
        self.exit_code = process.returncode
        self.narration = process.stderr
        self.run = report  # the whole document
        self.report = report and report["report"]  # vegeta's figures, and ours below "loadgen"

    def __str__(self):
        brief = {name: self.report[name] for name in ("requests", "status_codes", "errors")} if self.report else None
        return f"exit {self.exit_code}\n{self.narration}\n{brief}\n{self.causes if self.report else ''}"

    @property
    def requests(self):
        return self.report["requests"]

    @property
    def status_codes(self):
        return self.report["status_codes"]

    @property
    def causes(self):
        """Cause name -> number of exchanges, those with none left out."""
        return {name: count for name, count in self.report["loadgen"]["causes"].items() if count}


def attack(folder, targets, *flags, seconds=60):
    """Attacks the lines of `targets` (vegeta's http format) in `folder`."""
    folder = pathlib.Path(folder)
    (folder / "targets.txt").write_text(targets if targets.endswith("\n") else targets + "\n")
    report_path = folder / "report.json"
    report_path.unlink(missing_ok=True)
    command = [BIN / "loadgen", "attack", "-targets", folder / "targets.txt", "-output", folder / "results.bin", "--quiet",
               "--json", report_path, *flags]
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds,
                             stdin=subprocess.DEVNULL, cwd=folder)
    report = json.loads(report_path.read_text()) if report_path.exists() else None
    return Attack(process, report)
