"""The shop's scenarios on running services: all checks hold, and the services have what the reports say."""

import shutil
import unittest

from tests.e2e.scenarios import pages
from tests.support import waiting

CREATED = 0  # an order whose stock is not decided yet


class Shop(pages.PageCase):
    phases = {
        "scenarios/shop/load.yml": {"duration": 2, "arrivalRate": 20},
        "scenarios/shop/with_processor.yml": {"duration": 2, "arrivalRate": 20},
        "scenarios/shop/failures.yml": {"duration": 2, "arrivalRate": 40},
        "scenarios/shop/rate_limit.yml": {"duration": 1, "arrivalRate": 3},
    }

    def orders(self):
        return self.rows("orders", "SELECT status FROM orders")

    def assert_new_orders(self, count):
        self.assertGreater(count, 0)
        self.ordered = getattr(self, "ordered", 0) + count
        self.assertEqual(len(self.orders()), self.ordered)

    def after_load(self, run):
        self.assert_new_orders(run.count("endpoint.order.codes.201"))

    def after_with_processor(self, run):
        self.assert_new_orders(run.count("shop.orders"))
        self.assertGreater(run.count("processor.calls"), run.count("vusers.created"))

    def after_failures(self, run):
        for failure in ("endpoint.order.codes.503", "errors.ECONNRESET"):
            self.assertGreater(run.count(failure), 0, run)
        # The 503 are expected; who hears nothing has failed.
        self.assertEqual(run.count("http.failed"), run.count("errors.ECONNRESET"))
        self.assert_new_orders(run.count("endpoint.register.codes.200"))

    def after_rate_limit(self, run):
        users = self.phases["scenarios/shop/rate_limit.yml"]["arrivalRate"]
        self.assertEqual((run.count("http.codes.201"), run.count("http.codes.429")), (20 * users, 3 * users))
        self.assertEqual(run.count("http.failed"), 0)
        self.assert_new_orders(20 * users)

    def test_load_and_failures(self):
        wanted = {"scenarios/shop/load.yml", "scenarios/shop/failures.yml"}
        if shutil.which("node"):
            wanted.add("scenarios/shop/with_processor.yml")
        self.start("--time-scale", "0.02")
        self.follow("shop", wanted)
        waiting.until(lambda: (CREATED,) not in self.orders(), "each order to be confirmed or refused", 120)
        self.wait_for_quiet()

    def test_rate_limits(self):
        self.start("users", "products", "inventory", "orders", "search", "--rate-limits", "on")
        self.follow("shop", {"scenarios/shop/rate_limit.yml"})


if __name__ == "__main__":
    unittest.main()
