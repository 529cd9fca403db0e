"""Every trace defect of docs/faults.md, switched on by command for all spans or events of a running set: what arrives at
a receiver of telemetry, and what events carry, has exactly that defect. One product is created for each."""

import json
import pathlib
import re
import time
import unittest

from tests.e2e.services import fault_switches, shop
from tests.e2e.services.trace_defect_checks import PARENT, SPAN_CHECKS, Window, flag_forged
from tests.support import otlp_receiver, waiting

MARKER = "d" * 28  # traces of markers begin so
STATE = "acme=t61rcWkgMzE"
TABLE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "faults.md"
UNSEEN = {"traceparent": "00-ffaf7651916cd43dd8448eb211c80319-00f067aa0ba902b7-00"}  # not sampled: leaves no span
DATADOG_ID = "x-datadog-trace-id"


def documented(place):
    return set(re.findall(rf"^\| `([A-Z0-9+-]+)` \| {place} \|", TABLE.read_text(), re.M))


class Case(fault_switches.FaultCase):
    @classmethod
    def setUpClass(cls):
        cls.receiver = otlp_receiver.Receiver()
        cls.addClassCleanup(cls.receiver.close)
        cls.services_wanted = ("users", "products", "pricing", "activity", "--otlp", cls.receiver.url)
        super().setUpClass()
        cls.shop.admin  # logged in once
        waiting.until(lambda: all(len(cls.shop.product(row["productId"])["pricingBrackets"]) == 5
                                  for row in cls.shop.products()), "prices of the seeded catalogue", 60)
        waiting.until(cls.quiet, "empty queues", 30)
        cls.numbers = iter(range(1, 1000))

    @classmethod
    def quiet(cls):
        return all(row["waiting"] + row["in_flight"] == 0 for row in cls.set.queues())

    def create(self, flags="03"):
        """(trace, product) of a new product, once everybody has heard of it."""
        number = next(self.numbers)
        trace = f"{number:04x}7651916cd43dd8448eb211c8031a"
        trace = trace.rjust(32, "e")
        headers = {"traceparent": f"00-{trace}-{PARENT}-{flags}", "tracestate": STATE}
        product = self.shop.ask("products", "POST", "/product", {"name": f"Defect {number}", "price": 130},
                                self.shop.admin.token, expect=201, headers=headers).json()["data"]["productId"]

        def priced():
            answer = self.shop.ask("products", "GET", f"/product/{product}", expect=200, headers=UNSEEN)
            return len(answer.json()["data"]["pricingBrackets"]) == 5

        waiting.until(priced, "prices", 30)
        waiting.until(self.quiet, "empty queues", 30)
        return trace, product

    def marker(self, *services):
        """A request to each service (or some), whose spans come after all that have ended there before. Returns the place
        of the last of them among all spans."""
        trace = f"{MARKER}{next(self.numbers):04x}"
        services = services or list(self.set.urls)
        for service in services:
            self.shop.ask(service, "GET", "/nowhere", headers={"traceparent": f"00-{trace}-{PARENT}-01"})

        def last():
            places = [at for at, span in enumerate(self.receiver.spans()) if span.trace == trace]
            return len(places) == len(services) and places[-1]

        return waiting.until(last, "the markers' spans", 30)

    def between(self, begin, end):
        return [span for span in self.receiver.spans()[begin + 1:end] if not span.trace.startswith(MARKER)]

    def window(self, clean, flags="03", requests=1):
        """The spans of requests from here on, defects being as they are; then they are off."""
        self.begin = getattr(self, "begin", None) or self.marker()
        begin_ns = time.time_ns()
        traces = [self.create(flags)[0] for _ in range(requests)]
        self.clear()
        end = self.marker()
        spans = self.between(self.begin, end)
        self.begin = end
        return Window(spans, traces[0], begin_ns, clean, (span.key for span in self.receiver.spans()))


class Spans(Case):
    def test_every_defect_shows(self):
        self.assertEqual(set(SPAN_CHECKS) | {"T-LATE"}, documented("span"))
        clean = self.window(None)
        self.assertGreater(len(clean.spans), 12)
        self.assertEqual(len(clean.by_key), len(clean.spans))
        self.assertEqual(self.receiver.errors, [])
        for name, check in SPAN_CHECKS.items():
            with self.subTest(defect=name):
                self.on("--trace-defect", name)
                check(self.window(clean))
                self.assertEqual(self.receiver.errors, [])
        with self.subTest(defect="none is left"):
            self.assertEqual(self.window(clean).kinds(), clean.kinds())

    def test_a_share_of_the_spans(self):
        self.marker()
        self.on("--trace-defect", "S-CARD", "--share", "0.5")
        spans = self.window(None, requests=5).spans
        spoiled = [span for span in spans if span.name.endswith(" " + span.id)]
        # Five standard deviations of a binomial distribution with p = 1/2.
        self.assertLess(abs(len(spoiled) - len(spans) / 2), 5 * (len(spans) / 4) ** 0.5)

    def test_late_spans_come_after_64_others(self):
        begin = self.marker()
        self.on("--trace-defect", "T-LATE", "--service", "products")
        trace, _ = self.create()
        others = [service for service in self.set.urls if service != "products"]
        end = self.marker(*others)
        self.assertNotEqual([span for span in self.between(begin, end) if span.service == "PricingService"], [])
        for _ in range(64):
            self.shop.ask("products", "GET", "/nowhere", headers={"traceparent": f"00-{trace}-{PARENT}-01"})
        first = waiting.until(lambda: next((span for span in self.receiver.spans() if span.trace == trace and
                                            span.service == "ProductService"), None), "the first late span", 30)
        self.assertNotIn("/nowhere", first.attributes.get("url.path", ""))
        self.clear()
        spans = self.between(begin, self.marker())
        after = [span for span in spans if span.service == "ProductService"]
        passed = next(at for at, span in enumerate(after) if span.attributes.get("url.path") == "/nowhere")
        self.assertEqual([span.name for span in after[:passed]].count("POST /product"), 1)

    def test_a_forged_flag_brings_spans_of_what_is_not_sampled(self):
        self.marker()
        self.on("--trace-defect", "P-FLAG-FORGED")
        flag_forged(self.window(None, flags="00"))


