"""What the spans of one request look like when a defect is on for all of them: a check a defect, by the names of
docs/faults.md. Each gets what arrived (`Window`) and raises AssertionError when the defect does not show. What the same
request leaves without a defect is in `window.clean`."""

import collections

PARENT = "00f067aa0ba902b7"
SECOND = 10**9
MS = 10**6


class Window:
    def __init__(self, spans, trace, begin_ns, clean, known=()):
        self.spans = spans
        self.known = set(known)  # keys of all spans, of earlier requests too
        self.trace = trace
        self.begin_ns = begin_ns
        self.clean = clean  # the window of a request without defect; None for that one itself
        self.by_key = {span.key: span for span in spans}
        self.traces = {span.trace for span in spans}

    def named(self, start, kind=None):
        return [span for span in self.spans if span.name.startswith(start) and kind in (None, span.kind)]

    def having(self, attribute):
        return [span for span in self.spans if attribute in span.attributes]

    def linking(self):
        return [span for span in self.spans if span.links]

    def below_a_parent(self):
        return [span for span in self.spans if span.parent]

    def kinds(self):
        return collections.Counter((span.service, span.kind, span.name) for span in self.spans)


def every(spans, holds, what=""):
    """All of them, and there are some."""
    assert spans, f"there is none {what}"
    wrong = [span for span in spans if not holds(span)]
    assert not wrong, f"{len(wrong)} of {len(spans)} are not {what}: {wrong[:3]}"


def same(got, wanted):
    assert got == wanted, f"{got} instead of {wanted}"


def with_more(window, name, kind, count):
    """Each span of the clean request has `count` children of that name."""
    extra = [span for span in window.spans if (span.name, span.kind) == (name, kind)]
    below = collections.Counter((span.trace, span.parent) for span in extra)
    same(len(extra), count * len(window.clean.spans))
    same(set(below.values()), {count})
    same(len(window.by_key), len(window.spans))
    return extra


# Identity.
def truncated(window):
    same(len(window.spans), len(window.clean.spans))
    every(window.spans, lambda span: span.trace[:16] == "0" * 16 and span.trace[16:] != "0" * 16, "cut")


def rewritten(window):
    [entry] = window.named("POST /product", "SERVER")
    same(entry.parent, "")
    assert entry.trace != window.trace, entry


def duplicated(window):
    names = collections.defaultdict(list)
    for span in window.spans:
        names[span.key].append(span.name)
    same(len(names), len(window.clean.spans))
    assert all(len(both) == 2 and len(set(both)) == 2 for both in names.values()), names


def redelivered(window):
    counts = collections.Counter((span.key, span.name, span.kind, span.start, span.end) for span in window.spans)
    same(set(counts.values()), {2})
    same(len(counts), len(window.clean.spans))


# Structure.
def entry_missing(window):
    same([span for span in window.spans if span.kind == "SERVER"], [])
    same(len(window.spans), len(window.clean.spans) - len(window.clean.named("", "SERVER")))


def orphans(window):
    every(window.below_a_parent(), lambda span: (span.trace, span.parent) not in window.by_key and
          span.parent != PARENT, "orphans")
    same(len(window.below_a_parent()), len(window.clean.below_a_parent()))


def crossed(window):
    traces_of = collections.defaultdict(set)
    for trace, span_id in window.known:
        traces_of[span_id].add(trace)
    every(window.below_a_parent(), lambda span: traces_of[span.parent] and span.trace not in traces_of[span.parent],
          "below a span of another trace")


def depth(window):
    deeper = [span for span in window.spans if span.name == "deeper"]
    same(len(deeper), 72 * len(window.clean.spans))
    leaves = {span.key for span in deeper} - {(span.trace, span.parent) for span in deeper}
    at, steps = window.by_key[leaves.pop()], 0
    while at.name == "deeper":
        at, steps = window.by_key[at.trace, at.parent], steps + 1
    same(steps, 72)


def many_internals(window):
    every(with_more(window, "small step", "INTERNAL", 25), lambda span: span.end - span.start == MS, "of 1 ms")


def client_roots(window):
    roots = [span for span in window.linking() if not span.parent]
    every(roots, lambda span: span.kind == "CLIENT", "clients")
    same(len(roots), len(window.clean.named("receive ")))


# Time.
def local_child(window):
    [child] = window.named("INSERT products")
    return child, window.by_key[child.trace, child.parent]


def before_parent(window):
    child, parent = local_child(window)
    assert child.start < parent.start, (child.start, parent.start)


