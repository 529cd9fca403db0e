"""Publishing in traces of its own (--publish-trace link), and receivers of telemetry that refuse or stall: what is lost is
counted, and no request suffers."""

import socket
import unittest
import urllib.parse

from tests.e2e.services import service_set, shop, trace_view
from tests.support import otlp_receiver, waiting

TRACE = "b1af7651916cd43dd8448eb211c80319"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
QUEUE_CAPACITY = 16384


class Case(service_set.ServiceSetCase):
    def start_exporting(self, mode, *options):
        self.receiver = otlp_receiver.Receiver(mode)
        self.addCleanup(self.receiver.close)
        services = self.start("--otlp", self.receiver.url, "--start-limit", "120s", *options)
        return services, shop.Shop(services.urls)

    def register(self, client):
        client.ask("users", "POST", "/user", {"email_address": "traced@example.com", "first_name": "T", "last_name": "U",
                                              "password": shop.PASSWORD}, expect=200, headers={"traceparent": TRACEPARENT})
        return client.login("traced@example.com", shop.PASSWORD)


class PublishingInItsOwnTrace(Case):
    def test_a_publish_span_is_below_the_run_and_links_to_its_request(self):
        services, client = self.start_exporting("take", "users", "products", "loyalty", "--publish-trace", "link")
        user = self.register(client)
        waiting.until(lambda: client.points(user) == 100, "points", 30)
        client.ask("products", "POST", "/product", {"name": "Owned", "price": 1}, client.admin.token, expect=201,
                   headers={"traceparent": TRACEPARENT})
        waiting.until(lambda: all(row["waiting"] + row["in_flight"] == 0 for row in services.queues()), "quiet", 30)
        self.assertEqual(services.stop(), 0)
        view = trace_view.TraceView(self.receiver.spans())
        self.assertEqual(sorted(span.name for span in view.in_trace(TRACE)),
                         ["INSERT products", "INSERT users", "POST /product", "POST /user"])
        for name, cause in (("users.userCreated.v1", "INSERT users"), ("product.productCreated", "INSERT products")):
            published = [span for span in view.spans if span.name == "publish " + name
                         and any(link.trace == TRACE for link in span.links)]
            self.assertEqual(len(published), 1, name)
            run = view.by_key[published[0].trace, published[0].parent]
            self.assertEqual((run.name, run.kind, run.parent), ("outbox.process", "INTERNAL", ""))
            self.assertEqual(run.attributes["outbox.entries"], len(view.children[run.key]))
            self.assertEqual([view.by_key[link.target].name for link in published[0].links], [cause])
        [created] = [span for span in view.spans if span.name == "publish product.productCreated"
                     and any(link.trace == TRACE for link in span.links)]
        self.assertIn(("ProductService", "process product.productCreated"),
                      [(span.service, span.name) for span in view.children[created.key]])
        public = [span for span in view.spans if span.name == "publish users.userCreated.v1"
                  and any(link.trace == TRACE for link in span.links)]
        self.assertEqual([span.service for span in view.processed(public[0])], ["LoyaltyService"])


class ReceiverInTrouble(Case):
    def lost(self, name):
        return {point.attributes["error.type"]: point.value for point in self.receiver.metric(name)
                if "error.type" in point.attributes and point.value}

    def pipeline(self, url, count):
        """So many requests on one connection; all are answered."""
        address = urllib.parse.urlsplit(url)
        request = b"GET /product/NONE HTTP/1.1\r\nHost: shop\r\n\r\n"
        with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
            answered = 0
            for _ in range(count // 64):
                connection.sendall(request * 64)
                answered += 64
                self.expect_answers(connection, 64)
        return answered

    def expect_answers(self, connection, count):
        seen = b""
        while seen.count(b"HTTP/1.1 ") < count or not seen.endswith(b"}"):
            block = connection.recv(1 << 16)
            self.assertTrue(block, "the connection ended")
            seen += block
        self.assertEqual(seen.count(b"HTTP/1.1 404 "), count)

    def test_a_receiver_that_refuses_costs_spans_and_nothing_else(self):
        services, client = self.start_exporting("refuse", "users", "loyalty")
        user = self.register(client)
        waiting.until(lambda: client.points(user) == 100, "points", 30)
        waiting.until(lambda: self.lost("otel.sdk.exporter.span.exported"), "losses in the metrics", 60)
        self.assertEqual(set(self.lost("otel.sdk.exporter.span.exported")), {"400"})
        self.assertEqual(services.stop(), 0)

    def test_a_receiver_that_stalls_fills_the_queue_and_nothing_else(self):
        services, client = self.start_exporting("stall", "users", "loyalty", "products")
        user = self.register(client)
        waiting.until(lambda: client.points(user) == 100, "points", 30)
        self.pipeline(services.urls["products"], QUEUE_CAPACITY + 4096)
        waiting.until(lambda: self.lost("otel.sdk.processor.span.processed"), "losses in the metrics", 60)
        self.assertEqual(set(self.lost("otel.sdk.processor.span.processed")), {"queue_full"})
        self.assertEqual(client.points(user), 100)
        self.assertEqual(services.stop(), 0)


if __name__ == "__main__":
    unittest.main()
