#!/usr/bin/env python3
"""Ctrl-C once, twice, and SIGTERM: what was measured is reported, and the exit code says how it ended."""

import json
import pathlib
import signal
import sys
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.command_line import program
from tests.support import waiting, web_server


class Signals(program.ProgramTest):
    ENDLESS = ("attack", "-rate", "50/1s", "-output", "results.bin", "-json", "run.json", "--quiet")

    def interrupt(self, number, code):
        server = self.serve()
        process = self.start(*self.ENDLESS, server.url)
        self.wait_for_requests(server, 10)
        process.send_signal(number)
        _, narration = process.communicate(timeout=10)
        self.assertIn(process.returncode, (code, 4), narration)  # 4: the machine was too busy; said on stderr
        if process.returncode == 4:
            self.assertIn("measurement invalid", narration)
        run = json.loads((self.folder / "run.json").read_text())
        self.assertTrue(run["interrupted"])
        self.assertEqual(run["report"]["status_codes"]["200"], server.requests)
        self.assertLessEqual(set(run["report"]["errors"]), {"unsent"})
        report = self.loadgen("report", "-type", "json", "results.bin")
        self.assertEqual(json.loads(report.stdout)["status_codes"], run["report"]["status_codes"])

    def test_ctrl_c(self):
        self.interrupt(signal.SIGINT, 130)

    def test_terminate(self):
        self.interrupt(signal.SIGTERM, 143)

    def interrupt_while_answers_are_held(self):
        """(server, process, event): a first Ctrl-C has gone out; the server answers once the event is set."""
        held = threading.Event()
        self.addCleanup(held.set)

        def hold(seen):
            held.wait(20)
            return web_server.hello(seen)

        server = self.serve(hold)
        process = self.start(*self.ENDLESS, server.url)
        self.wait_for_requests(server, 5)
        process.send_signal(signal.SIGINT)
        return server, process, held

    def test_first_ctrl_c_waits_for_answers_the_second_does_not(self):
        """Nothing is sent after the first; what is under way at the second stays in the results as cut off."""
        server, process, _ = self.interrupt_while_answers_are_held()
        # It drains: alive, and silent towards the server.
        with self.assertRaises(program.subprocess.TimeoutExpired):
            process.wait(0.5)
        sent = server.requests
        with self.assertRaises(program.subprocess.TimeoutExpired):
            process.wait(0.5)
        self.assertEqual(server.requests, sent)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        self.assertIn(process.returncode, (130, 4))
        run = json.loads((self.folder / "run.json").read_text())
        self.assertGreaterEqual(run["report"]["requests"], sent)
        self.assertEqual(run["report"]["loadgen"]["causes"]["cut-off"], sent)
        self.assertEqual(set(run["report"]["status_codes"]), {"0"})

    def test_answers_that_arrive_while_draining_count(self):
        server, process, held = self.interrupt_while_answers_are_held()
        with self.assertRaises(program.subprocess.TimeoutExpired):
            process.wait(0.3)
        held.set()
        process.communicate(timeout=10)
        report = json.loads((self.folder / "run.json").read_text())["report"]
        self.assertEqual(report["status_codes"]["200"], server.requests)
        # What had no connection yet at the first Ctrl-C is given up, and says so.
        causes = report["loadgen"]["causes"]
        self.assertEqual(causes["ok"] + causes.get("unsent", 0), report["requests"], causes)


