#!/usr/bin/env python3
"""What a person sees: a live line and the report on a terminal, one line each five seconds elsewhere."""

import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.command_line import program

PROGRESS = re.compile(r" *([0-9.]+)s  (\d+) of 20/s  in flight \d+  p50 \S+  p99 \S+  done (\d+)  failed 0")


class Terminal(program.ProgramTest):
    def test_attack_prints_the_report_itself(self):
        server = self.serve()
        code, screen = self.on_terminal("attack", "-rate", "20/1s", "-duration", "2s", server.url)
        self.assertIn(code, (0, 4), screen)
        self.assertRegex(screen, r"Requests +\[total, rate, throughput\] +40, ")
        for line in (r"Response \(from due\) ", r"Service \(from send\) ", r"Send delay ", r"Causes +ok:40\r\n",
                     r"GET / +40 +100\.00% ", r"Connections +\[opened, exchanges each: mean, max\] +\d+, "):
            self.assertRegex(screen, line)
        self.assertNotIn("\x00", screen)  # no result stream
        live = screen.split("\r\x1b[K")
        self.assertGreater(len(live), 3, screen)  # drawn over and over, in place
        self.assertRegex(live[2], PROGRESS)
        self.assertTrue(live[-1].startswith("Requests"), screen)  # wiped before the report

    def test_run_shows_its_users(self):
        """The rate of a scenario is one of users: the live line does not hold requests against it."""
        server = self.serve()
        (self.folder / "s.yml").write_text(
            f"config: {{target: '{server.url.rstrip('/')}', phases: [{{duration: 2, arrivalRate: 10}}]}}\n"
            "scenarios: [{name: two, flow: [{get: {url: /}}, {get: {url: /}}]}]\n")
        code, screen = self.on_terminal("run", "-seed", "1", "s.yml")
        self.assertIn(code, (0, 4), screen)
        live = screen.split("\r\x1b[K")
        self.assertGreater(len(live), 3, screen)
        self.assertRegex(live[2], r"^ *[0-9.]+s  users \d+  \d+/s  in flight \d+  p50 \S+  p99 \S+  done \d+  failed 0$")
        report = live[-1].replace("\r\n", "\n")
        self.assertRegex(report, r"\nEndpoints \(p50 to p99: from due\) +requests  failed  p50 +p95 +p99 +service p99  delay p99\n"
                                 r"  GET / +40 +0 ")
        self.assertRegex(report, r"\nScenarios, phases, status classes, tags  requests  failed  p50 +p95 +p99 +service p99  delay p99\n"
                                 r"  scenario:two +40 +0 ")
        self.assertRegex(report, r"\nSlowest requests\n  Response +Service +Delay +Due after +Status +Endpoint +Scenario\n"
                                 r"(  \S+ +\S+ +\S+ +\S+ +200 +GET / +two\n){10}")

    def test_lines_scroll_by_above_the_live_line(self):
        """What steps and expectations say starts on a line of its own, and the live line comes back below it."""
        server = self.serve()
        (self.folder / "s.yml").write_text(
            f"config: {{target: '{server.url.rstrip('/')}', phases: [{{duration: 2, arrivalCount: 4}}], plugins: {{expect: {{}}}}}}\n"
            "scenarios: [{name: talk, flow: [{get: {url: /, expect: {statusCode: 200}}}, {log: user says hello}]}]\n")
        code, screen = self.on_terminal("run", "-seed", "1", "s.yml")
        self.assertIn(code, (0, 4), screen)
        while_running = screen[:screen.rindex("\r\x1b[K")]
        for said in ("user says hello", "* GET /", "  ok statusCode 200"):
            self.assertEqual(len(re.findall(rf"(?:\A|\n|\x1b\[K){re.escape(said)}\r\n", while_running)), 4, screen)
        self.assertRegex(while_running, r"user says hello\r\n *[0-9.]+s  users \d+  ")

    def test_no_percentiles_before_there_are_any(self):
        server = self.serve()
        code, screen = self.on_terminal("attack", "-rate", "20/1s", "-duration", "500ms", server.url)
        self.assertIn(code, (0, 4), screen)
        first = screen.split("\r\x1b[K")[1]
        self.assertIn("  p50 -  p99 -  ", first)

    def test_the_live_line_never_wraps(self):
        """What wraps stays on the screen when the line is drawn over."""
        server = self.serve()
        code, screen = self.on_terminal("attack", "-rate", "20/1s", "-duration", "1s", server.url, columns=30)
        self.assertIn(code, (0, 4), screen)
        live = screen.split("\r\x1b[K")[1:-1]
        self.assertGreater(len(live), 3, screen)
        self.assertEqual({len(line) for line in live}, {29})

    def test_quiet(self):
        server = self.serve()
        code, screen = self.on_terminal("attack", "-rate", "20/1s", "-duration", "500ms", "--quiet", server.url)
        self.assertIn(code, (0, 4), screen)
        self.assertNotIn("\x1b", screen)
        self.assertRegex(screen, r"Requests +\[total, rate, throughput\] +10, ")

    def test_lines_elsewhere(self):
        """11 s of attack: two lines, the first after 5 s; nothing but the results on stdout."""
        server = self.serve()
        done = self.loadgen("attack", "-rate", "20/1s", "-duration", "11s", "-output", "none", server.url)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        lines = [match for match in map(PROGRESS.fullmatch, done.stderr.splitlines()) if match]
        self.assertEqual(len(lines), 2, done.stderr)
        for line, second in zip(lines, (5, 10)):
            self.assertAlmostEqual(float(line.group(1)), second, delta=1.5)
            self.assertAlmostEqual(int(line.group(3)), 20 * second, delta=35)

    def test_report_every_redraws(self):
        """A pipe that lasts: report prints while the attack runs, and the last one counts everything."""
        server = self.serve()
        done = self.bash(f"loadgen attack -rate 20/1s -duration 2s --quiet {server.url} | loadgen report -every 400ms")
        reports = re.findall(r"Requests +\[total, rate, throughput\] +(\d+), ", done.stdout)
        self.assertGreater(len(reports), 2, done.stdout)
        self.assertEqual(int(reports[-1]), 40)
        self.assertEqual(sorted(map(int, reports)), list(map(int, reports)))
        self.assertLess(int(reports[0]), 40)


if __name__ == "__main__":
    unittest.main()
