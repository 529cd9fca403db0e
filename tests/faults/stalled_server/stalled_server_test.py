#!/usr/bin/env python3
"""A server stopped for a second, and a server that refuses whoever comes early."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.support import loadgen, nginx, waiting

MS = 1_000_000
RATE = 1000
SECONDS = 4
LIMIT = 200
BURST = 20


def workers_of(server):
    path = pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


class Stop:
    """Stops nginx for `seconds` as soon as it has answered so many requests. What it notes is monotonic time."""

    def __init__(self, server, after_requests, seconds):
        waiting.until(lambda: server.requests() >= after_requests, "nginx to be under load")
        for pid in workers_of(server):
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        waiting.until(lambda: time.monotonic() - began >= seconds, "the stop to be over")
        self.seconds = time.monotonic() - began
        for pid in workers_of(server):
            os.kill(pid, signal.SIGCONT)


def records(folder):
    """Every record of the attack in `folder`, in the order of its due times."""
    encoded = subprocess.run([str(loadgen.BIN / "loadgen"), "encode", "-detail", str(folder / "results.bin")],
                             capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return sorted((json.loads(line) for line in encoded.stdout.splitlines()), key=lambda record: record["seq"])


def largest_gap_to_uniform(values, low, high):
    """Kolmogorov and Smirnov's distance between the values and an even spread over [low, high]."""
    values = sorted(values)
    distance = 0.0
    for rank, value in enumerate(values):
        even = min(1.0, max(0.0, (value - low) / (high - low)))
        distance = max(distance, abs(even - rank / len(values)), abs(even - (rank + 1) / len(values)))
    return distance


class StalledServer(unittest.TestCase):
    def attack(self, *flags):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            with nginx.start(folder) as server:
                (folder / "targets.txt").write_text(f"GET http://127.0.0.1:{server.port}/\n")
                command = [loadgen.BIN / "loadgen", "attack", "-targets", folder / "targets.txt", "-output",
                           folder / "results.bin", "--quiet", "-rate", f"{RATE}/1s", "-duration", f"{SECONDS}s", *flags]
                with subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE) as attack:
                    stop = Stop(server, RATE // 2, 1.0)
                    attack.communicate(timeout=60)
            return stop, records(folder)

    def assert_spread_over_the_stop(self, stop, latencies):
        """About one request a millisecond of the stop, its latency what was left of the stop when it was due."""
        length = stop.seconds * 1000 * MS
        waited = [latency for latency in latencies if latency > 50 * MS]
        expected = RATE * (stop.seconds - 0.05)
        self.assertGreater(len(waited), 0.9 * expected)
        # A busy machine is slow to stop, to go on and to work the queue off; the shape remains.
        self.assertLess(len(waited), 1.6 * expected)
        self.assertLess(largest_gap_to_uniform(waited, 50 * MS, max(length, max(waited))), 0.25)

    def test_response_time_shows_the_stop(self):
        stop, found = self.attack()
        self.assertEqual(len(found), RATE * SECONDS)
        self.assertEqual({record["code"] for record in found}, {200})
        self.assert_spread_over_the_stop(stop, [record["latency"] for record in found])

    def test_service_time_alone_does_not(self):
        """With few connections few requests meet the stop on the wire; all others only waited for these."""
        connections = 4
        stop, found = self.attack("-max-connections", str(connections))
        self.assertEqual(len(found), RATE * SECONDS)
        self.assert_spread_over_the_stop(stop, [record["latency"] for record in found])
        service = [record["latency"] - record["loadgen"]["send_delay"] for record in found]
        slow = [time_ for time_ in service if time_ > 500 * MS]
        self.assertLessEqual(len(slow), connections)
        self.assertGreater(len(slow), 0)

    def limited(self, asked, seconds):
        """Attacks a server that takes LIMIT requests a second."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            with nginx.start(folder, http=f"limit_req_zone $server_port zone=all:1m rate={LIMIT}r/s;",
                             server=f"limit_req zone=all burst={BURST} nodelay;") as server:
                (folder / "files" / "page").write_text("page\n")
                attack = loadgen.attack(folder, f"GET http://127.0.0.1:{server.port}/files/page", "-rate", f"{asked}/1s",
                                        "-duration", f"{seconds}s")
            self.assertEqual(attack.requests, asked * seconds, str(attack))
            return attack, records(folder)

    def test_no_request_comes_early(self):
        """A limiter at exactly the asked rate refuses none.

        nginx takes requests up when it gets to them, so requests that were sent in time may reach its limiter closer
        together than they left. The burst forgives that, and no drift: a generator that were early by two requests in a
        hundred would exceed it within the run.
        """
        attack, found = self.limited(LIMIT, 6)
        self.assertEqual(attack.status_codes, {"200": LIMIT * 6}, str(attack))
        for record in found:
            self.assertGreaterEqual(record["loadgen"]["send_delay"], 0)

    def test_the_limiter_would_notice(self):
        attack, _ = self.limited(LIMIT * 11 // 10, 2)
        self.assertGreater(attack.status_codes.get("503", 0), 0, str(attack))


if __name__ == "__main__":
    unittest.main()
