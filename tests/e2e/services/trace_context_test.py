"""W3C Trace Context, level 2, at a running service: each case of tests/data/trace_context is sent over HTTP/1.1 and over
HTTP/2, and what comes out is compared: the exported server span, and the context in the envelope of the event that the
request published, as it lies in a queue."""

import http.client
import json
import pathlib
import sqlite3
import unittest
import urllib.parse

from tests.e2e.services import service_set, shop
from tests.support import http2_client, otlp_receiver, waiting

CASES = json.loads(pathlib.Path("tests/data/trace_context/cases.json").read_text())
TRACE, PARENT = "12345678901234567890123456789012", "1234567890123456"
QUEUE = "ProductStockUpdatedEventQueue-dev"
SAMPLED, RANDOM = 1, 2


def requests():
    """(why, fields, flags or None, tracestate)"""
    for value, flags, why in CASES["traceparent"]:
        yield why, [["traceparent", value]], flags, ""
    for value, expected, why in CASES["tracestate"]:
        yield why, [["tracestate", value], ["traceparent", f"00-{TRACE}-{PARENT}-01"]], 1, expected or ""
    for row in CASES["requests"]:
        yield row["why"], row["fields"], row["flags"], row["tracestate"]


class TraceContext(service_set.ServiceSetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = list(requests())

    def setUp(self):
        super().setUp()
        self.receiver = otlp_receiver.Receiver()
        self.addCleanup(self.receiver.close)
        # The catalogue makes its queue, then leaves: what is said from then on stays there.
        self.start("users", "products", "inventory", "--start-limit", "120s").close()
        self.services = self.start("users", "inventory", "--otlp", self.receiver.url, "--start-limit", "120s")
        self.token = shop.Shop(self.services.urls).admin.token

    def body(self, product):
        return json.dumps({"productId": product, "stockLevel": 5}).encode()

    def send_http1(self):
        address = urllib.parse.urlsplit(self.services.urls["inventory"])
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        for number, (why, fields, _, _) in enumerate(self.cases):
            body = self.body(f"CASE{number}")
            connection.putrequest("POST", "/inventory")
            for name, value in fields + [["Authorization", "Bearer " + self.token], ["Content-Length", str(len(body))],
                                         ["Content-Type", "application/json"]]:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            self.assertEqual(answer.status, 200, (why, fields, answer.read()))
            answer.read()
        connection.close()

    def send_http2(self):
        connection = http2_client.Connection(self.services.urls["inventory"])
        for number, (why, fields, _, _) in enumerate(self.cases):
            # RFC 9113 section 8.2.1: names in lower case, no blanks around values.
            own = [[name.lower(), value.strip(" \t")] for name, value in fields]
            answer = connection.ask("POST", "/inventory", own + [["authorization", "Bearer " + self.token],
                                    ["content-type", "application/json"]], self.body(f"CASE{number}"))
            self.assertEqual(answer, 0x88, (why, fields))
        connection.close()

    def envelopes(self):
        """The published events by the number of their case."""
        with sqlite3.connect(self.services.data / "bus.db", timeout=30) as database:
            rows = database.execute("SELECT body FROM bodies JOIN copies USING (sequence) JOIN queues ON "
                                    "queues.id = copies.queue WHERE queues.name = ?", [QUEUE]).fetchall()
        database.close()
        events = [json.loads(body)["detail"] for [body] in rows]
        return {int(event["data"]["productId"][4:]): event for event in events
                if event["data"]["productId"].startswith("CASE")}

    def check(self):
        waiting.until(lambda: len(self.envelopes()) == len(self.cases), "an event for each case", 30)
        envelopes = self.envelopes()
        self.assertEqual(self.services.stop(), 0)
        spans = {span.id: span for span in self.receiver.spans()}
        for number, (why, fields, flags, state) in enumerate(self.cases):
            with self.subTest(why=why, fields=fields):
                self.check_case(envelopes[number], spans, flags, state)

    def check_case(self, event, spans, flags, state):
        version, trace, span_id, sent_flags = event["traceparent"].split("-")
        valid = flags is not None
        self.assertEqual(version, "00")
        self.assertEqual(trace == TRACE, valid)
        self.assertNotEqual(span_id, PARENT)
        # A new trace is sampled, and its id is random. Of flags that came those go on that version 00 knows.
        self.assertEqual(int(sent_flags, 16), flags & (SAMPLED | RANDOM) if valid else SAMPLED | RANDOM)
        self.assertEqual(event.get("tracestate", ""), state)
        self.assertEqual(event["_datadog"]["traceparent"], event["traceparent"])
        if valid and not flags & SAMPLED:
            return self.assertNotIn(span_id, spans)
        publish = spans[span_id]
        server = spans[spans[publish.parent].parent]
        self.assertEqual((server.kind, server.name, server.trace), ("SERVER", "POST /inventory", trace))
        self.assertEqual(server.parent, PARENT if valid else "")
        self.assertEqual({span.state for span in (publish, server)}, {state})
        self.assertEqual({span.flags & 0xff for span in (publish, server)}, {int(sent_flags, 16)})

    def test_every_case_over_http1(self):
        self.send_http1()
        self.check()

    def test_every_case_over_http2(self):
        self.send_http2()
        self.check()

    def test_names_in_capitals_are_no_http2(self):
        connection = http2_client.Connection(self.services.urls["inventory"])
        fields = [["Traceparent", f"00-{TRACE}-{PARENT}-01"], ["authorization", "Bearer " + self.token]]
        self.assertEqual(connection.ask("POST", "/inventory", fields, self.body("X")), "reset")
        connection.close()


if __name__ == "__main__":
    unittest.main()
