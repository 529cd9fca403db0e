"""Every command of `loadgen-services` as somebody new would use it: help, wrong words, folders and ports that cannot be
used. What `up`, `status`, `deploy` and `stop` say is in tests/e2e/deploy, what `serve` says in tests/e2e/birthday."""

import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from tests.e2e.services.service_set import BINARY, ServiceSet

COMMANDS = ("up", "serve", "status", "deploy", "stop", "faults", "queues", "dead-letters", "redrive")
ONE_OF = "a fault is for one of route, consumer and trace_defect"


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loadgen-commands-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_program(self, *words):
        return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=60)

    def assert_fails(self, code, message, *words):
        got = self.run_program(*words)
        self.assertEqual((got.returncode, got.stdout, got.stderr), (code, "", f"loadgen-services: {message}\n"), words)

    def test_help_of_each_command_names_its_options(self):
        overview = self.run_program("--help").stdout
        for command in COMMANDS:
            got = self.run_program(command, "--help")
            self.assertEqual((got.returncode, got.stderr), (0, ""))
            self.assertRegex(got.stdout, rf"^usage: loadgen-services ({command}|SERVICE) .*--data DIR")
            self.assertIn("--data DIR", got.stdout)
            self.assertRegex(overview, rf"(?m)^  {command}  +\w")
            self.assertLessEqual(max(map(len, got.stdout.splitlines())), 120, command)

    def test_wrong_words(self):
        data = ("--data", str(self.folder))
        self.assert_fails(2, "names no command and no service; --help lists them")
        self.assert_fails(2, '"--data" is no command and no service; --help lists them', *data)
        self.assert_fails(2, 'serve: "nobody" is no service; --help lists them', "serve", "nobody", *data)
        self.assert_fails(2, "serve: names no service; --help lists them", "serve", *data)
        for words, message in (
                ([], '"" must be set, list or clear'), (["put"], '"put" must be set, list or clear'),
                (["list", "all"], '"all": takes options only; --help lists them'),
                (["clear", "7"], '"7" is no fault; `faults list` shows their numbers'), (["set"], ONE_OF),
                (["set", "--route", "*", "--consumer", "*", "--drop"], ONE_OF),
                (["set", "--route", "POST orders", "--drop"],
                 'route "POST orders" must be a method and a path, like "POST /orders", or *'),
                (["set", "--route", "*"], "says nothing to do: delay, error, drop, duplicate or max_per_second"),
                (["set", "--route", "*", "--duplicate"], "duplicate is for consumers"),
                (["set", "--route", "*", "--error", "200"], '--error: "200" must be a number from 400 to 599'),
                (["set", "--route", "*", "--delay", "2m"], '--delay: "2m" must be a time from 0s to 1m0s'),
                (["set", "--service", "nobody", "--route", "*", "--drop"],
                 '--service: "nobody" is no service; --help lists them'),
                (["set", "--trace-defect", "NOPE"],
                 'trace_defect "NOPE" is none that a sender can cause; docs/faults.md lists them'),
                (["set", "--trace-defect", "L-SELF", "--delay", "1s"], "a trace defect takes a share and nothing else")):
            self.assert_fails(2, f"faults: {message}", "faults", *words, *data)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_folders_where_nothing_ran(self):
        nowhere = str(self.folder / "nowhere")
        for words in (["list"], ["clear"], ["set", "--route", "*", "--drop"]):
            self.assert_fails(1, f"faults: there is no folder {nowhere}", "faults", *words, "--data", nowhere)
        for words in (["queues"], ["dead-letters", "X"], ["redrive", "X"]):
            self.assert_fails(1, f"{words[0]}: the folder {nowhere} has no bus: no service with events ran there", *words,
                              "--data", nowhere)
        self.assertFalse(pathlib.Path(nowhere).exists())

    def test_a_busy_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assert_fails(1, f"users: cannot listen on 127.0.0.1:{port}: Address already in use", "users",
                              "--data", str(self.folder), "--port", str(port))
            got = self.run_program("up", "users", "--data", str(self.folder), "--port-base", str(port))
            self.assertEqual((got.returncode, got.stdout), (1, ""))
            self.assertIn(f"cannot listen on 127.0.0.1:{port}: Address already in use", got.stderr)

    def test_a_service_that_is_served_already(self):
        data = self.folder / "data"
        services = ServiceSet(data, "users")
        self.addCleanup(services.close)
        endpoint = data / "endpoints" / "users"
        for words in (("users",), ("serve", "users", "orders")):
            got = self.run_program(*words, "--data", str(data), "--port", "0")
            self.assertEqual((got.returncode, got.stdout, got.stderr.splitlines()[-1]),
                             (1, "", f"loadgen-services: {words[0]}: {'' if words[0] == 'users' else 'users: '}the folder "
                                     f"{data} has this service already, at {services.urls['users']}"))
            self.assertEqual(endpoint.read_text(), services.urls["users"] + "\n")
        # Another service of the same folder is welcome, and so is this one when nobody serves it any more.
        for service, others in (("loyalty", services), ("users", None)):
            if others is None:
                services.stop()
            alone = subprocess.Popen([BINARY, service, "--data", str(data), "--port", "0"], stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, text=True)
            self.addCleanup(alone.stdout.close)
            self.addCleanup(alone.wait)
            self.addCleanup(alone.terminate)
            url = json.loads(alone.stdout.readline())["url"]
            self.assertEqual((data / "endpoints" / service).read_text(), url + "\n")

    def test_a_folder_that_cannot_be_made(self):
        self.assert_fails(1, "up: cannot make the folder /proc/nowhere: No such file or directory", "up", "--data",
                          "/proc/nowhere", "--port-base", "0")

    def test_a_database_that_is_none(self):
        (self.folder / "users.db").write_text("no database\n" * 1000)
        got = self.run_program("up", "users", "--data", str(self.folder), "--port-base", "0")
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn(f"{self.folder}/users.db: ", got.stderr)
        self.assertIn("file is not a database", got.stderr)
        self.assertTrue(got.stderr.endswith("loadgen-services: up: version 1.0.0 left before it was ready (exit code 1)\n"))


if __name__ == "__main__":
    unittest.main()
