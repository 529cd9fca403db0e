"""Events that fail three times: seen in `queues`, listed by `dead-letters`, put back by `redrive`, applied once."""

import json
import re
import subprocess
import unittest

from tests.e2e.services import fault_switches, service_set, shop
from tests.support import waiting

QUEUE = "UserCreated-dev"


class DeadLetters(service_set.ServiceSetCase):
    def setUp(self):
        super().setUp()
        self.services = self.start("users", "loyalty")
        self.shop = shop.Shop(self.services.urls)

    def depth(self):
        [row] = [row for row in self.services.queues() if row["queue"] == QUEUE]
        return {name: row[name] for name in ("waiting", "in_flight", "dead")}

    def letters(self, *options):
        lines = self.services.command("dead-letters", QUEUE, "--json", *options).splitlines()
        return [json.loads(line) for line in lines]

    def kill_events_of(self, count):
        """So many new users whose events died at the failing consumer."""
        fault_switches.on(self.services, "--service", "loyalty", "--consumer", "UserCreated", "--error", "500")
        users = [self.shop.register() for _ in range(count)]
        waiting.until(lambda: self.depth() == {"waiting": 0, "in_flight": 0, "dead": count}, "dead letters", 60)
        return users

    def wait_for_points(self, user):
        waiting.until(lambda: self.shop.points(user) == 100, "points", 30)

    def test_an_event_dies_is_listed_put_back_and_counts_once(self):
        [user] = self.kill_events_of(1)
        self.assertIsNone(self.shop.points(user))
        failed = [row for row in fault_switches.lines(self.services, "event failed") if row["queue"] == QUEUE]
        self.assertEqual([row["receives"] for row in failed], [1, 2, 3])
        [letter] = self.letters()
        message = json.loads(letter["body"])
        self.assertEqual((letter["queue"], letter["type"], letter["receives"]), (QUEUE, "users.userCreated.v1", 3))
        self.assertEqual(message["detail"]["data"]["userId"], user.id)
        self.assertEqual({letter["id"], message["detail"]["id"]}, {row["id"] for row in failed})
        self.assertLess(letter["enqueued"], letter["died"])

        heading, row = self.services.command("dead-letters", QUEUE).splitlines()
        self.assertEqual(heading.split(), ["DIED", "ID", "TYPE", "RECEIVED"])
        self.assertEqual(row.split(), [letter["died"], letter["id"], "users.userCreated.v1", "3"])
        self.assertRegex(self.services.command("queues"), rf"(?m)^{QUEUE} +0 +0 +1\b")

        fault_switches.off(self.services)
        self.assertEqual(self.services.command("redrive", QUEUE), "put back 1\n")
        self.wait_for_points(user)
        self.assertEqual(self.letters(), [])
        waiting.until(lambda: not any(self.depth().values()), "an empty queue", 30)
        self.assertEqual(self.services.command("redrive", QUEUE), "put back 0\n")
        self.assertEqual(self.services.command("dead-letters", QUEUE).splitlines()[1:], [])
        self.assertEqual(self.shop.points(user), 100)

    def test_put_back_too_early_it_dies_again_and_one_can_be_chosen(self):
        first, second = self.kill_events_of(2)
        ids = {json.loads(letter["body"])["detail"]["data"]["userId"]: letter["id"] for letter in self.letters()}
        self.assertEqual(set(ids), {first.id, second.id})
        self.assertEqual(len(self.letters("--limit", "1")), 1)
        self.assertEqual(self.services.command("redrive", QUEUE, ids[first.id]), "put back 1\n")
        waiting.until(lambda: self.depth() == {"waiting": 0, "in_flight": 0, "dead": 2}, "it to die again", 60)
        self.assertEqual({letter["receives"] for letter in self.letters()}, {3})
        fault_switches.off(self.services)
        self.services.command("redrive", QUEUE, ids[second.id])
        self.wait_for_points(second)
        self.assertIsNone(self.shop.points(first))
        self.assertEqual([letter["id"] for letter in self.letters()], [ids[first.id]])

        # Without services the commands work as well, and what they change is there at the next start.
        self.assertEqual(self.services.stop(), 0)
        self.assertEqual(self.services.command("redrive", QUEUE, "no-such-id"), "put back 0\n")
        self.assertEqual(self.services.command("redrive", QUEUE), "put back 1\n")
        self.assertEqual(self.depth(), {"waiting": 1, "in_flight": 0, "dead": 0})
        self.services = self.start("users", "loyalty")
        self.shop = shop.Shop(self.services.urls)
        self.wait_for_points(first)
        self.assertEqual(self.shop.points(second), 100)

    def test_what_cannot_be_asked(self):
        for words, message in (
                (["dead-letters", "Nobody"], '"Nobody" is no queue; `loadgen-services queues` lists them'),
                (["redrive", "Nobody"], '"Nobody" is no queue; `loadgen-services queues` lists them'),
                (["dead-letters", QUEUE, "x"], '"x": lists one queue at a time; --help lists the options'),
                (["redrive"], "names no queue; `loadgen-services queues` lists them"),
                (["dead-letters", QUEUE, "--limit", "0"], '--limit: "0" must be a number from 1 to 100000')):
            got = subprocess.run([service_set.BINARY, *words, "--data", str(self.services.data)], capture_output=True,
                                 text=True, timeout=30)
            self.assertEqual((got.returncode, got.stdout), (2, ""))
            self.assertEqual(got.stderr, f"loadgen-services: {words[0]}: {message}\n")
        self.assertTrue(re.search(rf"(?m)^{QUEUE} ", self.services.command("queues")))


if __name__ == "__main__":
    unittest.main()
