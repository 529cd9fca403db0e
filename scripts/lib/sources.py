"""What the check scripts share: which files there are, and C++ text without comments and literals."""

import argparse
import os
import pathlib
import re
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
IGNORED_FOLDERS = {"build", ".git", ".peers", "node_modules", "demo-out", "bench-out", "__pycache__"}
CPP = (".hpp", ".cpp")

# Comments, then raw strings, strings and characters (a digit separator is not a character).
_LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|R"(?P<tag>[^(\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.S,
)


def root_argument(description):
    """Every check takes --root, so that its own test can point it at a bad sample."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=REPOSITORY)
    return parser


def find_files(root, suffixes, folders=None):
    """Files below root with one of the suffixes, sorted; `folders` limits the top folders."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if name not in IGNORED_FOLDERS)
        if folders is not None and pathlib.Path(folder) == root:
            subfolders[:] = [name for name in subfolders if name in folders]
        found += [pathlib.Path(folder) / name for name in sorted(names) if name.endswith(suffixes)]
    return found


def blank_literals(text):
    """C++ text with comments and literals blanked; every line and column stays where it was."""

    def blank(match):
        token = match.group(0)
        kept = token[0] if token[0] in "\"'" else " "
        inner = re.sub(r"[^\n]", " ", token)
        return kept + inner[1:-1] + kept if len(inner) >= 2 else inner

    return _LITERAL.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(name, problems, summary):
    """Prints the outcome of a check and leaves with 0 or 1."""
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{name}: {summary}" if not problems else f"{name}: {len(problems)} problem(s)")
    sys.exit(1 if problems else 0)