def traceparents(detail):
    return [detail["traceparent"], detail["_datadog"]["traceparent"]]


def sampled(detail):
    return [parent[-2:] for parent in traceparents(detail)]


def no_context(detail):
    return not {"traceparent", "tracestate", "_datadog"} & set(detail)


# What the CloudEvent of `users.userCreated.v1` carries; `trace` is that of the request.
EVENT_CHECKS = {
    "W-TP-FORMAT": lambda detail, trace: all(re.fullmatch(rf"00-{trace}-[0-9a-f]{{16}}", parent)
                                             for parent in traceparents(detail)),
    "I-ZERO": lambda detail, trace: all(parent.split("-")[1] == "0" * 32 for parent in traceparents(detail))
    and DATADOG_ID not in detail["_datadog"],
    "I-TRUNC64": lambda detail, trace: all(parent.split("-")[1] == "0" * 16 + trace[16:]
                                           for parent in traceparents(detail)),
    "I-CASE": lambda detail, trace: all(parent.split("-")[1] == trace.upper() for parent in traceparents(detail)),
    "P-STRAY": lambda detail, trace: no_context(detail),
    "I-REWRITE": lambda detail, trace: len({parent[:35] for parent in traceparents(detail)}) == 1
    and detail["traceparent"].split("-")[1] != trace
    and detail["_datadog"][DATADOG_ID] == str(int(detail["traceparent"].split("-")[1][16:], 16)),
    "P-MIXED": lambda detail, trace: len({parent.split("-")[1] for parent in traceparents(detail)}) == 2,
    "P-FLAG-LOST": lambda detail, trace: sampled(detail) == ["02", "02"]
    and detail["_datadog"]["x-datadog-sampling-priority"] == "0",
    "P-FLAG-FORGED": lambda detail, trace: sampled(detail) == ["03", "03"]
    and detail["_datadog"]["x-datadog-sampling-priority"] == "1",
    "P-RANDOM": lambda detail, trace: sampled(detail) == ["01", "01"],
    "P-STATE-DROP": lambda detail, trace: "tracestate" not in detail and "tracestate" not in detail["_datadog"],
    "S-CE-TIME": lambda detail, trace: re.fullmatch(r"\d{13}", detail["time"]) is not None}


class Events(Case):
    def test_every_defect_is_carried(self):
        """A consumer that fails until its events are dead letters, so that they can be read as they are."""
        self.assertEqual(set(EVENT_CHECKS), documented("event"))
        self.on("--service", "activity", "--consumer", "ActivityQueue", "--error", "500")
        sent = {}
        for name in ("none", *EVENT_CHECKS):
            if name != "none":
                self.on("--service", "users", "--trace-defect", name)
            trace = f"{len(sent):04x}7651916cd43dd8448eb211c8031a".rjust(32, "e")
            sent[self.register(trace, "02" if name == "P-FLAG-FORGED" else "03")] = name, trace
            waiting.until(lambda: self.heard() == len(sent), "the event at its consumer", 30)
            if name != "none":
                fault_switches.switch(self.set, fault_switches.ON, "clear", "2")
        waiting.until(lambda: len(self.letters()) >= len(sent), "dead letters", 60)
        details = {detail["data"]["userId"]: detail for detail in self.letters()}
        self.assertEqual(set(details), set(sent))
        for user, (name, trace) in sent.items():
            with self.subTest(defect=name):
                self.check(name, details[user], trace)

    def register(self, trace, flags):
        email = f"{trace}@example.com"
        new = {"email_address": email, "first_name": "T", "last_name": "U", "password": shop.PASSWORD}
        headers = {"traceparent": f"00-{trace}-{PARENT}-{flags}", "tracestate": STATE}
        self.shop.ask("users", "POST", "/user", new, expect=200, headers=headers)
        return self.shop.login(email, shop.PASSWORD).id

    def heard(self):
        """Events that the failing consumer has met."""
        return len({row["id"] for row in fault_switches.lines(self.set, "event failed")})

    def letters(self):
        lines = self.set.command("dead-letters", "ActivityQueue-dev", "--json").splitlines()
        return [json.loads(json.loads(line)["body"])["detail"] for line in lines]

    def check(self, name, detail, trace):
        if name == "none":
            self.assertEqual(sampled(detail), ["03", "03"])
            self.assertEqual({parent.split("-")[1] for parent in traceparents(detail)}, {trace})
            self.assertEqual(detail["tracestate"], STATE)
            self.assertFalse(any(check(detail, trace) for other, check in EVENT_CHECKS.items()
                                 if other != "P-FLAG-FORGED"))
        else:
            self.assertTrue(EVENT_CHECKS[name](detail, trace), detail)


if __name__ == "__main__":
    unittest.main()
