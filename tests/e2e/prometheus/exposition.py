"""A strict reader of what Prometheus scrapes: text format 0.0.4 and OpenMetrics 1.0. Anything unusual is an error."""

import re

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",)}


def parse(text, open_metrics=False):
    """Sample name and labels as a sorted tuple -> value, for every sample; checks families, order and histograms."""
    if not text.endswith("\n"):
        raise ValueError("the last line does not end")
    lines = text[:-1].split("\n")
    if open_metrics and lines.pop() != "# EOF":
        raise ValueError("no # EOF at the end")
    samples, kinds, current = {}, {}, None
    for line in lines:
        if line.startswith("# "):
            keyword, name, rest = line[2:].split(" ", 2)
            if keyword == "TYPE":
                kinds[name] = rest
            elif keyword != "HELP":
                raise ValueError(f"unknown comment: {line}")
            if name != current and any(sample.startswith(name) for sample, _ in samples):
                raise ValueError(f"family {name} is not in one piece")
            current = name
            continue
        match = SAMPLE.fullmatch(line)
        if not match:
            raise ValueError(f"no sample: {line}")
        name, labels, value = match[1], parse_labels(match[2] or ""), float(match[3])
        suffixes = ("_total",) if open_metrics and kinds[current] == "counter" else SUFFIXES[kinds[current]]
        if name not in [current + suffix for suffix in suffixes]:
            raise ValueError(f"{name} does not belong to the {kinds[current]} {current}")
        if (name, labels) in samples:
            raise ValueError(f"twice: {line}")
        samples[name, labels] = value
    check_histograms(samples, [name for name, kind in kinds.items() if kind == "histogram"])
    return samples


def parse_labels(text):
    labels, position = [], 0
    while position < len(text):
        match = LABEL.match(text, position)
        if not match:
            raise ValueError(f"bad labels: {text}")
        labels.append((match[1], re.sub(r"\\.", lambda escape: ESCAPES[escape[0]], match[2])))
        position = match.end()
    if len({name for name, _ in labels}) < len(labels):
        raise ValueError(f"a label twice: {text}")
    return tuple(sorted(labels))


def check_histograms(samples, names):
    """Buckets rise, end with +Inf, and +Inf is the count."""
    for name in names:
        series = {}
        for (sample, labels), value in samples.items():
            if sample == name + "_bucket":
                rest = tuple(label for label in labels if label[0] != "le")
                series.setdefault(rest, []).append((float(dict(labels)["le"]), value))
        for labels, buckets in series.items():
            if buckets != sorted(buckets) or [count for _, count in buckets] != sorted(count for _, count in buckets):
                raise ValueError(f"buckets do not rise: {buckets}")
            if buckets[-1] != (float("inf"), samples[name + "_count", labels]):
                raise ValueError(f"+Inf is not the count: {buckets[-1]}")


def total(samples, name, **where):
    """The sum of a sample over all its label sets in which the named labels have these values."""
    return sum(value for (sample, labels), value in samples.items()
               if sample == name and all(dict(labels).get(key) == wanted for key, wanted in where.items()))
