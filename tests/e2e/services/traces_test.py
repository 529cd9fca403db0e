"""What the service set exports while orders pass through it: the shape of every trace, and that nothing is missing. The
flows run once, under contexts of our own; then the set leaves, so that all has been exported, and the tests look at it.
Once in one process, once with a process for each service."""

import pathlib
import shutil
import tempfile
import unittest

from tests.e2e.services import service_set, shop, trace_view
from tests.support import otlp_receiver, waiting

PARENT = "00f067aa0ba902b7"
STATE = "acme=t61rcWkgMzE,other=2"
TRACES = {name: f"{number:02x}af7651916cd43dd8448eb211c80319" for number, name in
          enumerate(["register", "product", "order", "complete", "unsampled"], start=0xa1)}

REQUEST_TREES = {
    "register": """
Users SERVER POST /user
  Users CLIENT INSERT users
    Users PRODUCER publish users.userCreated.v1""",
    "product": """
ProductService SERVER POST /product
  ProductService CLIENT INSERT products
    ProductService PRODUCER publish product.productCreated
      ProductService CONSUMER process product.productCreated
        ProductService PRODUCER publish product.productCreated.v1""",
    "order": """
OrdersService SERVER POST /orders
  OrdersService CLIENT INSERT orders
    OrdersService INTERNAL OrderProcessing Confirm Order
      OrdersService PRODUCER publish orders.orderConfirmed.v1
    OrdersService INTERNAL OrderProcessing Publish Order Created & Wait
      OrdersService PRODUCER publish orders.orderCreated.v1""",
    "complete": """
OrdersService SERVER POST /orders/{orderId}/complete
  OrdersService CLIENT UPDATE orders
    OrdersService PRODUCER publish orders.orderCompleted.v1
    OrdersService PRODUCER publish orders.orderCompleted.v2"""}

# What becomes of an event in each service that hears it, below the `receive` span of its queue.
CONSUMERS = {
    "users.userCreated.v1": ["""
LoyaltyService CONSUMER process users.userCreated.v1""", """
ActivityService CONSUMER process users.userCreated.v1"""],
    "product.productCreated.v1": ["""
ActivityService CONSUMER process product.productCreated.v1""", """
InventoryService CONSUMER process product.productCreated.v1
  InventoryService PRODUCER publish inventory.productAdded
    InventoryService CONSUMER process inventory.productAdded
      InventoryService INTERNAL InventoryOrderingService Put Stock
        InventoryService PRODUCER publish inventory.stockUpdated.v1
      InventoryService INTERNAL InventoryOrderingService Wait 3
      InventoryService INTERNAL InventoryOrderingService Wait 5""", """
PricingService CONSUMER process product.productCreated.v1
  PricingService CLIENT GET
    ProductService SERVER GET /product/{productId}
  PricingService PRODUCER publish pricing.pricingCalculated.v1""", """
ProductSearchService CONSUMER process product.productCreated.v1
  ProductSearchService CLIENT GET
    ProductService SERVER GET /product/{productId}"""],
    "orders.orderCreated.v1": ["""
ActivityService CONSUMER process orders.orderCreated.v1""", """
InventoryService CONSUMER process orders.orderCreated.v1
  InventoryService PRODUCER publish inventory.stockReserved.v1"""],
    "orders.orderConfirmed.v1": ["""
ActivityService CONSUMER process orders.orderConfirmed.v1"""],
    "orders.orderCompleted.v1": ["""
ActivityService CONSUMER process orders.orderCompleted.v1""", """
InventoryService CONSUMER process orders.orderCompleted.v1
  InventoryService PRODUCER publish inventory.stockUpdated.v1""", """
LoyaltyService CONSUMER process orders.orderCompleted.v1""", """
Users CONSUMER process orders.orderCompleted.v1"""],
    "orders.orderCompleted.v2": [],
    "inventory.stockReserved.v1": ["""
ActivityService CONSUMER process inventory.stockReserved.v1""", """
OrdersService CONSUMER process inventory.stockReserved.v1"""],
    "inventory.stockUpdated.v1": ["""
ActivityService CONSUMER process inventory.stockUpdated.v1""", """
ProductSearchService CONSUMER process inventory.stockUpdated.v1""", """
ProductService CONSUMER process inventory.stockUpdated.v1
  ProductService PRODUCER publish product.stockUpdated
    ProductService CONSUMER process product.stockUpdated"""],
    "pricing.pricingCalculated.v1": ["""
ProductSearchService CONSUMER process pricing.pricingCalculated.v1""", """
ProductService CONSUMER process pricing.pricingCalculated.v1
  ProductService PRODUCER publish product.pricingChanged
    ProductService CONSUMER process product.pricingChanged"""]}
