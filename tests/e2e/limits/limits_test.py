#!/usr/bin/env python3
"""Ten thousand connections, descriptors that run out, ports that run out: a true report or a clear error, each time."""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.support import loadgen, nginx, processes, waiting

COULD_NOT_MEASURE = 4
MANY = 10_000


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError("no VmRSS")


def limit_descriptors(count):
    def apply():
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))

    return apply


def attack_command(folder, url, *flags):
    (folder / "targets.txt").write_text(f"GET {url}\n")
    return [str(word) for word in (
        loadgen.BIN / "loadgen", "attack", "-targets", folder / "targets.txt", "-output", "none",
        "--json", folder / "report.json", *flags)]


def run_attack(folder, url, *flags, limits=None, wrapper=()):
    done = subprocess.run([*wrapper, *attack_command(folder, url, *flags)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, preexec_fn=limits)
    path = folder / "report.json"
    return loadgen.Attack(done, json.loads(path.read_text()) if path.exists() else None)


class Folder:
    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory()
        return pathlib.Path(self._temporary.name)

    def __exit__(self, *_):
        self._temporary.cleanup()


class Connections(unittest.TestCase):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MANY + 2000
        self.assertTrue(hard == resource.RLIM_INFINITY or hard >= wanted,
                        f"this test needs {wanted} descriptors (`ulimit -Hn`), the machine allows {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))

    def test_ten_thousand_at_once(self):
        """A closed loop of ten thousand requests in flight: each opens a connection of its own and keeps it."""
        with Folder() as folder, nginx.start(folder, connections=MANY + 2000) as server:
            attack = run_attack(folder, f"http://127.0.0.1:{server.port}/", "-rate", "0", "-max-workers", MANY,
                                "-duration", "5s", "-timeout", "60s")
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertGreaterEqual(attack.requests, MANY, str(attack))
        self.assertEqual(attack.report["loadgen"]["connections"]["opened"], MANY, str(attack))
        self.assertEqual(set(attack.causes), {"ok"}, str(attack))

    def test_an_idle_connection_costs_little(self):
        """Plain connections at rest: at most 8 KiB each in the generator (its own memory, not the kernel's)."""

        def resident_with(count, server, folder):
            command = attack_command(folder, f"http://127.0.0.1:{server.port}/", "-rate", "0", "-max-workers", count,
                                     "-duration", "20s", "-workers", "1")
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as attack:
                try:
                    waiting.until(lambda: server.requests() > 3 * count, "every connection to have been used")
                    return resident_kib(attack.pid)
                finally:
                    attack.kill()

        with Folder() as folder, nginx.start(folder, connections=MANY + 2000) as server:
            few = resident_with(100, server, folder)
        with Folder() as folder, nginx.start(folder, connections=MANY + 2000) as server:
            many = resident_with(MANY, server, folder)
        each = (many - few) / (MANY - 100)
        print(f"100 connections: {few} KiB, {MANY}: {many} KiB, {each:.2f} KiB each", file=sys.stderr)
        self.assertLess(each, 8.0)


class Endurance(unittest.TestCase):
    """Memory must not grow with the length of a run, and what was counted must add up at its end."""

    def growth_kib(self, seconds, *flags):
        with Folder() as folder, nginx.start(folder) as server:
            command = attack_command(folder, f"http://127.0.0.1:{server.port}/", "-duration", f"{seconds}s", *flags)
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as attack:
                samples = []
                waiting.until(lambda: samples.append(resident_kib(attack.pid)) or server.requests() > 20_000,
                              "the run to be under way", seconds=60)
                early = samples[-1]
                late = early
                while attack.poll() is None:
                    try:
                        late = resident_kib(attack.pid) or late
                        attack.wait(timeout=0.5)
                    except (LookupError, FileNotFoundError, subprocess.TimeoutExpired):
                        continue
                attack.communicate()
            report = json.loads((folder / "report.json").read_text())["report"]
        print(f"{flags}: {early} KiB early, {late} KiB late, {report['requests']} requests", file=sys.stderr)
        self.assertEqual(sum(report["status_codes"].values()), report["requests"])
        self.assertGreater(report["requests"], 100_000)
        return late - early

    def test_a_minute_at_the_highest_rate(self):
        self.assertLess(self.growth_kib(60, "-concurrency", "64"), 4096)

    def test_twenty_thousand_a_second(self):
        # Connections and exchanges that a busy machine makes necessary are kept, hence the larger bound.
        self.assertLess(self.growth_kib(20, "-rate", "20000/s"), 32 * 1024)


class Exhaustion(unittest.TestCase):
    def assert_exhausted(self, attack, cause, finding):
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual(attack.exit_code, COULD_NOT_MEASURE, str(attack))
        self.assertGreater(attack.causes.get(cause, 0), 0, str(attack))
        self.assertIn(finding, attack.narration)
        # A true report: all that was asked for is in it, and what worked is told from what did not.
        self.assertEqual(sum(attack.causes.values()), attack.requests)
        self.assertEqual(attack.status_codes.get("200", 0), attack.causes.get("ok", 0))

    def test_descriptors(self):
        with Folder() as folder, nginx.start(folder) as server:
            attack = run_attack(folder, f"http://127.0.0.1:{server.port}/", "-rate", "0", "-max-workers", "300", "-duration",
                                "1s", limits=limit_descriptors(100))
            self.assert_exhausted(attack, "descriptors", "file descriptors ran out (EMFILE)")
            self.assertIn("only 100 file descriptors are allowed", attack.narration)

    def test_too_few_descriptors_to_begin_with(self):
        with Folder() as folder:
            attack = run_attack(folder, f"http://127.0.0.1:{processes.free_port()}/", "-rate", "10", "-duration", "1s",
                                limits=limit_descriptors(8))
            self.assertGreater(attack.exit_code, 0, str(attack))
            self.assertLess(attack.exit_code, 128, "no crash: " + str(attack))
            self.assertNotEqual(attack.narration.strip(), "")

    def test_ports(self):
        """In a network of its own with 51 ports, the 52nd connection at once finds none."""
        inside = ("unshare", "--user", "--map-root-user", "--net", "--", sys.executable, __file__, "--inside-ports")
        with Folder() as folder:
            done = subprocess.run([*inside, str(folder)], capture_output=True, text=True, timeout=120,
                                  stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, 0, done.stderr)
            document = json.loads(done.stdout)
        outcome = subprocess.CompletedProcess([], document["exit_code"], stderr=document["narration"])
        self.assert_exhausted(loadgen.Attack(outcome, document["report"]), "ports", "local ports ran out (EADDRNOTAVAIL)")


def inside_ports(folder):
    """Runs in the network namespace; prints what became of the attack."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("40000 40050")
    with nginx.Nginx(folder, 8080) as server:
        attack = run_attack(folder, f"http://127.0.0.1:{server.port}/", "-rate", "0", "-max-workers", "100",
                            "-duration", "1s")
    print(json.dumps({"exit_code": attack.exit_code, "narration": attack.narration, "report": attack.run}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside-ports"]:
        inside_ports(pathlib.Path(sys.argv[2]))
    else:
        unittest.main()
