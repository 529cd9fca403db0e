"""The supervisor itself: status, stop, deaths of either side, wrong usage."""

import os
import pathlib
import signal
import socket
import stat
import subprocess
import unittest

from tests.e2e.deploy import supervisor
from tests.support import waiting


def run(*words):
    return subprocess.run([supervisor.BINARY, *words], capture_output=True, text=True, timeout=30)


class Life(supervisor.DeployCase):
    def test_status_names_services_and_processes(self):
        running = self.up("birthday")
        status = running.status()
        self.assertEqual(status["services"][0]["url"], running.url("birthday"))
        instance = status["instances"][0]
        self.assertEqual((instance["version"], instance["state"], instance["restarts"]), ("1.0.0", "ready", 0))
        self.assertIn(running.url("birthday"), running.command("status").stdout)

    def test_stop_ends_everything(self):
        running = self.up("birthday")
        children = running.pids()
        got = running.command("stop")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.assertEqual(running.process.wait(10), 0)
        self.assertFalse(any(supervisor.alive(pid) for pid in children))
        self.assertFalse((self.data / "control.sock").exists())

    def test_sigterm_drains_and_exits_0(self):
        running = self.up("birthday")
        running.process.send_signal(signal.SIGTERM)
        self.assertEqual(running.process.wait(10), 0)
        self.assertEqual(running.logged("instance left")[0]["end"], "exit code 0")

    def test_a_second_signal_kills(self):
        running = self.up("birthday")
        child = running.pids()[0]
        os.kill(child, signal.SIGSTOP)  # it will not drain
        running.process.send_signal(signal.SIGINT)
        waiting.until(lambda: running.logged("stopping"), "the first signal to be taken up")
        running.process.send_signal(signal.SIGINT)
        self.assertEqual(running.process.wait(10), 0)
        self.assertEqual(running.logged("instance left")[0]["end"], "signal 9")

    def test_a_child_that_dies_is_started_again_on_the_same_port(self):
        running = self.up("birthday")
        first = running.pids()[0]
        os.kill(first, signal.SIGKILL)
        waiting.until(lambda: running.pids() not in ([], [first]) and
                      running.status()["instances"][0]["state"] == "ready", "the child to come back")
        self.assertEqual(running.status()["instances"][0]["restarts"], 1)
        self.assertEqual(supervisor.ask(running.url("birthday"), "/health/live")[0], 200)
        died = running.logged("instance died")[0]
        self.assertEqual((died["level"], died["pid"], died["end"]), ("error", first, "signal 9"))

    def test_children_leave_when_the_supervisor_is_killed(self):
        running = self.up("birthday", "--instances", "2")
        children = running.pids()
        running.process.kill()
        running.process.wait()
        waiting.until(lambda: not any(supervisor.alive(pid) for pid in children), "the children to leave")

    def test_ports_are_remembered(self):
        running = self.up("birthday")
        port = running.services["birthday"]["port"]
        running.process.kill()
        running.process.wait()
        self.assertEqual(self.up("birthday").services["birthday"]["port"], port)

    def test_only_one_supervisor_a_folder(self):
        running = self.up("birthday")
        got = run("up", "birthday", "--data", str(self.data), "--port-base", "0")
        self.assertEqual(got.returncode, 2)
        self.assertEqual(got.stderr, f"loadgen-services: up: the folder {self.data} has a supervisor already (process "
                                     f"{running.process.pid}); `loadgen-services stop --data {self.data}` ends it\n")
        self.assertEqual(supervisor.ask(running.url("birthday"), "/health/live")[0], 200)

    def test_a_long_path_and_the_mode_of_the_socket(self):
        self.data = self.folder / ("long" * 30) / "data"
        self.data.parent.mkdir()
        running = self.up("birthday")
        self.assertGreater(len(str(self.data / "control.sock")), 107)
        self.assertEqual(stat.S_IMODE((self.data / "control.sock").stat().st_mode), 0o600)
        self.assertEqual(running.command("stop").returncode, 0)


class Usage(supervisor.DeployCase):
    def test_commands_without_a_supervisor_say_how_to_start_one(self):
        self.data.mkdir()
        for words in (["status"], ["stop"], ["deploy", "--version", "2"]):
            got = run(*words, "--data", str(self.data))
            self.assertEqual((got.returncode, got.stdout), (1, ""))
            self.assertEqual(got.stderr, f"loadgen-services: {words[0]}: no supervisor runs on the folder {self.data}; "
                                         f"`loadgen-services up --data {self.data}` starts one\n")

    def test_wrong_usage(self):
        for words, message in (
                (["up"], "up: --data: is required: the folder of the databases"),
                (["up", "nobody", "--data", "d"], 'up: "nobody" is no service; --help lists them'),
                (["up", "--instances", "33"], 'up: --instances: "33" must be a number from 1 to 32'),
                (["deploy", "--data", "d"], "deploy: --version: is required: 1 to 64 letters, digits and . _ + -"),
                (["deploy", "--strategy", "big-bang"],
                 'deploy: --strategy: "big-bang" must be rolling, recreate or kill'),
                (["status", "now"], 'status: "now": takes options only; --help lists them')):
            got = run(*words)
            self.assertEqual((got.returncode, got.stderr), (2, f"loadgen-services: {message}\n"))

    def test_what_a_supervisor_refuses(self):
        running = self.up("birthday")
        got = running.command("deploy", "--version", "2", "--of", "nobody")
        self.assertEqual((got.returncode, got.stderr), (
            2, 'loadgen-services: deploy: "nobody" is none of the services that run here\n'))
        for line, answer in ((b"{}\n", b'{"error":"\\"command\\" must be status, deploy or stop"}\n'),
                             (b"[]\n", b'{"error":"a request must be an object, not an array"}\n'),
                             (b'{"command":"stop","now":true}\n', b'{"error":"\\"now\\" is no member of stop"}\n'),
                             (b" " * 5000, b'{"error":"a request is one line of at most 4096 bytes"}\n')):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.settimeout(20)
                raw.connect(str(pathlib.Path(self.data) / "control.sock"))
                raw.sendall(line)
                with raw.makefile("rb") as stream:
                    self.assertEqual(stream.read(), answer)

    def test_a_second_deploy_is_refused_while_one_runs(self):
        running = self.up("birthday")
        os.kill(running.pids()[0], signal.SIGSTOP)  # its drain does not end
        first = subprocess.Popen([supervisor.BINARY, "deploy", "--version", "2", "--data", str(self.data)],
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(first.stdout.close)
        old = [line["pid"] for line in running.logged("instance ready")][0]
        waiting.until(lambda: running.logged("instance is asked to leave"), "the old one to be asked to leave")
        got = running.command("deploy", "--version", "3")
        self.assertEqual(got.returncode, 2)
        self.assertIn("version 2 is being deployed (rolling, for ", got.stderr)
        os.kill(old, signal.SIGCONT)
        self.assertEqual(first.wait(20), 0)


if __name__ == "__main__":
    unittest.main()
