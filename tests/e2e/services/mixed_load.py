"""Customers who register, order and complete orders side by side, and what must hold when all is quiet again: nothing that
was acknowledged is lost, nothing is done twice, queues are empty, nothing is dead."""

import random
import threading

from tests.e2e.services import shop
from tests.support import waiting

PRODUCTS = ["CAPPUCCINO", "ESPRESSO", "FLATWHITE", "LATTE", "LONGBLACK"]
STOCK = 100000
# No answer: it may have been done or not.
UNANSWERED = (OSError, shop.http.client.HTTPException)
REGISTRATION = 60  # seconds in which a customer goes on trying
# Seconds until all is quiet. What the search service had in hand when it was killed comes again only after 174 s, the
# time that it may take for an event.
QUIET = 174 + 120


class Customer(threading.Thread):
    """Remembers every acknowledgement and every request that failed: no answer, or one that says it was not done."""

    def __init__(self, client, number, stopping):
        super().__init__()
        self.client = client
        self.random = random.Random(number)
        self.stopping = stopping
        self.pause = threading.Event()  # never set: a wait between tries
        self.user = None
        self.orders = {}  # id -> product
        self.completed = set()
        self.failed = []
        self.crash = None

    @property
    def acknowledged(self):
        return (self.user is not None) + len(self.orders) + len(self.completed)

    def run(self):
        try:
            # Until it is there, even after the end: everything that follows is about this user.
            self.user = waiting.until(lambda: self.tried(self.client.register), "a user", REGISTRATION)
            while not self.stopping.is_set():
                self.shop_once()
        except Exception as crash:  # reported by the test, on its own thread
            self.crash = crash

    def tried(self, step):
        """What the step returns, or None when it failed."""
        try:
            return step()
        except UNANSWERED + (AssertionError,) as failure:
            self.failed.append(repr(failure))
            self.pause.wait(0.02)
            return None

    def shop_once(self):
        product = self.random.choice(PRODUCTS)
        order = self.tried(lambda: self.client.order(self.user, product))
        if order is None:
            return
        self.orders[order] = product
        if self.random.random() < 0.5:  # an earlier one, which has probably been confirmed
            self.try_to_complete(self.random.choice(list(self.orders)))

    def try_to_complete(self, order):
        answer = self.tried(lambda: self.client.complete(self.user, order))
        if answer is None:
            return
        if answer.status == 200:
            self.completed.add(order)
        elif answer.status != 409:  # not confirmed yet, or completed before
            self.failed.append(f"complete: {answer.status} {answer.body}")


class MixedLoad:
    """Runs from here to `stop`."""

    def __init__(self, services, client, customers=4):
        self.services = services
        self.client = client
        for product in PRODUCTS:
            client.set_stock(product, STOCK)
        client.admin  # one login for all
        self.stopping = threading.Event()
        self.customers = [Customer(client, number, self.stopping) for number in range(customers)]
        for customer in self.customers:
            customer.start()

    def stop(self):
        self.stopping.set()
        for customer in self.customers:
            customer.join()
            if customer.crash:
                raise customer.crash

    @property
    def acknowledged(self):
        return sum(customer.acknowledged for customer in self.customers)

    @property
    def failed(self):
        return [text for customer in self.customers for text in customer.failed]

    def summary(self):
        return (f"{sum(len(customer.orders) for customer in self.customers)} orders and "
                f"{sum(len(customer.completed) for customer in self.customers)} completions acknowledged, "
                f"{len(self.failed)} requests failed")


class Invariants:
    """Checks what must hold after a load; `case` is the test that fails otherwise."""

    def __init__(self, case, load):
        self.case = case
        self.load = load
        self.client = load.client
        self.held = dict.fromkeys(PRODUCTS, 0)
        self.sent = dict.fromkeys(PRODUCTS, 0)
        self.done = {}

    def check(self):
        self.wait_for_quiet()
        for customer in self.load.customers:
            self.check_orders(customer)
            self.case.assertEqual(self.client.order_count(customer.user), self.done[customer])
            self.case.assertEqual(self.client.points(customer.user), 100 + 50 * self.done[customer])
        for product in PRODUCTS:
            self.check_stock(product)

    def wait_for_quiet(self):
        """Queues and outboxes drain, and no order stays Created."""

        def quiet():
            try:
                waiting_events = sum(row["waiting"] + row["in_flight"] for row in self.load.services.queues())
                return waiting_events == 0 and all(self.settled(customer) for customer in self.load.customers)
            except UNANSWERED + (AssertionError,):
                return False

        try:
            waiting.until(quiet, "queues to drain and orders to settle", QUIET)
        except TimeoutError:
            self.case.fail(f"not quiet: {self.unquiet()}\n{self.load.services.log()[-4000:]}")
        dead = {row["queue"]: row["dead"] for row in self.load.services.queues() if row["dead"]}
        self.case.assertEqual(dead, {}, self.load.services.log()[-4000:])

    def unquiet(self):
        queues = [row for row in self.load.services.queues() if row["waiting"] + row["in_flight"] + row["dead"]]
        created = [order["orderId"] for customer in self.load.customers for order in self.all_orders(customer.user)
                   if order["status"] == "Created"]
        return f"{queues}, {len(created)} orders are Created: {created[:5]}"

    def settled(self, customer):
        return all(self.client.order_status(customer.user, order) != "Created" for order in list(customer.orders)[-50:])

    def check_orders(self, customer):
        """What was acknowledged, and what was perhaps done before its answer was cut off: all are in the list."""
        self.done[customer] = 0
        missing, completed = dict(customer.orders), set(customer.completed)
        for order in self.all_orders(customer.user):
            self.case.assertIn(order["status"], ("Confirmed", "Completed"))
            product = order["products"][0]
            missing.pop(order["orderId"], None)
            if order["status"] == "Completed":
                self.sent[product] += 1
                self.done[customer] += 1
                completed.discard(order["orderId"])
            else:
                self.held[product] += 1
        self.case.assertEqual(missing, {}, "acknowledged orders that are gone")
        self.case.assertEqual(completed, set(), "acknowledged completions that are gone")

    def all_orders(self, user):
        token = None
        while True:
            path = "/orders?pageSize=100" + (f"&pageToken={shop.urllib.parse.quote(token)}" if token else "")
            page = self.client.ask("orders", "GET", path, token=user.token, expect=200).json()
            yield from page["items"]
            token = page["nextPageToken"]
            if not token:
                return

    def check_stock(self, product):
        available, reserved = self.client.stock(product)
        self.case.assertEqual(reserved, self.held[product], product)
        self.case.assertEqual(available + reserved, STOCK - self.sent[product], product)
        self.case.assertEqual(self.client.product(product)["stockLevel"], STOCK - self.sent[product], product)