class ScenarioSignals(program.ProgramTest):
    SCRIPT = """
config: {{target: "{url}", phases: [{{duration: 600, arrivalRate: 50}}], ensure: {{{checks}}}}}
before: {{flow: [{{get: {{url: /before}}}}]}}
after: {{flow: [{{get: {{url: /after}}}}]}}
scenarios: [{{name: one, flow: [{{get: {{url: /a}}}}, {{think: 10}}, {{get: {{url: /b}}}}]}}]
"""

    def begin(self, handler=web_server.hello, checks='conditions: [{expression: "vusers.completed > 1000000"}]'):
        self.paths = []

        def remember(seen):
            self.paths.append(seen.path)
            return handler(seen)

        server = self.serve(remember)
        (self.folder / "s.yml").write_text(self.SCRIPT.format(url=server.url.rstrip("/"), checks=checks))
        process = self.start("run", "-json", "run.json", "-o", "artillery.json", "-results", "results.bin", "s.yml")
        return server, process

    def test_ctrl_c_reports_what_was_measured_and_tidies_up(self):
        """All files are whole and say the same, users on their way are interrupted, and `after` runs."""
        server, process = self.begin()
        self.wait_for_requests(server, 20)
        process.send_signal(signal.SIGINT)
        printed, narration = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, narration)
        self.assertEqual(narration.splitlines()[-1], "loadgen run: interrupted; until then 1 check is broken")
        self.assertIn("fail: vusers.completed > 1000000", printed)
        requests = self.paths.count("/a")
        self.assertEqual((self.paths[0], self.paths[-1], len(self.paths)), ("/before", "/after", requests + 2))
        run = json.loads((self.folder / "run.json").read_text())
        self.assertTrue(run["interrupted"])
        self.assertEqual(run["endpoints"]["GET /a"]["requests"], requests)
        counters = json.loads((self.folder / "artillery.json").read_text())["aggregate"]["counters"]
        self.assertEqual((counters["http.codes.200"], counters["vusers.interrupted"]), (requests, requests))
        report = json.loads(self.loadgen("report", "-type", "json", "results.bin").stdout)
        self.assertEqual(report["status_codes"], {"200": requests})

    def test_those_whom_ctrl_c_interrupts_have_not_failed(self):
        server, process = self.begin(checks='maxErrorRate: 5, conditions: [{expression: "vusers.failed == 0"}]')
        self.wait_for_requests(server, 20)
        process.send_signal(signal.SIGINT)
        printed, narration = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, narration)
        self.assertIn("\nok: vusers.failed == 0  [vusers.failed = 0]\n", printed)
        self.assertIn("\nok: maxErrorRate < 5  [0 %: vusers.failed = 0, vusers.created = ", printed)
        self.assertNotIn("broken", narration)

    def test_ctrl_c_twice_cuts_off_after_and_keeps_the_report(self):
        """Those that ended the run do not count any more, or the next would leave before anything is written."""
        held = threading.Event()
        self.addCleanup(held.set)

        def hold(seen):
            if seen.path != "/before":
                held.wait(60)
            return web_server.hello(seen)

        server, process = self.begin(hold)
        self.wait_for_requests(server, 20)
        self.send_each(process, signal.SIGINT, 2)
        waiting.until(lambda: "/after" in self.paths, "the request of `after`")
        self.send_each(process, signal.SIGINT, 2)
        printed, narration = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, narration)
        self.assertIn("loadgen run: the `after` flow failed: interrupted", narration.splitlines())
        self.assertIn("Summary report", printed)
        self.assertTrue(json.loads((self.folder / "run.json").read_text())["interrupted"])
        self.assertIn("aggregate", json.loads((self.folder / "artillery.json").read_text()))

    @staticmethod
    def send_each(process, number, times):
        """The signal so many times, none before the one before it has been taken: two that wait are one."""
        status = pathlib.Path(f"/proc/{process.pid}/status")
        pending = 1 << (number - 1)

        def taken():
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            return not int(fields["ShdPnd"], 16) & pending

        for _ in range(times):
            process.send_signal(number)
            waiting.until(taken, "the signal to be taken")

    def test_ctrl_c_while_before_waits(self):
        held = threading.Event()
        self.addCleanup(held.set)

        def hold(seen):
            held.wait(20)
            return web_server.hello(seen)

        server, process = self.begin(hold)
        self.wait_for_requests(server, 1)
        self.send_each(process, signal.SIGTERM, 2)
        _, narration = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 143, narration)
        self.assertEqual(narration.splitlines()[-1], "loadgen run: the `before` flow failed: interrupted")
        self.assertEqual(self.paths, ["/before"])


if __name__ == "__main__":
    unittest.main()