SERVED_BY = {"ProductSearchService": "search"}

# Traces that nobody asked for: regular work, and change feeds.
ROOTS = {("INTERNAL", "seed"), ("INTERNAL", "refresh"), ("CLIENT", "GET"), ("INTERNAL", "processLoyaltyPointsRecord"),
         ("INTERNAL", "outbox.process")}

MESSAGING = {"messaging.system": str, "messaging.operation.name": str, "messaging.operation.type": str,
             "messaging.destination.name": str, "messaging.client.id": str}
ONE_EVENT = {"messaging.message.id": str, "messaging.message.body.size": int, "messaging.message.envelope.size": int,
             "cloudevents.event_id": str, "cloudevents.event_source": str, "cloudevents.event_type": str,
             "cloudevents.event_spec_version": str}
SUBSCRIPTION = {"messaging.destination.subscription.name": str, "messaging.consumer.group.name": str}
ATTRIBUTES = {
    "server": {"http.request.method": str, "url.path": str, "url.scheme": str, "http.route": str, "server.address": str,
               "server.port": int, "http.response.status_code": int, "client.address": str},
    "client": {"http.request.method": str, "url.full": str, "server.address": str, "server.port": int,
               "http.response.status_code": int},
    "store": {"db.system.name": str, "db.operation.name": str, "db.collection.name": str},
    "publish": MESSAGING | ONE_EVENT,
    "process": MESSAGING | ONE_EVENT | SUBSCRIPTION,
    "receive": MESSAGING | SUBSCRIPTION | {"messaging.batch.message_count": int}}
OPERATIONS = {"publish": ("send", "publish"), "receive": ("receive", "receive"), "process": ("process", "process")}


def class_of(span):
    if span.kind == "SERVER":
        return "server"
    if span.kind == "CLIENT":
        return "client" if span.name == "GET" else "store"
    return span.name.split(" ")[0]


