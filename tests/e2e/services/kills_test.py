"""Concurrent mixed load while processes are killed: nothing acknowledged is lost, nothing is applied twice."""

import os
import random
import signal
import threading
import time
import unittest

from tests.e2e.services import service_set, shop
from tests.support import waiting

SECONDS = float(os.environ.get("LOADGEN_KILL_SECONDS", "60"))
CUSTOMERS = 4
PRODUCTS = ["CAPPUCCINO", "ESPRESSO", "FLATWHITE", "LATTE", "LONGBLACK"]
STOCK = 100000
# Statuses that say "not done", for certain or perhaps: a killed process may have committed before it could answer.
UNANSWERED = (OSError, shop.http.client.HTTPException)


class Customer(threading.Thread):
    """Registers, orders, and completes what is confirmed, for as long as `until` says; remembers every acknowledgement.
    A completion that got no answer is `uncertain`: it may have happened."""

    def __init__(self, client, number, until):
        super().__init__()
        self.client = client
        self.random = random.Random(number)
        self.until = until
        self.pause = threading.Event()  # never set: a wait between tries
        self.user = None
        self.orders = {}  # id -> product
        self.completed = set()
        self.uncertain = set()
        self.failure = None

    def run(self):
        try:
            self.user = self.patiently(self.client.register)
            while time.monotonic() < self.until:
                self.shop_once()
        except Exception as failure:  # reported by the test, on its own thread
            self.failure = failure

    def patiently(self, step):
        while True:
            try:
                return step()
            except UNANSWERED + (AssertionError,):
                if time.monotonic() > self.until + 30:
                    raise
                self.pause.wait(0.05)

    def shop_once(self):
        product = self.random.choice(PRODUCTS)
        try:
            order = self.client.order(self.user, product)
        except UNANSWERED + (AssertionError,):
            self.pause.wait(0.02)
            return
        self.orders[order] = product
        if self.random.random() < 0.5:
            self.try_to_complete(order)

    def try_to_complete(self, order):
        try:
            status = self.client.complete(self.user, order).status
        except UNANSWERED:
            self.uncertain.add(order)
            return
        except AssertionError:
            return  # the administrator's login failed: nothing was asked
        if status == 200:
            self.completed.add(order)
        elif status >= 500:
            self.uncertain.add(order)


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
        services, client = self.start_shop("--separate", "--visibility-timeout", "5s", "--time-scale", "0.2")
        for product in PRODUCTS:
            client.set_stock(product, STOCK)
        client.admin  # one login for all
        until = time.monotonic() + SECONDS
        customers = [Customer(client, number, until) for number in range(CUSTOMERS)]
        for customer in customers:
            customer.start()
        kills = self.kill_processes(services, until)
        for customer in customers:
            customer.join()
            self.assertIsNone(customer.failure)
        self.assertGreater(kills, SECONDS / 2)
        self.wait_for_quiet(services, client, customers)
        self.check_orders(client, customers)
        self.check_users(client, customers)
        self.check_stock(client)

    def wait_for_quiet(self, services, client, customers):
        """Queues and outboxes drain, and no order stays Created."""

        def quiet():
            try:
                waiting_events = sum(row["waiting"] + row["in_flight"] for row in services.queues())
                return waiting_events == 0 and all(self.settled(client, customer) for customer in customers)
            except UNANSWERED + (AssertionError,):
                return False

        waiting.until(quiet, "queues to drain and orders to settle", 120)
        dead = {row["queue"]: row["dead"] for row in services.queues() if row["dead"]}
        self.assertEqual(dead, {}, services.log()[-4000:])

    def settled(self, client, customer):
        return all(client.order_status(customer.user, order) != "Created" for order in list(customer.orders)[-50:])

    def check_orders(self, client, customers):
        self.held = {product: 0 for product in PRODUCTS}
        self.sent = {product: 0 for product in PRODUCTS}
        self.done = {}
        for customer in customers:
            self.done[customer] = 0
            # What was acknowledged, and what was perhaps done before its answer was cut off: all are in the list.
            for order in self.all_orders(client, customer.user):
                self.assertIn(order["status"], ("Confirmed", "Completed"))
                product = order["products"][0]
                if order["status"] == "Completed":
                    self.sent[product] += 1
                    self.done[customer] += 1
                else:
                    self.held[product] += 1
                customer.orders.pop(order["orderId"], None)
                if order["orderId"] in customer.completed:
                    self.assertEqual(order["status"], "Completed")
                    customer.completed.discard(order["orderId"])
            self.assertEqual(customer.orders, {}, "acknowledged orders that are gone")
            self.assertEqual(customer.completed, set(), "acknowledged completions that are gone")

    def all_orders(self, client, user):
        token = None
        while True:
            path = "/orders?pageSize=100" + (f"&pageToken={shop.urllib.parse.quote(token)}" if token else "")
            page = client.ask("orders", "GET", path, token=user.token, expect=200).json()
            yield from page["items"]
            token = page["nextPageToken"]
            if not token:
                return

    def check_users(self, client, customers):
        for customer in customers:
            count = self.done[customer]
            self.assertEqual(client.order_count(customer.user), count)
            self.assertEqual(client.points(customer.user), 100 + 50 * count)

    def check_stock(self, client):
        for product in PRODUCTS:
            available, reserved = client.stock(product)
            self.assertEqual(reserved, self.held[product], product)
            self.assertEqual(available + reserved, STOCK - self.sent[product], product)
            self.assertEqual(client.product(product)["stockLevel"], STOCK - self.sent[product], product)


if __name__ == "__main__":
    unittest.main()
