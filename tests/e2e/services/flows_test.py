"""The flows of the shop, each to its end state: points, stock, order status, activities. Once with the whole set in one
process, once with a process for each service."""

import unittest

from tests.e2e.services import service_set
from tests.support import waiting


class Flows:
    """Mixed into a case that says how the set is started."""

    options = ()

    def setUp(self):
        super().setUp()
        self.services, self.shop = self.start_shop(*self.options)

    def eventually(self, read, wanted):
        def matches():
            self.last = read()
            return self.last == wanted

        try:
            waiting.until(matches, f"{wanted!r}", 30)
        except TimeoutError:
            self.fail(f"{self.last!r} instead of {wanted!r}\n{self.services.log()[-2000:]}")

    def ordered(self, user, *products, status="Confirmed"):
        order = self.shop.order(user, *products)
        self.eventually(lambda: self.shop.order_status(user, order), status)
        return order

    def test_f1_a_new_user_gets_points(self):
        user = self.shop.register()
        self.eventually(lambda: self.shop.points(user), 100)
        self.eventually(lambda: self.shop.activities("user", user.id), ["users.userCreated.v1"])

    def test_f2_a_new_product_gets_stock_and_prices(self):
        product = self.shop.create_product("Widget One", 130)
        self.assertEqual(product, "WIDGETONE")
        brackets = [{"quantity": 5, "price": 123.5}, {"quantity": 10, "price": 117}, {"quantity": 25, "price": 104},
                    {"quantity": 50, "price": 97.5}, {"quantity": 100, "price": 91}]
        self.eventually(lambda: self.shop.product(product)["pricingBrackets"], brackets)
        available, reserved = waiting.until(lambda: self.shop.stock(product), "first stock", 30)
        self.assertTrue(50 <= available <= 98, available)
        self.assertEqual(reserved, 0)
        self.eventually(lambda: self.shop.product(product)["stockLevel"], available)
        self.eventually(lambda: sorted(set(self.shop.activities("product", product))),
                        ["inventory.stockUpdated.v1", "product.productCreated.v1"])

    def test_f3_and_f6_an_order_is_confirmed_and_completed(self):
        user = self.shop.register()
        self.shop.set_stock("LATTE", 10)
        self.eventually(lambda: self.shop.product("LATTE")["stockLevel"], 10)
        order = self.ordered(user, "LATTE", "ESPRESSO")
        self.assertEqual(self.shop.stock("LATTE"), (9, 1))
        self.assertEqual(self.shop.complete(user, order).status, 200)
        self.eventually(lambda: self.shop.stock("LATTE"), (9, 0))
        self.eventually(lambda: self.shop.product("LATTE")["stockLevel"], 9)
        self.eventually(lambda: self.shop.points(user), 150)
        self.eventually(lambda: self.shop.order_count(user), 1)
        told = ["orders.orderCreated.v1", "inventory.stockReserved.v1", "orders.orderConfirmed.v1",
                "orders.orderCompleted.v1"]
        self.eventually(lambda: sorted(self.shop.activities("order", order)), sorted(told))
        self.assertEqual(self.shop.complete(user, order).status, 409)

    def test_f4_an_order_of_what_is_not_there_ends(self):
        user = self.shop.register()
        self.shop.set_stock("ESPRESSO", 1)
        self.ordered(user, "ESPRESSO")
        order = self.ordered(user, "ESPRESSO", "LATTE", status="NoStock")
        self.assertEqual(self.shop.stock("ESPRESSO"), (0, 1))
        self.eventually(lambda: sorted(self.shop.activities("order", order)),
                        ["inventory.stockReservationFailed.v1", "orders.orderCreated.v1"])
        self.ordered(user, "NEVERHEARDOF", status="NoStock")

    def test_f7_the_catalogue_follows_the_stock(self):
        self.shop.set_stock("CAPPUCCINO", 7)
        self.eventually(lambda: self.shop.product("CAPPUCCINO")["stockLevel"], 7)
        self.shop.set_stock("CAPPUCCINO", 70)
        self.eventually(lambda: self.shop.product("CAPPUCCINO")["stockLevel"], 70)

    def test_f8_eleven_completed_orders_make_a_premium_user(self):
        user = self.shop.register()
        self.shop.set_stock("LATTE", 50)
        for _ in range(11):
            self.assertEqual(self.shop.complete(user, self.ordered(user, "LATTE")).status, 200)
        self.eventually(lambda: self.shop.order_count(user), 11)
        self.eventually(lambda: self.shop.points(user), 650)
        premium = self.shop.login(user.email, "Test!23")
        order = self.shop.order(premium, "LATTE")
        answer = self.shop.ask("orders", "GET", f"/orders/{order}", token=premium.token, expect=200).json()
        self.assertEqual(answer["orderType"], "Priority")


class InOneProcess(Flows, service_set.ServiceSetCase):
    def test_one_process_serves_all(self):
        self.assertEqual(len(self.services.processes()), 1)


class EachInItsOwn(Flows, service_set.ServiceSetCase):
    options = ("--separate",)

    def test_each_service_has_its_process(self):
        self.assertEqual(len(self.services.processes()), len(self.services.urls))


class WithoutReply(service_set.ServiceSetCase):
    """F5: the inventory is not there, so the question is asked twice and then given up."""

    def test_f5_no_reply_ends_an_order(self):
        services = self.start("users", "products", "orders")
        from tests.e2e.services import shop
        client = shop.Shop(services.urls)
        user = client.register()
        order = client.order(user, "LATTE")
        waiting.until(lambda: client.order_status(user, order) == "NoStock", "the order to be given up", 30)


if __name__ == "__main__":
    unittest.main()