class Traces:
    """The flows, run once for a class that says how the set is started."""

    options = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-traces-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.receiver = otlp_receiver.Receiver()
        cls.addClassCleanup(cls.receiver.close)
        # A reply that comes after 12 s is one that an order no longer waits for.
        cls.set = service_set.ServiceSet(folder / "data", "--time-scale", "0.2", "--fast-passwords", "on", "--otlp", cls.receiver.url,
                                         "--environment", "traced", "--start-limit", "120s", *cls.options)
        cls.addClassCleanup(cls.set.close)
        cls.shop = shop.Shop(cls.set.urls)
        waiting.until(cls.shop.catalogue_is_complete, "prices and stock of the seeded catalogue", 60)
        cls.run_flows()
        waiting.until(lambda: all(queue["waiting"] + queue["in_flight"] == 0 for queue in cls.set.queues()),
                      "empty queues", 60)
        cls.code = cls.set.stop()
        cls.view = trace_view.TraceView(cls.receiver.spans())

    @classmethod
    def traced(cls, flow, flags="01"):
        return {"traceparent": f"00-{TRACES[flow]}-{PARENT}-{flags}", "tracestate": STATE}

    @classmethod
    def run_flows(cls):
        client = cls.shop
        cls.user = shop.User("traced@example.com", client.register("first@example.com").token)
        client.ask("users", "POST", "/user", {"email_address": "traced@example.com", "first_name": "T", "last_name": "U",
                                              "password": shop.PASSWORD}, expect=200, headers=cls.traced("register"))
        user = cls.user = client.login("traced@example.com", shop.PASSWORD)
        client.set_stock("LATTE", 10)
        client.ask("products", "POST", "/product", {"name": "Traced", "price": 130}, client.admin.token, expect=201,
                   headers=cls.traced("product", "03"))
        cls.orders = {}
        for flow, flags in (("order", "01"), ("unsampled", "00")):
            answer = client.ask("orders", "POST", "/orders", {"products": ["LATTE"]}, user.token, expect=201,
                                headers=cls.traced(flow, flags))
            cls.orders[flow] = answer.json()["orderId"]
            waiting.until(lambda: client.order_status(user, cls.orders[flow]) == "Confirmed", "a confirmed order", 60)
        order = cls.orders["order"]
        client.ask("orders", "POST", f"/orders/{order}/complete", {"orderId": order, "userId": user.id}, client.admin.token,
                   expect=200, headers=cls.traced("complete"))
        waiting.until(lambda: client.points(user) == 150 and client.order_count(user) == 1, "points and orders", 60)
        waiting.until(lambda: len(client.product("TRACED")["pricingBrackets"]) == 5 and
                      client.product("TRACED")["stockLevel"] > 0, "a new product's prices and stock", 60)
        waiting.until(lambda: client.product("LATTE")["stockLevel"] < 10, "the catalogue to follow", 60)
        waiting.until(lambda: len(client.activities("order", order)) == 4, "the order's activities", 60)

    def root(self, flow):
        roots = [span for span in self.view.in_trace(TRACES[flow]) if span.parent == PARENT]
        self.assertEqual(len(roots), 1, roots)
        return roots[0]

    def expected_consumers(self, kind):
        return sorted(tree.strip() for tree in CONSUMERS[kind]
                      if SERVED_BY.get(tree.split()[0], "users") in self.set.urls)

    def every_published(self):
        """Publish spans of public events that our requests caused, in whatever trace they are."""
        found, fresh = {}, [span for flow in REQUEST_TREES for span in self.published_by(flow)]
        while fresh:
            span = fresh.pop()
            if span.key in found:
                continue
            found[span.key] = span
            for process in self.view.processed(span):
                fresh += self.view.published(process.trace) if process.kind == "CONSUMER" else []
        return [span for span in found.values() if span.attributes["cloudevents.event_type"] in CONSUMERS]

    def test_the_set_left_in_order_and_exports_were_understood(self):
        self.assertEqual(self.code, 0, self.set.log())
        self.assertEqual(self.receiver.errors, [])

    def test_no_span_is_lost(self):
        lost = [point for name in ("otel.sdk.processor.span.processed", "otel.sdk.exporter.span.exported")
                for point in self.receiver.metric(name) if "error.type" in point.attributes]
        self.assertEqual([point.value for point in lost if point.value], [])
        exported = sum(point.value for point in self.receiver.metric("otel.sdk.exporter.span.exported"))
        self.assertEqual(exported, len(self.view.spans))
        self.assertEqual(len(self.view.by_key), len(self.view.spans), "an id comes twice")
        self.assertEqual([span for span in self.view.spans if any(span.dropped)], [])

    def test_every_parent_is_there_and_every_root_is_meant(self):
        for span in self.view.spans:
            if span.parent and not (span.parent == PARENT and span.trace in TRACES.values()):
                self.assertTrue(self.view.has_parent(span), span)
            elif span.parent:
                self.assertEqual(span.kind, "SERVER", span)
            else:
                meant = span.kind == "SERVER" or span.name.startswith("receive ") or (span.kind, span.name) in ROOTS
                self.assertTrue(meant, span)

    def test_each_request_is_one_tree(self):
        for flow, tree in REQUEST_TREES.items():
            root = self.root(flow)
            self.assertEqual(self.view.tree(root), tree.strip(), flow)
            self.assertEqual(len(self.view.in_trace(TRACES[flow])), len(tree.strip().splitlines()), flow)

    def test_each_event_is_heard_by_its_subscribers_in_traces_of_their_own(self):
        kinds = set()
        for published in self.every_published():
            kind = published.attributes["cloudevents.event_type"]
            kinds.add(kind)
            consumers = self.view.processed(published)
            self.assertEqual(sorted(self.view.tree(span) for span in consumers), self.expected_consumers(kind), kind)
            for span in consumers:
                self.check_consumer(published, span)
        self.assertEqual(kinds, set(CONSUMERS))

    def check_consumer(self, published, span):
        receive = self.view.by_key[span.trace, span.parent]
        self.assertEqual((receive.kind, receive.parent, receive.service), ("CONSUMER", "", span.service))
        self.assertEqual(receive.name, "receive " + span.attributes["messaging.destination.subscription.name"])
        self.assertEqual([link.target for link in span.links], [published.key])
        [link] = [link for link in receive.links if link.target == published.key]
        self.assertEqual(link.attributes, {"messaging.message.id": published.attributes["messaging.message.id"]})
        self.assertEqual(len(receive.links), receive.attributes["messaging.batch.message_count"])
        for name in ("messaging.message.id", "messaging.message.body.size", "cloudevents.event_source"):
            self.assertEqual(span.attributes.get(name), published.attributes.get(name), (name, span))
        self.assertGreaterEqual(span.start, published.start)

    def test_what_an_event_caused_in_another_trace_links_back_to_it(self):
        for cause, effect in (("orders.orderCreated.v1", "inventory.stockReserved.v1"),
                              ("product.productCreated.v1", "pricing.pricingCalculated.v1")):
            for published in self.every_published():
                if published.attributes["cloudevents.event_type"] != cause:
                    continue
                effects = [span for process in self.view.processed(published)
                           for span in self.view.children[process.key] if span.name == "publish " + effect]
                self.assertEqual([link.target for span in effects for link in span.links], [published.key], cause)

    def test_private_events_are_children_that_link_their_batch(self):
        spans = [span for span in self.view.spans if span.name.startswith("process ") and
                 span.attributes["cloudevents.event_type"] not in CONSUMERS and
                 span.resource["service.name"] in ("ProductService", "InventoryService")]
        self.assertGreater(len(spans), 3)
        for span in spans:
            published = self.view.by_key[span.trace, span.parent]
            self.assertEqual(published.attributes["messaging.message.id"], span.attributes["messaging.message.id"])
            [link] = span.links
            self.assertEqual(self.view.by_key[link.target].name,
                             "receive " + span.attributes["messaging.destination.subscription.name"])

    def test_every_span_has_its_attributes(self):
        for span in self.view.spans:
            if span.name == "receive LoyaltyPointsStream":
                continue
            for name, kind in ATTRIBUTES.get(class_of(span), {}).items():
                self.assertIs(type(span.attributes.get(name)), kind, f"{name} of {span}: {span.attributes}")
            if class_of(span) in OPERATIONS:
                self.assertEqual((span.attributes["messaging.operation.type"], span.attributes["messaging.operation.name"]),
                                 OPERATIONS[class_of(span)])
                self.assertEqual(span.attributes["messaging.destination.name"], "SharedEventBus-traced")
            if class_of(span) in ("publish", "process"):
                self.assertNotIn("messaging.batch.message_count", span.attributes)
                self.assertEqual(span.name, class_of(span) + " " + span.attributes["cloudevents.event_type"])
                self.assertTrue(span.attributes["cloudevents.event_source"].startswith("traced."), span.attributes)
            if class_of(span) == "server":
                self.assertEqual(span.name, f"{span.attributes['http.request.method']} {span.attributes['http.route']}")
            if span.status != "error":
                self.assertNotIn("error.type", span.attributes)
        self.assertEqual(self.root("order").attributes["order.id"], self.orders["order"])

    def test_deprecated_events_say_so(self):
        [old] = self.view.published(self.published_by("complete")[0].trace, "orders.orderCompleted.v1")
        self.assertIs(old.attributes["messaging.message.deprecated"], True)
        self.assertEqual(old.attributes["messaging.message.superceded_by"], "orders.orderCompleted.v2")

    def published_by(self, flow):
        return self.view.published(TRACES[flow])

    def test_flags_and_state_of_the_caller_are_kept(self):
        for flow, flags in (("order", 0x01), ("product", 0x03)):
            for span in self.view.in_trace(TRACES[flow]):
                self.assertEqual((span.flags & 0xff, span.state), (flags, STATE), span)
            self.assertEqual(self.root(flow).flags, 0x300 | flags)
            for published in self.published_by(flow):
                for span in self.view.processed(published):
                    self.assertEqual((span.links[0].flags, span.links[0].state), (0x300 | flags, STATE), span)

    def test_an_unsampled_request_records_nothing_and_says_so_in_its_events(self):
        self.assertEqual(self.view.in_trace(TRACES["unsampled"]), [])
        links = [(span, link) for span in self.view.spans for link in span.links if link.trace == TRACES["unsampled"]]
        heard = {(span.service, span.name) for span, _ in links}
        self.assertIn(("InventoryService", "process orders.orderCreated.v1"), heard)
        self.assertIn(("ActivityService", "process orders.orderConfirmed.v1"), heard)
        for span, link in links:
            self.assertEqual((link.flags, link.state), (0x300, STATE), span)
            self.assertEqual(span.flags & 0x01, 1, span)  # links carry no decision

    def test_resources_name_the_service(self):
        instances = {}
        for span in self.view.spans:
            resource = span.resource
            self.assertEqual((resource["service.namespace"], resource["deployment.environment.name"],
                              resource["service.version"]), ("loadgen-services", "traced", "1.0.0"))
            instances.setdefault(resource["service.instance.id"], set()).add(span.service)
        names = {"Users", "ProductService", "InventoryService", "OrdersService", "LoyaltyService", "PricingService",
                 "ActivityService"}
        self.assertLessEqual(names, set.union(*instances.values()))
        if "--separate" in self.options:
            self.assertEqual({len(services) for services in instances.values()}, {1})
        else:
            self.assertLessEqual(len(instances), 2)

    def points(self, name, **wanted):
        return [point for point in self.receiver.metric(name)
                if all(point.attributes.get(key.replace("_", ".")) == value for key, value in wanted.items())]

    def test_metrics_count_what_the_spans_show(self):
        publish = [span for span in self.view.spans if class_of(span) == "publish"]
        for service in ("OrdersService", "InventoryService", "ProductService"):
            sent = [point.value for point in self.points("messaging.client.sent.messages")
                    if point.resource["service.name"] == service and "error.type" not in point.attributes]
            unsampled = 2 if service == "OrdersService" else 0
            self.assertEqual(sum(sent), len([span for span in publish if span.service == service]) + unsampled)
        for name in ("messaging.client.operation.duration", "messaging.process.duration", "http.server.request.duration",
                     "http.client.request.duration", "messaging.message.age", "outbox.lag"):
            self.assertTrue(any(point.value for point in self.points(name)), name)
            self.assertEqual({point.unit for point in self.points(name)}, {"s"}, name)
        queue = "InventoryOrderCreatedEventQueue-traced"
        consumed = [point for point in self.receiver.metric("messaging.client.consumed.messages")
                    if point.attributes["messaging.destination.subscription.name"] == queue]
        self.assertEqual([(point.value, point.attributes["messaging.operation.name"], point.resource["service.name"])
                          for point in consumed], [(2, "receive", "InventoryService")])
        for name, unit in (("messaging.queue.depth", "{message}"), ("messaging.queue.oldest_age", "s"),
                           ("messaging.dead_letters", "{message}"), ("messaging.redelivered.messages", "{message}")):
            points = {point.attributes["messaging.destination.subscription.name"]: point for point in self.points(name)}
            self.assertIn(queue, points, name)
            self.assertEqual((points[queue].value, points[queue].unit), (0, unit), name)
        self.assertTrue(any(point.resource["service.name"] == "OrdersService" for point in self.points("workflow.timeouts")))
        for point in self.points("http.client.request.duration"):
            self.assertLessEqual({"http.request.method", "server.address", "server.port"}, set(point.attributes))


    def test_the_page_names_what_is_exported(self):
        page = pathlib.Path("docs/telemetry.md").read_text()
        for name in sorted({point.name for point in self.receiver.points.values()}):
            if name.split(".")[0] in ("messaging", "http", "outbox", "workflow"):
                self.assertIn(f"`{name}`", page)
        for name in {span.name for span in self.view.spans if span.kind == "INTERNAL" and not span.parent}:
            self.assertIn(f"`{name}`", page)
        for key in {key for span in self.view.spans for key in span.attributes if key.startswith(("http.", "db.", "server."))}:
            self.assertTrue(f"`{key}`" in page or key == "http.request.method", key)


class InOneProcess(Traces, unittest.TestCase):
    pass


class EachInItsOwn(Traces, unittest.TestCase):
    options = ("--separate",)


if __name__ == "__main__":
    unittest.main()
