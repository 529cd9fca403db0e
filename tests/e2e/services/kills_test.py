"""Concurrent mixed load while processes are killed: nothing acknowledged is lost, nothing is applied twice."""

import os
import random
import signal
import sys
import threading
import time
import unittest

from tests.e2e.services import mixed_load, service_set

# A minute is what the promise is about; a shorter time is for machines that run the test with every change.
SECONDS = float(os.environ.get("LOADGEN_KILL_SECONDS", "60"))


class Kills(service_set.ServiceSetCase):
    def kill_processes(self, services, until):
        """SIGKILL for a random serving process, once a second."""
        choice = random.Random(1)
        between = threading.Event()  # never set: the rhythm of the kills
        kills = 0
        while time.monotonic() < until:
            between.wait(1)
            processes = services.processes()
            if processes:
                os.kill(choice.choice(processes), signal.SIGKILL)
                kills += 1
        return kills

    def test_nothing_is_lost_or_done_twice(self):
        # An order waits longer for its stock than a killed inventory needs to come back and be handed its batch again.
        services, client = self.start_shop("--separate", "--visibility-timeout", "5s", "--time-scale", "0.5")
        load = mixed_load.MixedLoad(services, client)
        kills = self.kill_processes(services, time.monotonic() + SECONDS)
        load.stop()
        print(f"{kills} kills in {SECONDS:g} s: {load.summary()}", file=sys.stderr)
        self.assertGreater(kills, SECONDS / 2)
        self.assertGreater(load.acknowledged, kills)
        mixed_load.Invariants(self, load).check()


if __name__ == "__main__":
    unittest.main()
