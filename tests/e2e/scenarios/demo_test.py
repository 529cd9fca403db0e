"""`make demo` without its build: it shows what it promises, leaves its files, and leaves no process behind."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from tests.e2e.scenarios import pages
from tests.support import waiting

FILES = {"birthday.bin", "birthday.html", "birthday.json", "services.log", "shop.bin", "shop.html", "shop.json", "shop.txt",
         "targets.txt"}
SUPERVISOR = re.compile(r"under supervisor process (\d+)$", re.M)


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-demo-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "bin").mkdir()
        for program in (pages.LOADGEN, pages.SERVICES):
            (self.folder / "bin" / program.name).symlink_to(program)
        (self.folder / "tmp").mkdir()

    def start(self, **environment):
        paths = {"LOADGEN_BIN": str(self.folder / "bin"), "DEMO_OUT": str(self.folder / "out"),
                 "TMPDIR": str(self.folder / "tmp")}
        demo = subprocess.Popen([pages.REPOSITORY / "scripts" / "demo"], env={**os.environ, **paths, **environment},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)
        self.addCleanup(demo.stdout.close)
        self.addCleanup(demo.stderr.close)
        self.addCleanup(demo.wait)
        self.addCleanup(demo.kill)
        return demo

    def assert_nothing_left(self, supervisor):
        self.assertFalse(pathlib.Path(f"/proc/{supervisor}").exists())
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_from_start_to_end(self):
        demo = self.start(DEMO_SECONDS="2")
        printed, errors = demo.communicate(timeout=250)
        self.assertEqual(demo.returncode, 0, printed + errors)
        for wanted in ("scenarios/shop/load.yml: no errors, 5 scenarios", "\nok: vusers.failed == 0",
                       "\nvusers.created: .", "\nStatus Codes  [code:count]                      200:125  204:125",
                       "loadgen-services up --data /tmp/shop"):
            self.assertIn(wanted, printed)
        out = self.folder / "out"
        self.assertEqual({path.name for path in out.iterdir()}, FILES)
        counters = json.loads((out / "shop.json").read_text())["aggregate"]["counters"]
        self.assertEqual((counters["vusers.created"], counters["vusers.completed"]), (10, 10))
        self.assertIn("Summary report", (out / "shop.txt").read_text())
        self.assertIn("<html", (out / "shop.html").read_text())
        self.assert_nothing_left(SUPERVISOR.search(printed)[1])

    def test_ctrl_c_stops_everything(self):
        demo = self.start(DEMO_SECONDS="200")
        lines = iter(demo.stdout.readline, "")
        supervisor = next(found[1] for found in map(SUPERVISOR.search, lines) if found)
        # The terminal tells the whole group. The users have set off once there is a result file.
        waiting.until(lambda: (self.folder / "out" / "shop.bin").exists(), "the shop's results", 60)
        os.killpg(demo.pid, signal.SIGINT)
        printed, errors = demo.communicate(timeout=100)
        self.assertEqual(demo.returncode, 130, printed + errors)
        self.assert_nothing_left(supervisor)
        self.assertFalse((self.folder / "out" / "birthday.bin").exists())

    def test_wrong_seconds(self):
        demo = self.start(DEMO_SECONDS="soon")
        _, errors = demo.communicate(timeout=60)
        self.assertEqual((demo.returncode, errors), (2, "DEMO_SECONDS=soon: must be a whole number of seconds, 1 or more\n"))


if __name__ == "__main__":
    unittest.main()
