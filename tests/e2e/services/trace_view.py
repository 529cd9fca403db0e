"""Exported spans as trees, and who consumed what, as text that tests compare."""

import collections


class TraceView:
    def __init__(self, spans):
        self.spans = spans
        self.by_key = {span.key: span for span in spans}
        self.children = collections.defaultdict(list)
        for span in spans:
            if span.parent:
                self.children[span.trace, span.parent].append(span)

    def has_parent(self, span):
        return (span.trace, span.parent) in self.by_key

    def tree(self, span):
        """A line a span, "Service KIND name", two spaces a level; children in the order of their text."""
        below = sorted(self.tree(child) for child in self.children[span.key])
        lines = [f"{span.service} {span.kind} {span.name}"]
        return "\n".join(lines + ["  " + line for text in below for line in text.splitlines()])

    def in_trace(self, trace):
        return [span for span in self.spans if span.trace == trace]

    def published(self, trace, kind=None):
        """The publish spans of a trace, or the ones of an event type."""
        return [span for span in self.in_trace(trace)
                if span.kind == "PRODUCER" and kind in (None, span.attributes["cloudevents.event_type"])]

    def linked(self, target, kind):
        """Spans of other traces that link to `target`."""
        return [span for span in self.spans
                if span.kind == kind and span.trace != target.trace and target.key in [link.target for link in span.links]]

    def processed(self, published):
        return [span for span in self.linked(published, "CONSUMER") if span.name.startswith("process ")]
