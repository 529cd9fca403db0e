#!/usr/bin/env python3
"""What decides how much is sent, and when: phases, counts, segments, seeds, closed loops, pace."""

import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.command_line import program


class LoadTest(program.ProgramTest):
    def attack(self, server, *flags):
        """The run's JSON. Exit code 4 means a busy machine here; what was sent is true all the same."""
        done = self.loadgen("attack", *flags, "-output", "results.bin", "-json", "run.json", "--quiet", server.url)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        return json.loads((self.folder / "run.json").read_text())

    def dry_run(self, *flags):
        """The due instants in ns."""
        done = self.loadgen("attack", *flags, "-dry-run", "-encoding", "json", "http://127.0.0.1:1/")
        self.assertEqual(done.returncode, 0, done.stderr)
        return [entry["due_ns"] for entry in map(json.loads, done.stdout.splitlines()) if "due_ns" in entry]


class Amount(LoadTest):
    def test_duration(self):
        server = self.serve()
        self.assertEqual(self.attack(server, "-rate", "50/1s", "-duration", "500ms")["report"]["requests"], 25)
        self.assertEqual(server.requests, 25)

    def test_count(self):
        """-count ends before the duration does; without a duration it is the only end."""
        for flags in (("-count", "7"), ("-count", "7", "-duration", "60s"), ("-count", "100", "-duration", "70ms")):
            server = self.serve()
            with self.subTest(flags):
                self.attack(server, "-rate", "100/1s", *flags)
                self.assertEqual(server.requests, 7)

    def test_phases(self):
        server = self.serve()
        self.attack(server, "-phase", "constant rate=50/s for=200ms", "-phase", "pause for=100ms", "-phase",
                    "linear from=0/s to=100/s for=400ms", "-phase", "constant rate=50/s count=5")
        self.assertEqual(server.requests, 10 + 20 + 5)

    def test_warm_up_is_sent_and_not_counted(self):
        server = self.serve()
        run = self.attack(server, "-phase", "constant rate=50/s for=400ms warmup", "-phase", "constant rate=50/s for=200ms")
        self.assertEqual(server.requests, 30)
        self.assertEqual(run["report"]["requests"], 10)
        report = json.loads(self.loadgen("report", "-type", "json", "results.bin").stdout)
        self.assertEqual(report["requests"], 10)

    def test_replay(self):
        """Recorded instants come back as they were."""
        (self.folder / "instants.txt").write_text("0\n0.01\n0.015\n0.2\n")
        server = self.serve()
        self.attack(server, "-phase", "replay file=instants.txt")
        self.assertEqual(server.requests, 4)

    def test_curve(self):
        (self.folder / "curve.csv").write_text("0,0\n0.5,80\n1,0\n")
        server = self.serve()
        self.attack(server, "-phase", "curve file=curve.csv")
        self.assertEqual(server.requests, 40)  # the area of the triangle


class Closed(LoadTest):
    def test_concurrency(self):
        """Never more in flight than asked for, and as many connections at most."""
        server = self.serve()
        self.attack(server, "-concurrency", "3", "-count", "60")
        self.assertEqual(server.requests, 60)
        self.assertLessEqual(server.connections, 3)

    def test_as_fast_as_possible(self):
        """vegeta's words for the same: -rate 0 with -max-workers."""
        for rate in ("0", "infinity"):
            server = self.serve()
            with self.subTest(rate):
                run = self.attack(server, "-rate", rate, "-max-workers", "2", "-duration", "300ms")
                self.assertEqual(run["report"]["requests"], server.requests)
                self.assertGreater(server.requests, 20)
                self.assertLessEqual(server.connections, 2)

    def test_cap_of_the_open_model(self):
        """Due work beyond the cap waits and is charged: nothing is lost, and the schedule stays what it was."""
        server = self.serve()
        run = self.attack(server, "-rate", "200/1s", "-duration", "300ms", "-max-workers", "1")
        self.assertEqual((server.requests, run["report"]["requests"]), (60, 60))
        self.assertEqual(server.connections, 1)


class Schedule(LoadTest):
    RANDOM = ("-phase", "poisson rate=50/s for=2s")

    def test_dry_run_sends_nothing(self):
        server = self.serve()
        done = self.loadgen("attack", "-rate", "4/1s", "-duration", "1s", "-dry-run", server.url)
        self.assertEqual(re.findall(r"(?m)^(\d) (\S+) GET", done.stdout),
                         [("0", "250ms"), ("1", "500ms"), ("2", "750ms"), ("3", "1s")])  # vegeta's first waits as well
        self.assertEqual(server.requests, 0)

    def test_seed_repeats_a_schedule(self):
        first = self.dry_run(*self.RANDOM, "-seed", "7")
        self.assertGreater(len(first), 50)
        self.assertEqual(first, self.dry_run(*self.RANDOM, "-seed", "7"))
        self.assertNotEqual(first, self.dry_run(*self.RANDOM, "-seed", "8"))

    def test_seed_is_told(self):
        """A run without a seed says which one it took, and that one gives the same schedule again."""
        words = ("attack", *self.RANDOM, "-dry-run", "-encoding", "json", "http://127.0.0.1:1/")
        done = self.loadgen(*words)
        seed = re.search(r"-seed (\d+)", done.stderr).group(1)
        self.assertEqual(self.loadgen(words[0], "-seed", seed, *words[1:]).stdout, done.stdout)

    def test_segments_make_up_the_whole(self):
        for load in (("-rate", "77/1s", "-duration", "1s"), (*self.RANDOM, "-seed", "3")):
            with self.subTest(load):
                whole = self.dry_run(*load)
                parts = [self.dry_run(*load, "-segment", f"{part}/3") for part in (1, 2, 3)]
                self.assertEqual(sorted(sum(parts, [])), whole)
                self.assertLessEqual(max(map(len, parts)) - min(map(len, parts)), 1)

    def test_spinning_sends_the_same(self):
        server = self.serve()
        run = self.attack(server, "-rate", "100/1s", "-duration", "300ms", "-pace", "spin", "-threads", "1")
        self.assertEqual((server.requests, run["report"]["status_codes"]), (30, {"200": 30}))


class Document(LoadTest):
    def test_json_of_a_run(self):
        """Verdict, load, findings and statistics of a run for machines; figures agree with each other."""
        server = self.serve()
        run = self.attack(server, "-rate", "50/1s", "-duration", "400ms", "-name", "named")
        self.assertEqual(run["name"], "named")
        self.assertIn(run["verdict"], ("valid", "invalid"))
        self.assertEqual(run["verdict"] == "valid", not [one for one in run["findings"] if one.get("invalid")])
        self.assertFalse(run["interrupted"])
        self.assertEqual(run["report"]["requests"], 20)
        detail = run["report"]["loadgen"]
        self.assertEqual(detail["causes"], {"ok": 20})
        for time in ("response_time", "service_time", "send_delay"):
            self.assertEqual(detail[time]["count"], 20)
            self.assertIn(time, run["histograms"])


if __name__ == "__main__":
    unittest.main()
