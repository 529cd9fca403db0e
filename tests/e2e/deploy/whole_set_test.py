"""The whole set is replaced under mixed load, with each strategy, in one process and in sixteen: what it costs its clients,
and that all the rules of the shop still hold."""

import json
import sys
import unittest

from tests.e2e.deploy import supervisor
from tests.e2e.services import mixed_load, service_set
from tests.support import waiting

RATE = 200  # reads a second of each kind of connection
READS_SECONDS = 20
BIRTH = json.dumps({"dateOfBirth": "2019-04-04"})


class WholeSet(service_set.ServiceSetCase):
    def deploy_under_load(self, strategy, *options):
        """(services, mixed load, events of the deploy, failed reads)."""
        # An order waits longer for its stock than a deploy takes, on a busy machine too.
        services, client = self.start_shop("--time-scale", "0.5", *options)
        self.assertEqual(len(services.urls), 16)
        self.assertEqual(supervisor.ask(services.urls["birthday"], "/hello/foo", "PUT", BIRTH)[0], 204)
        old = services.processes()
        load = mixed_load.MixedLoad(services, client)
        self.addCleanup(load.stopping.set)
        reads = [self.read(services, name, kept) for name, kept in (("kept", True), ("fresh", False))]
        waiting.until(lambda: load.acknowledged > 20, "acknowledged orders", 30)
        before = load.acknowledged
        lines = services.command("deploy", "--version", "2.0.0", "--strategy", strategy, "--json", seconds=300).splitlines()
        waiting.until(lambda: load.acknowledged > before + 20, "orders after the deploy", 60)
        load.stop()
        lost = sum(self.failures(read) for read in reads)
        self.assertEqual(set(services.processes()) & set(old), set())
        for url in services.urls.values():
            self.assertEqual(supervisor.ask(url, "/health/live")[1]["X-Service-Version"], "2.0.0")
        print(f"{strategy} {' '.join(options)}: {load.summary()}, {lost} of {2 * RATE * READS_SECONDS} reads failed; "
              f"{lines[-1]}", file=sys.stderr)
        return services, load, [json.loads(line) for line in lines], lost

    def read(self, services, name, kept):
        """Reads of all sixteen services, in turns."""
        urls = [f"{url}/health/live" for url in services.urls.values()]
        urls += [f"{services.urls[service]}{path}" for service, path in (
            ("products", "/product"), ("products", "/product/LATTE"), ("grocery-elastic", "/retailers"),
            ("birthday", "/hello/foo"), ("activity", "/api/activity/product/LATTE"))]
        load = supervisor.Load(self.folder, name, urls, RATE, READS_SECONDS, kept)
        self.addCleanup(load.process.wait)
        waiting.until(load.flows, "the reads to flow")
        return load

    def failures(self, read):
        report = read.report()
        self.assertEqual(report["requests"], RATE * READS_SECONDS)
        return report["requests"] - report["status_codes"].get("200", 0)

    def left(self, services):
        return [line for line in map(json.loads, services.log().splitlines()) if line["message"] == "instance left"]

    def check_rolling(self, *options):
        services, load, lines, lost = self.deploy_under_load("rolling", *options)
        self.assertEqual((lost, load.failed), (0, []))
        self.assertEqual(lines[-1]["event"], "deployed")
        self.assertEqual((lines[-1]["refused_ms"], lines[-1]["unavailable_ms"]), (0, 0))
        for line in self.left(services):
            self.assertEqual((line["end"], line["requests_lost"], line["connections_cut"]), ("exit code 0", 0, 0))
        mixed_load.Invariants(self, load).check()

    def test_rolling_of_one_process_loses_nothing(self):
        self.check_rolling()

    def test_rolling_of_sixteen_processes_loses_nothing(self):
        self.check_rolling("--separate")

    def test_recreate_refuses_for_a_while_and_breaks_no_rule(self):
        services, load, lines, lost = self.deploy_under_load("recreate")
        self.assertGreater(lost + len(load.failed), 0)
        self.assertGreater(lines[-1]["refused_ms"], 0)
        [left] = self.left(services)
        self.assertEqual((left["end"], left["requests_lost"]), ("exit code 0", 0))
        mixed_load.Invariants(self, load).check()

    def test_kill_loses_what_was_in_flight_and_breaks_no_rule(self):
        # Events that were being handled come again when their claim ends.
        services, load, _, lost = self.deploy_under_load("kill", "--visibility-timeout", "5s")
        self.assertGreater(lost + len(load.failed), 0)
        [left] = self.left(services)
        self.assertEqual((left["end"], left["level"]), ("signal 9", "warn"))
        self.assertGreater(left["connections_cut"], 0)
        mixed_load.Invariants(self, load).check()


if __name__ == "__main__":
    unittest.main()
