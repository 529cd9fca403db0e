#!/usr/bin/env python3
"""attack -prometheus-addr: scraped with curl while the run goes on, and its final figures are the report's."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.prometheus import exposition
from tests.support import loadgen, nginx, waiting

OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


def scrape(url, accept=None):
    """(body, Content-Type), or None when nobody answers."""
    command = ["curl", "-sS", "--max-time", "5", "-w", "\n%{content_type}", url]
    if accept:
        command += ["-H", f"Accept: {accept}"]
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode != 0:
        return None
    body, _, content_type = process.stdout.rpartition("\n")
    return body, content_type


class PrometheusTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def start_nginx(self):
        server = nginx.start(self.folder)
        self.addCleanup(server.stop)
        return server

    def attack(self, targets, *flags, address="127.0.0.1:0"):
        """A running attack, and where its metrics are."""
        (self.folder / "targets.txt").write_text(targets)
        self.narration = self.folder / "narration.txt"
        command = [loadgen.BIN / "loadgen", "attack", "-targets", self.folder / "targets.txt", "-output", "none",
                   "-json", self.folder / "report.json", "-prometheus-addr", address, *flags]
        with self.narration.open("wb") as narration:
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=narration, cwd=self.folder)

        def stop():
            if process.poll() is None:
                process.kill()
            process.wait()

        self.addCleanup(stop)
        found = waiting.until(lambda: re.search(r"metrics at (http://\S+)", self.narration.read_text()),
                              "the address of the metrics")
        return process, found[1]

    def report(self):
        return json.loads((self.folder / "report.json").read_text())["report"]

    def test_scrape_while_running_and_after(self):
        server = self.start_nginx()
        url = f"http://127.0.0.1:{server.port}"
        targets = f"GET {url}/\n\nGET {url}/code/404\n\nPOST {url}/?q=\"x\"\n@body.txt\n"
        (self.folder / "body.txt").write_text("seven b")
        process, metrics = self.attack(targets, "-rate", "300/s", "-duration", "2s", "-prometheus-linger", "60s")
        port = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/metrics", metrics)
        self.assertTrue(port and int(port[1]) > 0, metrics)

        def running():
            samples = exposition.parse(scrape(metrics)[0])
            return samples if exposition.total(samples, "request_seconds_count") >= 30 else None

        first = waiting.until(running, "the first requests to be counted")
        self.assertIsNone(process.poll())
        self.assertFalse((self.folder / "report.json").exists(), "that was meant to be during the run")
        waiting.until((self.folder / "report.json").exists, "the end of the run", 30)
        # The report is there and the process lingers; one more scrape lets it go.
        waiting.until(lambda: (self.folder / "report.json").read_text().endswith("\n"), "the whole report")
        body, content_type = scrape(metrics, OPEN_METRICS)
        process.wait(30)
        self.assertEqual(content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8")
        last = exposition.parse(body, open_metrics=True)
        report = self.report()
        self.assertEqual(exposition.total(last, "request_seconds_count"), report["requests"])
        for status, count in report["status_codes"].items():
            self.assertEqual(exposition.total(last, "request_seconds_count", status=status), count)
        self.assertEqual(exposition.total(last, "request_bytes_in_total"), report["bytes_in"]["total"])
        self.assertEqual(exposition.total(last, "request_bytes_out_total"), report["bytes_out"]["total"])
        self.assertEqual(report["bytes_out"]["total"], 7 * exposition.total(last, "request_seconds_count", method="POST"))
        self.assertEqual(exposition.total(last, "request_fail_count_total", message="404 Not Found"),
                         report["status_codes"]["404"])
        self.assertEqual(exposition.total(last, "request_fail_count_total"), report["status_codes"]["404"])
        self.assertEqual(exposition.total(last, "request_seconds_count", url=f"{url}/?q=\"x\"", method="POST"), 200)
        # The report's sum comes from histogram buckets of three significant digits.
        seconds = exposition.total(last, "request_seconds_sum")
        self.assertAlmostEqual(seconds, report["latencies"]["total"] / 1e9, delta=seconds * 0.002)
        for (name, labels), value in first.items():
            counter = name + "_total" if "bytes" in name or "fail" in name else name
            labels = tuple((key, str(float(text)).replace("inf", "+Inf") if key == "le" else text) for key, text in labels)
            same = [v for (n, l), v in last.items() if n == counter and [(k, t) for k, t in l if k != "le"] ==
                    [(k, t) for k, t in labels if k != "le"] and float(dict(l).get("le", 0)) == float(dict(labels).get("le", 0))]
            self.assertEqual(len(same), 1, name)
            self.assertGreaterEqual(same[0], value, "counters never fall")
        self.assertIsNone(scrape(metrics), "nothing listens any more")

    def test_a_stranger_reads_it(self):
        """Interoperation with the Python client's parsers; skipped where that package is not installed."""
        try:
            from prometheus_client import parser
            from prometheus_client.openmetrics import parser as openmetrics_parser
        except ImportError:
            self.skipTest("the Python package prometheus_client is not installed")
        server = self.start_nginx()
        _, metrics = self.attack(f"GET http://127.0.0.1:{server.port}/code/500?a=\"b\\c\"\n", "-rate", "200/s",
                                       "-duration", "500ms", "-prometheus-linger", "60s")
        waiting.until((self.folder / "report.json").exists, "the end of the run", 30)
        text = scrape(metrics, OPEN_METRICS)[0]
        families = {family.name: family for family in openmetrics_parser.text_string_to_metric_families(text)}
        self.assertEqual({name: family.type for name, family in families.items()},
                         {"request_seconds": "histogram", "request_bytes_in": "counter",
                          "request_bytes_out": "counter", "request_fail_count": "counter"})
        self.assertEqual(families["request_fail_count"].samples[0].value, 100)
        plain = text.replace("_total{", "{").removesuffix("# EOF\n")
        self.assertEqual(len(list(parser.text_string_to_metric_families(plain))), 4)

    def test_lingering_ends_with_a_signal(self):
        server = self.start_nginx()
        process, _ = self.attack(f"GET http://127.0.0.1:{server.port}/\n", "-rate", "100/s", "-duration", "100ms",
                                 "-prometheus-linger", "1h")
        waiting.until((self.folder / "report.json").exists, "the end of the run", 30)
        waiting.until(lambda: (self.folder / "report.json").read_text().endswith("\n"), "the whole report")
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(30), (0, 4))

    def test_a_taken_port_is_said_and_nothing_is_sent(self):
        server = self.start_nginx()
        results = self.folder / "kept.bin"
        results.write_text("older results")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            (self.folder / "targets.txt").write_text(f"GET http://127.0.0.1:{server.port}/\n")
            process = subprocess.run([loadgen.BIN / "loadgen", "attack", "-targets", self.folder / "targets.txt",
                                      "-duration", "1s", "-output", results, "-prometheus-addr", address],
                                     capture_output=True, text=True)
        self.assertEqual(process.stderr, f"loadgen attack: -prometheus-addr: cannot listen on {address}: "
                                         "Address already in use\n")
        self.assertEqual(process.returncode, 4)
        self.assertEqual(server.requests(), 0)
        self.assertEqual(results.read_text(), "older results")

    def test_nothing_listens_unless_asked(self):
        server = self.start_nginx()
        (self.folder / "targets.txt").write_text(f"GET http://127.0.0.1:{server.port}/\n")
        process = subprocess.Popen([loadgen.BIN / "loadgen", "attack", "-targets", self.folder / "targets.txt",
                                    "-duration", "30s", "-output", "none"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            waiting.until(lambda: server.requests() > 0, "the first request")
            sockets = {entry.name: entry.readlink().name for entry in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()}
            inodes = {match[1] for name in sockets.values() if (match := re.fullmatch(r"socket:\[(\d+)\]", name))}
            listening = [line.split()[9] for table in ("tcp", "tcp6")
                         for line in pathlib.Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]
                         if line.split()[3] == "0A"]
            self.assertEqual(inodes & set(listening), set())
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    unittest.main()
