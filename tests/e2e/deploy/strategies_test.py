"""What each strategy of a deploy costs its clients, and what the log says about it."""

import json
import unittest

from tests.e2e.deploy import supervisor

BIRTH = json.dumps({"dateOfBirth": "2019-04-04"})
RATE = 1000  # of each kind of connection
SECONDS = 3


class Strategies(supervisor.DeployCase):
    def setUp(self):
        super().setUp()
        self.running = self.up("birthday", "--instances", "2")
        self.url = self.running.url("birthday")
        self.assertEqual(supervisor.ask(self.url, "/hello/foo", "PUT", BIRTH)[0], 204)

    def deploy_under_load(self, strategy):
        """(lines of the deploy, lost requests): 2000 a second, half of them on fresh connections."""
        kept = self.load("kept", f"{self.url}/hello/foo", RATE, SECONDS)
        fresh = self.load("fresh", f"{self.url}/hello/foo", RATE, SECONDS, keep_alive=False)
        lines = self.running.deploy("2.0.0", "--strategy", strategy)
        lost = 0
        for load in (kept, fresh):
            report = load.report()
            self.assertEqual(report["requests"], RATE * SECONDS)
            lost += report["requests"] - report["status_codes"].get("200", 0)
        return lines, lost

    def assert_new_version_serves(self):
        self.assertEqual({instance["version"] for instance in self.running.status()["instances"]}, {"2.0.0"})
        status, headers, _ = supervisor.ask(self.url, "/hello/foo")
        self.assertEqual((status, headers["X-Service-Version"]), (200, "2.0.0"))

    def test_rolling_loses_nothing(self):
        old = self.running.pids()
        lines, lost = self.deploy_under_load("rolling")
        self.assertEqual(lost, 0)
        self.assertEqual([line.get("phase") for line in lines[:-1]], ["start", "drain", "start", "drain"])
        self.assertEqual([line["pid"] for line in lines if line.get("phase") == "drain"], old)
        self.assertEqual(lines[-1]["event"], "deployed")
        self.assertEqual((lines[-1]["refused_ms"], lines[-1]["unavailable_ms"]), (0, 0))
        left = self.running.logged("instance left")
        self.assertEqual([line["pid"] for line in left], old)
        for line in left:
            self.assertEqual((line["end"], line["requests_lost"], line["connections_cut"]), ("exit code 0", 0, 0))
        self.assert_new_version_serves()

    def test_recreate_refuses_for_a_while_and_loses_nothing_accepted(self):
        lines, _ = self.deploy_under_load("recreate")
        self.assertGreater(lines[-1]["refused_ms"], 0)
        self.assertGreaterEqual(lines[-1]["unavailable_ms"], lines[-1]["refused_ms"])
        phases = [line.get("phase") for line in lines[:-1]]
        self.assertEqual(phases, ["drain", "drain", "open", "start", "start"])
        for line in self.running.logged("instance left"):
            self.assertEqual((line["end"], line["requests_lost"]), ("exit code 0", 0))
        self.assert_new_version_serves()

    def test_kill_cuts_connections_and_the_log_counts_them(self):
        _, lost = self.deploy_under_load("kill")
        self.assertGreater(lost, 0)
        left = self.running.logged("instance left")
        self.assertEqual([line["end"] for line in left], ["signal 9", "signal 9"])
        self.assertGreater(sum(line["connections_cut"] for line in left), 0)
        self.assert_new_version_serves()

    def test_the_number_of_instances_changes(self):
        for wanted in (3, 1):
            self.running.deploy(f"1.{wanted}", "--instances", str(wanted))
            self.assertEqual(len(self.running.pids()), wanted)
        self.assertEqual(supervisor.ask(self.url, "/hello/foo")[1]["X-Service-Version"], "1.1")


if __name__ == "__main__":
    unittest.main()
