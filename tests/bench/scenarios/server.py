"""nginx that answers the journey of an order from memory: fast, and always the same."""

import json

from tests.support import nginx

PRODUCTS = {"data": [{"productId": f"p-{number}", "name": f"Product {number}", "price": 2 + number, "stockLevel": 100}
                     for number in range(5)]}
ANSWERS = {
    "= /user": (201, {"data": {"userId": "u-1", "email": "user@example.com"}}),
    "= /login": (200, {"data": {"token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl", "expiresIn": 3600}}),
    "= /product": (200, PRODUCTS),
    "= /orders": (201, {"orderId": "o-1", "status": "CREATED", "products": ["p-0"], "total": 2}),
    "= /orders/o-1": (200, {"orderId": "o-1", "status": "CREATED", "products": ["p-0"], "total": 2}),
}
ADDRESSES = [f"127.0.0.{last}" for last in range(1, 6)]  # one has ports for 28 000 connections


def start(folder, core, connections=16_384):
    """An nginx fixture. `requests()` counts what it has answered."""
    locations = "".join(
        f" location {path} {{ default_type application/json; return {status} '{json.dumps(answer)}'; }}"
        for path, (status, answer) in ANSWERS.items())

    def on(port):
        listen = "".join(f" listen {address}:{port} backlog=16384;" for address in ADDRESSES[1:])
        return nginx.Nginx(folder, port, core=core, server=listen + locations, connections=connections)

    return nginx.processes.start_on_free_port(on)
