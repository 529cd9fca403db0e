"""Reads behaviour files. A mistake in a file is an error with its line, never a test that tests nothing."""

import pathlib
from typing import NamedTuple


class BadCase(Exception):
    pass


class Step(NamedTuple):
    line: int
    verb: str
    argument: str
    block: tuple = ()


class Case(NamedTuple):
    path: pathlib.Path
    name: str
    purpose: str
    steps: tuple


# verb: (needs an argument, has a block that ends with `end`)
VERBS = {
    "server": (True, False), "file": (True, True), "run": (True, False), "exit": (True, False),
    "stdout": (False, True), "stderr": (False, True), "content": (True, True), "absent": (True, False),
    "requests": (True, False), "answer": (True, True), "seen": (None, True),
}
CHECKS = {"exit", "stdout", "stderr", "content", "absent", "requests", "seen"}
NEED_A_RUN = CHECKS - {"absent"}


def read_header(path, lines, source):
    header = {}
    for line in lines:
        if not line.startswith("# "):
            break
        key, separator, value = line[2:].partition(": ")
        if separator and key in ("name", "purpose"):
            header[key] = value.strip()
    name = path.relative_to(source).as_posix() if path.is_relative_to(source) else path.name
    if header.get("name") != name:
        raise BadCase(f"{path}:1: the first line must be \"# name: {name}\"")
    if not header.get("purpose"):
        raise BadCase(f"{path}:2: the second line must be \"# purpose: what this file shows\"")
    return header


def read_block(path, lines, start):
    """The lines up to `end`, and the number of lines that were read."""
    for offset, line in enumerate(lines[start:]):
        if line == "end":
            return tuple(lines[start:start + offset]), offset + 1
    raise BadCase(f"{path}:{start}: this block has no \"end\"")


def read_steps(path, lines):
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.strip() or line.startswith("#"):
            continue
        verb, _, argument = line.partition(" ")
        if verb not in VERBS:
            raise BadCase(f"{path}:{number}: unknown \"{verb}\"; known are {', '.join(VERBS)}")
        needs_argument, has_block = VERBS[verb]
        if needs_argument is not None and needs_argument != bool(argument.strip()):
            raise BadCase(f"{path}:{number}: \"{verb}\" {'needs' if needs_argument else 'takes no'} argument")
        at, block = number, ()
        if has_block:
            block, taken = read_block(path, lines, number)
            number += taken
        yield Step(at, verb, argument.strip(), block)


def check_order(path, steps):
    """Every run states its exit code, and nothing is checked before something ran."""
    runs = [step for step in steps if step.verb == "run"]
    if not runs:
        raise BadCase(f"{path}: runs nothing")
    for step, following in zip(steps, steps[1:] + (Step(0, "", ""),)):
        if step.verb == "run" and following.verb != "exit":
            raise BadCase(f"{path}:{step.line}: a run is followed by the exit code it must have")
        if step.verb in NEED_A_RUN and step.line < runs[0].line:
            raise BadCase(f"{path}:{step.line}: \"{step.verb}\" before the first run")
    if any(step.verb in ("requests", "seen") for step in steps) and not any(step.verb == "server" for step in steps):
        raise BadCase(f"{path}: counts requests without a server")


def read(path, source):
    lines = path.read_text(encoding="utf-8").splitlines()
    header = read_header(path, lines, source)
    steps = tuple(read_steps(path, lines))
    check_order(path, steps)
    return Case(path, header["name"], header["purpose"], steps)