def outside_parent(window):
    child, parent = local_child(window)
    assert child.end > parent.end + 4 * SECOND, (child.end, parent.end)


def shifted(by_ns):
    def check(window):
        every(window.spans, lambda span: span.start >= window.begin_ns + by_ns and span.end >= span.start, "later")
        same(window.kinds(), window.clean.kinds())
    return check


def negative_network(window):
    every(window.named("", "CLIENT"), lambda span: span.end - span.start == 1000, "1 us long")
    [call] = window.named("GET", "CLIENT")
    [served] = [span for span in window.spans if (span.trace, span.parent) == call.key]
    assert served.end - served.start > call.end - call.start


# Propagation.
def flag_lost(window):
    every(window.spans, lambda span: span.flags & 1 == 0, "without the flag")
    assert window.named("process product.productCreated.v1", "CONSUMER")
    assert not [span for span in window.spans if span.trace == window.trace and span.kind == "CONSUMER"], \
        "the event carried the flag"


def flag_forged(window):
    """The request said that it is not sampled."""
    same([span for span in window.named("", "SERVER") if span.trace == window.trace], [])
    assert [span for span in window.spans if span.trace == window.trace and span.kind == "CONSUMER"]


def random_lost(window):
    assert any(span.flags & 2 for span in window.clean.spans)
    every(window.spans, lambda span: span.flags & 2 == 0, "without the flag")


def state_dropped(window):
    assert any(span.state for span in window.clean.spans)
    every(window.spans, lambda span: span.state == "", "without state")


def mixed(window):
    every(window.spans, lambda span: {"reason": "terminated_context"} in [link.attributes for link in span.links], "mixed")


# Links.
def dangling(window):
    links = [span.links[0] for span in window.linking()]
    same(len(links), len(window.clean.linking()))
    every(links, lambda link: link.target not in window.by_key and link.trace in window.traces, "dangling")


def unknown(window):
    every([span.links[0] for span in window.linking()], lambda link: link.trace not in window.traces, "unknown")


def linked_parents(window):
    """Consumers of the public event, which are below its publication instead of beside it."""
    [published] = window.named("publish product.productCreated.v1")
    consumers = window.named("process product.productCreated.v1")
    every(consumers, lambda span: (span.trace, span.parent) == published.key, "below the publication")
    return published, consumers


def parent_only(window):
    linked_parents(window)
    same(window.linking(), [])


def both(window):
    published, consumers = linked_parents(window)
    every(consumers, lambda span: published.key in [link.target for link in span.links], "linked too")


def link_twice(window):
    every(window.linking(), lambda span: span.links[0].target == span.links[-1].target and len(span.links) > 1, "double")


def target_kind(window):
    same(window.named("", "PRODUCER"), [])
    every(window.named("publish "), lambda span: span.kind == "INTERNAL", "internal")


def kind_pair(window):
    same(window.named("", "CONSUMER"), [])
    every(window.named("process ") + window.named("receive "), lambda span: span.kind == "SERVER", "servers")


def link_order(window):
    [published] = window.named("publish product.productCreated.v1")
    every(window.named("process product.productCreated.v1"), lambda span: span.start < published.start - 5 * SECOND, "early")


def link_count(window):
    every(window.having("messaging.batch.message_count"),
          lambda span: span.attributes["messaging.batch.message_count"] == len(span.links) + 1, "one too many")


def message_id(window):
    every(window.named("process "), lambda span: span.attributes["messaging.message.id"] == "another-message", "another")
    every(window.named("publish "), lambda span: span.attributes["messaging.message.id"] != "another-message", "its own")


def links_truncated(window):
    cut = [span for span in window.spans if span.dropped[2] == 1]
    same(len(cut), len(window.clean.linking()))
    same(window.linking(), [])


def link_flags(window):
    targets = [(link, window.by_key[link.target]) for span in window.linking() for link in span.links]
    every(targets, lambda pair: pair[0].flags & 1 == 0 and pair[1].flags & 1 == 1, "contradicting")


def link_false(window):
    wrong = [span for span in window.named("process product.productCreated.v1")
             if span.links[0].target in window.known and span.links[0].trace != window.trace]
    assert wrong, window.named("process product.productCreated.v1")


# Conventions, status, completeness.
def gone(*names):
    def check(window):
        for name in names:
            assert window.clean.having(name), name
            same(window.having(name), [])
    return check


