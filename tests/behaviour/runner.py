#!/usr/bin/env python3
"""Runs one behaviour file: commands of loadgen, and what they must answer. tests/behaviour/README.md has the format.

usage: runner.py BIN_FOLDER CASE_FILE
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE))
from tests.behaviour import case_file
from tests.support import caddy, fault_server, nghttpd, nginx, scripted_answers, web_server

COMMAND_SECONDS = 60

NGINX_OPTIONS = {"h2c": "http2", "plain": ""}


def start_server(words, folder):
    """The fixture that a `server` line names: nginx [plain|h2c], nghttpd, caddy, fault BEHAVIOUR, recording."""
    kind, *rest = words
    if kind == "nginx":
        return nginx.start(folder, listen_options=NGINX_OPTIONS[rest[0] if rest else "plain"], unix_socket=True)
    if kind == "nghttpd":
        return nghttpd.start(folder)
    if kind == "caddy":
        return caddy.start(folder)
    if kind == "fault":
        return fault_server.FaultServer(fault_server.BEHAVIOURS[rest[0]])
    if kind == "recording":
        return web_server.WebServer(scripted_answers.Scripted())
    raise case_file.BadCase(f"no such server: {' '.join(words)}")


def line_matches(pattern, line):
    """A pattern line that begins with ~ is a regular expression for the whole line."""
    if pattern.startswith("~"):
        return re.fullmatch(pattern[1:].strip(), line) is not None
    return pattern == line


def lines_match(patterns, lines):
    """Like a shell pattern over lines: `...` stands for any number of lines, none included."""
    at = line = 0
    dots = None  # the last `...` passed and where it ends; the ones before it never need to take more
    while line < len(lines):
        if at < len(patterns) and patterns[at] == "...":
            at, dots = at + 1, (at + 1, line)
        elif at < len(patterns) and line_matches(patterns[at], lines[line]):
            at, line = at + 1, line + 1
        elif dots:
            at, line = dots[0], dots[1] + 1
            dots = (at, line)
        else:
            return False
    return all(pattern == "..." for pattern in patterns[at:])


class Runner:
    def __init__(self, bin_folder, folder, case):
        self.case = case
        self.folder = folder
        self.server = None
        self.result = None
        self.values = {"SOURCE": str(SOURCE), "TMP": str(folder)}
        self.environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}

    def fill(self, text):
        return re.sub(r"\$\{(\w+)\}", lambda match: self.values.get(match.group(1), match.group(0)), text)

    def fail(self, step, message):
        output = ""
        if self.result:
            output = f"\n--- exit code {self.result.returncode}\n--- stdout\n{self.result.stdout}--- stderr\n{self.result.stderr}---"
        raise AssertionError(f"{self.case.path}:{step.line}: {message}{output}")

    def run(self):
        try:
            for step in self.case.steps:
                getattr(self, "do_" + step.verb)(step)
        finally:
            if self.server:
                self.server.__exit__(None, None, None)

    def do_server(self, step):
        folder = self.folder / ".server"
        folder.mkdir()
        self.server = start_server(step.argument.split(), folder)
        self.values["PORT"] = str(self.server.port)
        self.values["URL"] = f"http://127.0.0.1:{self.server.port}"
        self.values["SOCKET"] = getattr(self.server, "socket_path", "")

    def do_answer(self, step):
        self.server.answer.add(step.argument, [self.fill(line) for line in step.block])

    def do_seen(self, step):
        """The argument names fields that are told as well; "connection" is the number of the connection."""
        lines = []
        for seen in self.server.seen:
            lines.append(f"{seen.method} {seen.path}")
            for field in step.argument.split():
                values = [str(seen.connection)] if field == "connection" else seen.values(field)
                lines += [f"  {field}: {value}" for value in values]
            if seen.body:
                lines.append("  " + seen.body.decode(errors="replace"))
        if not lines_match([self.fill(line) for line in step.block], lines):
            self.fail(step, "the server saw:\n" + "\n".join("    " + line for line in lines))

    def do_file(self, step):
        path = self.folder / step.argument
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(self.fill(line) + "\n" for line in step.block))

    def do_run(self, step):
        self.result = None
        command = self.fill(step.argument)
        process = subprocess.Popen(["/bin/bash", "-o", "pipefail", "-c", command], cwd=self.folder, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   errors="replace", start_new_session=True)
        try:
            stdout, stderr = process.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.fail(step, f"the command did not end within {COMMAND_SECONDS} s: {command}")
        self.result = subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    def do_exit(self, step):
        if self.result.returncode != int(step.argument):
            self.fail(step, f"exit code {self.result.returncode}, expected {step.argument}")

    def expect_lines(self, step, name, text):
        expected = [self.fill(line) for line in step.block]
        if not lines_match(expected, text.splitlines()):
            self.fail(step, f"{name} is not as expected:\n" + "\n".join("    " + line for line in expected))

    def do_stdout(self, step):
        self.expect_lines(step, "stdout", self.result.stdout)

    def do_stderr(self, step):
        self.expect_lines(step, "stderr", self.result.stderr)

    def do_content(self, step):
        path = self.folder / step.argument
        if not path.is_file():
            self.fail(step, f"{step.argument} was not written")
        self.expect_lines(step, step.argument, path.read_text(errors="replace"))

    def do_absent(self, step):
        if (self.folder / step.argument).exists():
            self.fail(step, f"{step.argument} exists")

    def do_requests(self, step):
        seen = self.server.requests if isinstance(self.server.requests, int) else self.server.requests()
        if seen != int(step.argument):
            self.fail(step, f"the server saw {seen} requests, expected {step.argument}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    bin_folder, path = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    try:
        case = case_file.read(path, SOURCE)
        with tempfile.TemporaryDirectory() as folder:
            Runner(bin_folder, pathlib.Path(folder), case).run()
    except (AssertionError, case_file.BadCase) as problem:
        sys.exit(f"{problem}")
    print(f"{case.name}: ok ({case.purpose})")


if __name__ == "__main__":
    main()
