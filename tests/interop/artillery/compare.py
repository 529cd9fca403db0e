#!/usr/bin/env python3
"""Runs the scripts of the behaviour files on Artillery itself and on loadgen, against the same recording server, and
compares what the server saw: the requests, their order within a user, bodies, cookies and the fields that scripts set.

usage: compare.py BIN_FOLDER ARTILLERY [CASE_FILE...]

ARTILLERY is the program of npm's `artillery` package (2.0.x runs on Node 20). The package is half a gigabyte, so this is
no test of the suite; docs/artillery-differences.md says what it found.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE))
from tests.behaviour import case_file
from tests.support import scripted_answers, web_server

FIELDS = ("authorization", "content-type", "cookie", "x-one", "x-two", "x-tag", "x-all", "x-sign")
SECONDS = 120


def run(case, command, environment):
    """What the server saw of one program, and the exit codes."""
    server = web_server.WebServer(scripted_answers.Scripted())
    codes = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            values = {"URL": f"http://127.0.0.1:{server.port}", "PORT": str(server.port), "TMP": folder}
            fill = lambda text: re.sub(r"\$\{(\w+)\}", lambda match: values.get(match.group(1), match.group(0)), text)
            for step in case.steps:
                if step.verb == "answer":
                    server.answer.add(step.argument, [fill(line) for line in step.block])
                elif step.verb == "file":
                    path = pathlib.Path(folder) / step.argument
                    path.write_text("".join(fill(line) + "\n" for line in step.block))
                elif step.verb == "run":
                    words = fill(step.argument).replace("loadgen run -q", "loadgen run")
                    words = words.replace("--threads 1", "").replace("loadgen run", command)
                    done = subprocess.run(["/bin/bash", "-c", words], cwd=folder, env=environment, timeout=SECONDS,
                                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
                    codes.append(done.returncode)
    finally:
        server.__exit__()
    return [line for seen in server.seen for line in describe(seen)], codes


def describe(seen):
    lines = [f"{seen.method} {seen.path}"]
    lines += [f"  {name}: {value}" for name in FIELDS for value in seen.values(name)]
    return lines + ([f"  {seen.body.decode(errors='replace')}"] if seen.body else [])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    bin_folder, artillery = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    paths = [pathlib.Path(path).resolve() for path in sys.argv[3:]]
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "ARTILLERY_DISABLE_TELEMETRY": "true"}
    for path in paths or sorted((SOURCE / "tests/behaviour/run").glob("*.case")):
        case = case_file.read(path, SOURCE)
        ours, our_codes = run(case, "loadgen run", environment)
        theirs, their_codes = run(case, f"node {artillery} run", environment)
        same = ours == theirs
        print(f"{'same' if same else 'DIFFERENT'}  {case.name}  exit codes: ours {our_codes}, theirs {their_codes}")
        if not same:
            print("\n".join(["    ours:"] + [f"      {line}" for line in ours] + ["    theirs:"] +
                            [f"      {line}" for line in theirs]))


if __name__ == "__main__":
    main()
