"""A receiver of OTLP over HTTP for tests: takes what services export and hands it out as plain objects. Reads the binary
protobuf by the field numbers of opentelemetry-proto 1.11. Can be told to refuse, or to take requests and never answer."""

import http.server
import struct
import threading

KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
STATUSES = {0: "unset", 1: "ok", 2: "error"}


def fields(data):
    """Yields (number, value): int for varints, raw bytes for all else."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7f) << shift
            if byte < 0x80:
                return value
            shift += 7

    while at < len(data):
        key = varint()
        wire = key & 7
        if wire == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}[wire] if wire != 2 else varint()
        if at + size > len(data):
            raise ValueError("a field is longer than its message")
        yield key >> 3, data[at:at + size]
        at += size


def fixed(raw):
    return int.from_bytes(raw, "little")


def first(data, number, default=b""):
    return next((value for field, value in fields(data) if field == number), default)


def every(data, number):
    return [value for field, value in fields(data) if field == number]


def any_value(data):
    for field, value in fields(data):
        if field == 1:
            return value.decode()
        if field == 2:
            return bool(value)
        if field == 3:
            return value - (1 << 64) if value >> 63 else value
        if field == 4:
            return struct.unpack("<d", value)[0]
    raise ValueError("an attribute without a value")


def attributes(rows):
    pairs = [(first(row, 1).decode(), any_value(first(row, 2))) for row in rows]
    if len(dict(pairs)) != len(pairs):
        raise ValueError(f"an attribute comes twice: {pairs}")
    return dict(pairs)


class Link:
    def __init__(self, data):
        self.trace = first(data, 1).hex()
        self.span = first(data, 2).hex()
        self.state = first(data, 3).decode()
        self.attributes = attributes(every(data, 4))
        self.flags = fixed(first(data, 6))

    @property
    def target(self):
        return self.trace, self.span


class Span:
    def __init__(self, data, resource):
        self.resource = resource
        self.trace = first(data, 1).hex()
        self.id = first(data, 2).hex()
        self.state = first(data, 3).decode()
        self.parent = first(data, 4).hex()
        self.name = first(data, 5).decode()
        self.kind = KINDS[first(data, 6, 0)]
        self.start = fixed(first(data, 7))
        self.end = fixed(first(data, 8))
        self.attributes = attributes(every(data, 9))
        self.events = [(first(row, 2).decode(), attributes(every(row, 3))) for row in every(data, 11)]
        self.links = [Link(row) for row in every(data, 13)]
        self.dropped = [first(data, number, 0) for number in (10, 12, 14)]
        status = first(data, 15)
        self.status = STATUSES[first(status, 3, 0)]
        self.flags = fixed(first(data, 16))

    @property
    def service(self):
        return self.resource["service.name"]

    @property
    def key(self):
        return self.trace, self.id

    def __repr__(self):
        return f"<{self.service} {self.kind} {self.name!r} {self.trace}/{self.id} below {self.parent or 'nothing'}>"


def point_value(kind, data):
    """Sum of a counter, value of a gauge, count of a histogram."""
    if kind == 9:
        return fixed(first(data, 4))
    for field, value in fields(data):
        if field == 4:
            return struct.unpack("<d", value)[0]
        if field == 6:
            return struct.unpack("<q", value)[0]
    raise ValueError("a point without a value")


class Point:
    def __init__(self, resource, name, unit, kind, data):
        self.resource = resource
        self.name = name
        self.unit = unit
        self.attributes = attributes(every(data, 9 if kind == 9 else 7))
        self.value = point_value(kind, data)


def read_spans(body):
    for resource_spans in every(body, 1):
        resource = attributes(every(first(resource_spans, 1), 1))
        for scope_spans in every(resource_spans, 2):
            for span in every(scope_spans, 2):
                yield Span(span, resource)


def read_points(body):
    for resource_metrics in every(body, 1):
        resource = attributes(every(first(resource_metrics, 1), 1))
        for scope_metrics in every(resource_metrics, 2):
            for metric in every(scope_metrics, 2):
                for kind in (5, 7, 9):
                    for data in every(first(metric, kind), 1):
                        yield Point(resource, first(metric, 1).decode(), first(metric, 3).decode(), kind, data)


class Receiver:
    """Listens on loopback until `close`. `mode` says what becomes of spans: "take", "refuse" (400, final), "busy" (503) or
    "stall"; metrics are always taken."""

    def __init__(self, mode="take"):
        self.mode = mode
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.requests = 0
        self.all_spans = []
        self.points = {}
        self.errors = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(self.path, self.headers["Content-Type"], body)
                self.send_response(status)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # an exporter that gave up

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def take(self, path, content_type, body):
        with self.lock:
            self.requests += 1
            mode = self.mode if path == "/v1/traces" else "take"
        if mode == "stall":
            self.closing.wait()
        if mode != "take":
            return {"refuse": 400, "busy": 503}.get(mode, 200)
        try:
            if content_type != "application/x-protobuf":
                raise ValueError(f"content type {content_type}")
            spans = list(read_spans(body)) if path == "/v1/traces" else []
            points = list(read_points(body)) if path == "/v1/metrics" else []
            if path not in ("/v1/traces", "/v1/metrics"):
                raise ValueError(f"a request to {path}")
        except (ValueError, KeyError, IndexError, TypeError) as error:
            with self.lock:
                self.errors.append(error)
            return 400
        with self.lock:
            self.all_spans += spans
            for point in points:
                resource = point.resource
                key = (resource["service.name"], resource["service.instance.id"], point.name,
                       tuple(sorted(point.attributes.items(), key=str)))
                self.points[key] = point
        return 200

    def spans(self):
        with self.lock:
            return list(self.all_spans)

    def metric(self, name):
        """The newest points of that name, one for each resource and set of attributes."""
        with self.lock:
            return [point for point in self.points.values() if point.name == name]

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
