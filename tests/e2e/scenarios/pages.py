"""The READMEs of scenarios/: their commands are run as they stand there, on services of the test's own and for a moment
instead of twenty seconds, and must print what the pages show."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess

from tests.e2e.services import service_set
from tests.support import waiting
from tests.support.console_examples import examples

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
SCENARIOS = REPOSITORY / "scenarios"
LOADGEN = pathlib.Path(os.environ["LOADGEN"])
SERVICES = pathlib.Path(service_set.BINARY)
SEED = "7"  # so that every journey is picked
# What a short run has or has not: products without stock, orders that are ready to be completed.
BY_CHANCE = re.compile(r"http\.codes\.4|  (stock|restock|complete) ")
RUN = re.compile(r"^loadgen run (scenarios/\S+)$")


def scripts():
    """Every scenario file, as the pages name it."""
    return sorted(str(path.relative_to(REPOSITORY)) for path in SCENARIOS.rglob("*.yml"))


def normal(line):
    """The line without figures, and without the dots and blanks that depend on their width."""
    line = re.sub(r"\d+(\.\d+)?(ns|µs|ms|s)?", "N", line)
    return re.sub(r"\s+", " ", re.sub(r"\.\.+", "", line)).strip()


class Run:
    """A finished `loadgen run`, and what Artillery's JSON says of it."""

    def __init__(self, process, report):
        self.process = process
        self.counters = json.loads(report.read_text())["aggregate"]["counters"] if report.exists() else {}

    @property
    def kept(self):
        """All checks hold. On a machine too busy to keep the schedule the exit code is 4; they hold there, too."""
        verdicts = self.process.stdout.rpartition("\nChecks:\n")[2].splitlines()
        good = bool(verdicts) and all(line.startswith("ok: ") for line in verdicts)
        busy = self.process.returncode == 4 and "measurement invalid" in self.process.stderr
        return good and (busy or self.process.returncode == 0)

    def count(self, metric):
        return self.counters.get(metric, 0)

    def __str__(self):
        return f"exit {self.process.returncode}\n{self.process.stderr}\n{self.process.stdout[-6000:]}"


class PageCase(service_set.ServiceSetCase):
    """Each test starts its services, then follows a page, or a part of it. `phases` says what a scenario's phases are
    replaced with."""

    phases = {}

    def start(self, *options):
        services = super().start(*options)
        self.services = services
        shutil.copytree(SCENARIOS, self.folder / "scenarios", dirs_exist_ok=True)
        for path in (self.folder / "scenarios").rglob("*.yml"):
            path.write_text(service_set.moved(path.read_text(), services.urls))
        return services

    def shell(self, command):
        command = command.replace("--data /tmp/shop", f"--data {self.services.data}")
        environment = {**os.environ, "PATH": f"{LOADGEN.parent}:{SERVICES.parent}:{os.environ['PATH']}"}
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=200)

    def run_scenario(self, command, script):
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        overrides = json.dumps({"config": {"phases": [{"name": "first try", **self.phases[script]}]}})
        run = Run(self.shell(f"{command} --seed {SEED} --drain 90s --overrides '{overrides}' -o {report}"), report)
        self.assertTrue(run.kept, run)
        return run

    def assert_shown(self, expected, process, command):
        """Every line of the page is among those printed, figures and spaces apart, save what is there by chance."""
        printed = {normal(line) for line in process.stdout.splitlines()}
        for line in expected.splitlines():
            if line.strip() not in ("", "...") and not BY_CHANCE.match(line):
                self.assertTrue(normal(line) in printed, f"{line}\nwas not printed:\n{process.stdout}\n{process.stderr}")

    def follow(self, page, scripts_wanted):
        """Runs the page's commands, of its scenarios those wanted; gives each finished run to the method named after its
        file. A page that does not run them all is a failure."""
        done = set()
        for command, expected in examples(SCENARIOS / page / "README.md"):
            is_run = RUN.match(command)
            if is_run and is_run[1] not in scripts_wanted:
                continue
            with self.subTest(command=command):
                if is_run:
                    done.add(is_run[1])
                    run = self.run_scenario(command, is_run[1])
                    getattr(self, "after_" + pathlib.Path(is_run[1]).stem)(run)
                    self.assert_shown(expected, run.process, command)
                else:
                    process = self.shell(command)
                    self.assertEqual(process.returncode, 0, process.stderr)
                    self.assert_shown(expected, process, command)
        self.assertEqual(done, set(scripts_wanted))

    def rows(self, service, question):
        """The rows of a service's database, which nobody else opens but a test."""
        connection = sqlite3.connect(f"file:{self.services.data}/{service}.db?mode=ro", uri=True)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def wait_for_quiet(self, seconds=120):
        def quiet():
            return all(row["waiting"] + row["in_flight"] == 0 for row in self.services.queues())

        waiting.until(quiet, "empty queues", seconds)
        self.assertEqual([row for row in self.services.queues() if row["dead"]], [])
