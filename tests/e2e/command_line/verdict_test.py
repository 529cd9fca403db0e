#!/usr/bin/env python3
"""A run that is stopped for half a second cannot keep its schedule; what is broken besides is told, and counts when it is
proven all the same."""

import json
import pathlib
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.command_line import program
from tests.support import web_server

SCRIPT = """
config:
  target: "{url}"
  phases: [{{duration: 3, arrivalRate: 50}}]
  plugins: {{expect: {{outputFormat: silent}}}}
  ensure: {{conditions: [{{expression: "{check}"}}]}}
scenarios: [{{flow: [{{get: {{url: /}}}}]}}]
"""
LATE = "loadgen run: measurement invalid: requests were taken up late: "


class Verdict(program.ProgramTest):
    def run_stopped(self, check, *options, answer=web_server.hello):
        """(exit code, standard output, the lines of standard error, loadgen's JSON) of a run that came late."""
        server = self.serve(answer)
        (self.folder / "s.yml").write_text(SCRIPT.format(url=server.url.rstrip("/"), check=check))
        process = self.start("run", "-json", "run.json", *options, "s.yml")
        self.wait_for_requests(server, 10)
        process.send_signal(signal.SIGSTOP)
        # The time is what the run is to lose, not a wait for something: a stopped process shows no condition that
        # could end it, and the longer this takes, the later the run.
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGCONT)
        printed, narration = process.communicate(timeout=60)
        run = json.loads((self.folder / "run.json").read_text())
        self.assertEqual(run["verdict"], "invalid", narration)
        self.assertEqual([check["verdict"] for check in run["checks"]], ["fail"])
        return process.returncode, printed, narration.splitlines()

    def assert_late_and(self, line, narration):
        self.assertTrue(any(each.startswith(LATE) for each in narration), narration)
        self.assertEqual(narration[-1], "loadgen run: " + line)

    def test_a_latency_may_be_our_own(self):
        code, printed, narration = self.run_stopped("http.response_time.max < 300")
        self.assertEqual(code, 4)
        self.assertRegex(printed, r"(?m)^fail: http\.response_time\.max < 300  \[")
        self.assert_late_and("1 check is broken, which proves nothing because the measurement is invalid", narration)

    def test_so_may_a_count_that_is_too_small(self):
        code, _, narration = self.run_stopped("http.requests > 1000000")
        self.assertEqual(code, 4)
        self.assert_late_and("1 check is broken, which proves nothing because the measurement is invalid", narration)

    def test_an_answer_is_not(self):
        code, printed, narration = self.run_stopped("http.codes.404 == 0", "--quiet", answer=lambda _: (404, (), b""))
        self.assertEqual((code, printed), (1, ""))
        self.assertIn("fail: http.codes.404 == 0  [http.codes.404 = 150]", narration)
        self.assert_late_and("1 check is broken; this holds although the measurement is invalid", narration)


if __name__ == "__main__":
    unittest.main()
