"""What a customer and an administrator of the shop say to it over HTTP."""

import base64
import http.client
import json
import urllib.parse
import uuid

ADMIN = ("admin@serverless-sample.com", "Admin!23")
PASSWORD = "Test!23"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


def ask(url, method, path, body=None, token=None, headers=None, timeout=30):
    """One request on a connection of its own. `body` is sent as JSON unless it is bytes."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    sent = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    if token:
        sent["Authorization"] = "Bearer " + token
    try:
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


class User:
    def __init__(self, email, token):
        self.email = email
        self.token = token
        claims = token.split(".")[1]
        self.id = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]


class Shop:
    """One method a step; a status that the step must not have is an AssertionError."""

    def __init__(self, urls):
        self.urls = urls
        self._admin = None

    def ask(self, service, method, path, body=None, token=None, expect=None, **more):
        answer = ask(self.urls[service], method, path, body, token, **more)
        if expect is not None and answer.status != expect:
            raise AssertionError(f"{method} {path} of {service}: {answer.status} instead of {expect}: {answer.body}")
        return answer

    def register(self, email=None):
        email = email or f"{uuid.uuid4()}@example.com"
        self.ask("users", "POST", "/user", {"email_address": email, "first_name": "Test", "last_name": "User",
                                            "password": PASSWORD}, expect=200)
        return self.login(email, PASSWORD)

    def login(self, email, password):
        answer = self.ask("users", "POST", "/login", {"email_address": email, "password": password}, expect=200)
        return User(email, answer.json()["data"]["token"])

    @property
    def admin(self):
        if self._admin is None:
            self._admin = self.login(*ADMIN)
        return self._admin

    def products(self):
        return self.ask("products", "GET", "/product", expect=200).json()["data"]

    def product(self, product_id):
        return self.ask("products", "GET", f"/product/{product_id}", expect=200).json()["data"]

    def create_product(self, name, price):
        answer = self.ask("products", "POST", "/product", {"name": name, "price": price}, self.admin.token, expect=201)
        return answer.json()["data"]["productId"]

    def catalogue_is_complete(self):
        products = self.products()
        return products and all(row["stockLevel"] > 0 for row in products) and \
            all(len(self.product(row["productId"])["pricingBrackets"]) == 5 for row in products)

    def stock(self, product_id):
        """(available, reserved), or None for a product without stock."""
        answer = self.ask("inventory", "GET", f"/inventory/{product_id}")
        if answer.status == 404:
            return None
        data = answer.json()["data"]
        return data["currentStockLevel"], data["reservedStockLevel"]

    def set_stock(self, product_id, level):
        self.ask("inventory", "POST", "/inventory", {"productId": product_id, "stockLevel": level}, self.admin.token,
                 expect=200)

    def order(self, user, *products):
        return self.ask("orders", "POST", "/orders", {"products": list(products)}, user.token, expect=201).json()["orderId"]

    def order_status(self, user, order_id):
        return self.ask("orders", "GET", f"/orders/{order_id}", token=user.token, expect=200).json()["status"]

    def complete(self, user, order_id):
        return self.ask("orders", "POST", f"/orders/{order_id}/complete", {"orderId": order_id, "userId": user.id},
                        self.admin.token)

    def points(self, user):
        answer = self.ask("loyalty", "GET", "/loyalty", token=user.token)
        return answer.json()["data"]["currentPoints"] if answer.status == 200 else None

    def order_count(self, user):
        return self.ask("users", "GET", f"/user/{user.email}", token=user.token, expect=200).json()["data"]["orderCount"]

    def activities(self, kind, entity_id):
        answer = self.ask("activity", "GET", f"/api/activity/{kind}/{entity_id}", expect=200)
        return [row["type"] for row in answer.json()["activities"]]
