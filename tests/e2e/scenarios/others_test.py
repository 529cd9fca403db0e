"""The scenarios of the grocery, of birthdays and of ninja orders on running services."""

import unittest

from tests.e2e.scenarios import pages
from tests.e2e.services import shop
from tests.support import waiting


class Others(pages.PageCase):
    phases = {
        "scenarios/grocery/load.yml": {"duration": 2, "arrivalRate": 15},
        "scenarios/grocery/events.yml": {"duration": 2, "arrivalRate": 8},
        "scenarios/birthday/load.yml": {"duration": 2, "requestRate": 60},
        "scenarios/ninja/load.yml": {"duration": 2, "arrivalRate": 10},
    }

    def follow_page(self, system, *services):
        self.start(*services)
        self.follow(system, {script for script in self.phases if script.startswith(f"scenarios/{system}/")})

    def test_grocery(self):
        def after_load(run):
            client = shop.Shop(self.services.urls)
            searches = run.count("endpoint.search.codes.200")
            self.assertGreater(searches, 0)

            def counted():
                answer = client.ask("grocery-stats", "GET", "/stats/search-terms?limit=100", token=client.admin.token, expect=200)
                return sum(row["count"] for row in answer.json()["items"])

            waiting.until(lambda: counted() == searches, f"{searches} searches in the statistics", 60)

        def after_events(run):
            self.assertGreater(run.count("endpoint.import.codes.202"), 0)
            self.assertGreater(run.count("endpoint.list.codes.201"), 0)
            self.assertEqual(run.count("sse.events"), run.count("endpoint.import.codes.202") + run.count("endpoint.item.codes.201"))

        self.after_load, self.after_events = after_load, after_events
        self.follow_page("grocery", "users", "grocery-elastic", "grocery-users", "grocery-lists", "grocery-stats")

    def test_birthday(self):
        def after_load(run):
            # A phase of requests a second ends its last journeys after it, so there may be a few more.
            self.assertGreaterEqual(run.count("http.requests"), 120)
            self.assertGreater(run.count("endpoint.be congratulated.codes.200"), 0)
            self.assertEqual(run.count("endpoint.tell a birthday.codes.204"), run.count("http.codes.204"))
            self.assertEqual(run.count("http.failed"), 0)  # its 400 and 404 are expected

        self.after_load = after_load
        self.follow_page("birthday", "birthday")

    def test_ninja(self):
        def after_load(run):
            created = run.count("endpoint.create order.codes.200")
            self.assertGreater(created, 0)
            self.assertEqual(run.count("endpoint.same key, other order.codes.422"), created)
            self.assertEqual(run.count("http.failed"), 0)
            self.assertEqual(self.rows("ninja-notification", "SELECT count(*) FROM notifications"), [(created,)])
            self.assertEqual(self.rows("ninja-orders", "SELECT count(*) FROM orders"), [(0,)])
            self.assertEqual(self.rows("ninja-users", "SELECT count(*) FROM users"), [(0,)])

        self.after_load = after_load
        self.follow_page("ninja", "ninja-orders", "ninja-users", "ninja-notification")


if __name__ == "__main__":
    unittest.main()