def added(pairs):
    def check(window):
        for beside, name, value in pairs:
            every(window.having(beside), lambda span: span.attributes.get(name) == value, name)
    return check


def types(window):
    for name in ("http.response.status_code", "messaging.batch.message_count"):
        every(window.having(name), lambda span: isinstance(span.attributes[name], str), name)


def kind_lost(window):
    every(window.spans, lambda span: span.kind == "INTERNAL", "internal")
    assert {span.kind for span in window.clean.spans} >= {"SERVER", "CLIENT", "PRODUCER", "CONSUMER"}


def names_reversed(window):
    wanted = sorted(" ".join(reversed(span.name.split(" ", 1))) for span in window.clean.spans)
    same(sorted(span.name for span in window.spans), wanted)


def status(window):
    every(window.having("http.response.status_code"),
          lambda span: span.status == "error" and "error.type" not in span.attributes, "errors")


def mismatch(window):
    every(window.having("http.response.status_code"),
          lambda span: span.attributes["http.response.status_code"] == 418, "418")


def silent(window):
    every(window.spans, lambda span: span.status == "unset" and
          ("exception", {"exception.type": "injected"}) in span.events, "silent")


def counted(window):
    same(window.kinds(), window.clean.kinds() + window.clean.kinds())
    same(len(window.by_key), len(window.spans))


def each(holds):
    return lambda window: every(window.spans, holds)


SPAN_CHECKS = {
    "W-PARTIAL": each(lambda span: span.start == 0 and span.end == 0), "I-ZERO": each(lambda span: span.id == "0" * 16),
    "I-TRUNC64": truncated, "I-REWRITE": rewritten, "I-DUP": duplicated, "I-REDELIVER": redelivered,
    "T-ENTRY": entry_missing, "T-ORPHAN": orphans, "T-MULTIROOT": each(lambda span: not span.parent),
    "T-CYCLE": each(lambda span: span.parent == span.id), "T-CROSS": crossed,
    "T-UNFINISHED": each(lambda span: span.end == 0 < span.start), "T-DEPTH": depth,
    "T-FANOUT": lambda window: with_more(window, "child", "INTERNAL", 200),
    "T-N+1": lambda window: with_more(window, "SELECT one", "CLIENT", 20), "T-INTERNAL": many_internals,
    "T-ROOTCLIENT": client_roots, "C-BEFORE": before_parent, "C-OUTSIDE": outside_parent,
    "C-SKEW": shifted(2 * SECOND), "C-NEGNET": negative_network, "C-FUTURE": shifted(3600 * SECOND),
    "C-ZERODUR": lambda window: every(window.named("", "SERVER") + window.named("", "CLIENT"),
                                      lambda span: span.start == span.end > 0, "empty"),
    "P-FLAG-LOST": flag_lost, "P-RANDOM": random_lost, "P-STATE-DROP": state_dropped, "P-MIXED": mixed,
    "L-MISSING": each(lambda span: not span.links), "L-DANGLING": dangling, "L-UNKNOWN": unknown,
    "L-PARENTONLY": parent_only, "L-BOTH": both, "L-SELF": each(lambda span: span.key in [x.target for x in span.links]),
    "L-DUP": link_twice, "L-TARGET-KIND": target_kind, "L-KINDPAIR": kind_pair, "L-ORDER": link_order,
    "L-COUNT": link_count, "L-ID": message_id, "L-TRUNC": links_truncated, "L-FLAGS": link_flags, "L-FALSE": link_false,
    "S-REQ": gone("messaging.system", "http.request.method"),
    "S-COND": gone("messaging.destination.name", "http.route"),
    "S-DEPR": added([("messaging.system", "messaging.operation", "publish"), ("url.path", "http.status_code", 200)]),
    "S-UNKNOWN": added([("messaging.system", "messaging.colour", "blue"), ("url.path", "http.colour", "blue")]),
    "S-ENUM": added([("messaging.system", "messaging.operation.type", "publish"),
                     ("url.path", "http.request.method", "fetch")]),
    "S-TYPE": types, "S-LEVEL": each(lambda span: span.attributes["service.name"] == "misplaced"), "S-KIND": kind_lost,
    "S-NAME": names_reversed, "S-CARD": each(lambda span: span.name.endswith(" " + span.id)), "E-STATUS": status,
    "E-MISMATCH": mismatch, "E-SILENT": silent, "N-SPAN": lambda window: same(window.spans, []),
    "N-EXTRA": lambda window: with_more(window, "unexpected", "INTERNAL", 1), "N-COUNT": counted}
