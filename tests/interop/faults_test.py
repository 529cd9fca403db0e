#!/usr/bin/env python3
"""loadgen against servers that misbehave: each way to fail has its own cause, and nothing is lost or hidden."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support import fault_server, loadgen, processes

COUNT = 20
LOAD = ("-rate", "100/1s", "-duration", "200ms", "-timeout", "500ms")  # 20 requests


class FaultTest(unittest.TestCase):
    def attack(self, port, *flags, scheme="http"):
        with tempfile.TemporaryDirectory() as folder:
            return loadgen.attack(folder, f"GET {scheme}://127.0.0.1:{port}/", *(LOAD + flags))

    def assert_causes(self, attack, expected):
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual(attack.requests, COUNT, str(attack))
        self.assertEqual(attack.causes, expected, str(attack))

    def assert_behaviour(self, name, cause, *flags, **options):
        """Every request of an attack on this behaviour ends with this cause."""
        with self.subTest(name), fault_server.FaultServer(fault_server.BEHAVIOURS[name]) as server:
            self.assert_causes(self.attack(server.port, *flags, **options), {cause: COUNT})


class Http1Faults(FaultTest):
    def test_every_request_fails_in_one_way(self):
        for name, cause in (
            ("ok", "ok"), ("byte_by_byte", "ok"), ("close_each", "ok"), ("interim", "ok"),
            ("reset_before_first_byte", "reset-inflight"), ("reset_after_first_byte", "reset-inflight"),
            ("close_before_first_byte", "reset-inflight"), ("truncate", "truncated"), ("truncate_chunked", "truncated"),
            ("stall", "timeout"), ("stall_in_body", "timeout"), ("garbage", "protocol"), ("retry_after", "throttled"),
        ):
            self.assert_behaviour(name, cause)

    def test_silence_instead_of_tls(self):
        self.assert_behaviour("stall", "connect-timeout", scheme="https")

    def test_garbage_instead_of_tls(self):
        self.assert_behaviour("garbage_to_tls", "tls", scheme="https")

    def test_nobody_listens(self):
        attack = self.attack(processes.free_port())
        self.assert_causes(attack, {"refused": COUNT})
        self.assertEqual(attack.run["connections"], {"opened": 0, "failed": COUNT, "closed": 0})

    def test_nobody_accepts(self):
        with fault_server.FullBacklog() as server:
            self.assert_causes(self.attack(server.port), {"connect-timeout": COUNT})

    def test_keep_alive_race(self):
        """The second request on a connection meets RST before any byte: the class of its own that a retry cures."""
        with fault_server.FaultServer(fault_server.reset_on_reuse) as server:
            attack = self.attack(server.port, "-max-connections", "1", "-workers", "1")
        self.assertEqual(attack.requests, COUNT, str(attack))
        causes = dict(attack.causes)
        self.assertEqual(causes.pop("ok"), COUNT // 2, str(attack))
        self.assertGreater(causes.pop("reset-idle"), 0, str(attack))
        # On a busy machine the RST comes too late to tell it from one in the middle of the work.
        self.assertLessEqual(set(causes), {"reset-inflight"}, str(attack))

    def test_listener_that_goes_away(self):
        """Three connections are served, then the port is closed: the rest is refused, and all is accounted for."""
        with fault_server.FaultServer(fault_server.close_each, refuse_after=3) as server:
            attack = self.attack(server.port)
        self.assert_causes(attack, {"ok": 3, "refused": COUNT - 3})

    def test_unknown_host(self):
        with tempfile.TemporaryDirectory() as folder:
            attack = loadgen.attack(folder, "GET http://nowhere.invalid/", *LOAD)
        self.assert_causes(attack, {"dns": COUNT})


class Http2Faults(FaultTest):
    ONE_STREAM = ("-h2c", "-max-connections", "1", "--streams", "1")

    def test_every_request_fails_in_one_way(self):
        for name, cause in (("goaway_without_answer", "h2-goaway-lost"), ("goaway_above_last_stream", "h2-retryable"),
                            ("refuse_stream", "h2-retryable")):
            self.assert_behaviour(name, cause, *self.ONE_STREAM)

    def test_graceful_drain(self):
        """GOAWAY after every third answer. A request that crosses it was certainly not processed, and says so."""
        with fault_server.FaultServer(fault_server.BEHAVIOURS["answer_then_goaway"]) as server:
            attack = self.attack(server.port, *self.ONE_STREAM)
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual(attack.requests, COUNT, str(attack))
        self.assertLessEqual(set(attack.causes), {"ok", "h2-retryable"}, str(attack))
        self.assertGreater(attack.causes["ok"], COUNT // 2, str(attack))


if __name__ == "__main__":
    unittest.main()
