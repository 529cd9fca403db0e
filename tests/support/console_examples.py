"""The commands that a page shows, and what it says they print."""

import re


def examples(page):
    """(command, expected output) of every console block of a Markdown file."""
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield command, output
