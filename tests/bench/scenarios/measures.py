"""What `run` measures, a function a part. CPU is that of a whole process tree, by the kernel's exact clock (wait4)."""

import json
import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple

from tests.bench import generators
from tests.bench.measure import run as run_pinned
from tests.bench.measure import settled_requests
from tests.bench.scenarios import server, tools
from tests.support import waiting

SERVER_CORE, GENERATOR_CORE = 0, 1
LATE = 4  # loadgen's exit code when the machine was too busy for its schedule: what it cost is true all the same
AT_REST = 60  # seconds within which the server must come to rest, on however busy a machine
DESCRIPTORS_LEFT = 1000  # for everything that is no user's connection


def spread(values):
    """{median, least, most}"""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def pinned(command, core, folder, seconds):
    """(output, CPU seconds); raises when the command fails."""
    code, output, _, cpu, _ = run_pinned(command, core, folder, seconds)
    if code not in (0, LATE):
        raise ChildProcessError(f"{command[0]} ended with {code}: {output[-2000:]}")
    return output, cpu


# -- Sessions of the journey

class Journeys(NamedTuple):
    complete: int
    cpu_seconds: float


def journeys(tool, target, rate, seconds, folder):
    """One run of a generator, checked against what the server has seen."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        job = tools.Job(f"http://127.0.0.1:{target.port}", rate, seconds, pathlib.Path(own))
        command = tool.command(job)
        command[0] = tools.program(tool.binary)
        before = settled_requests(target, AT_REST)
        _, cpu = pinned(command, GENERATOR_CORE, job.folder, seconds + 120)
        answered, complete = settled_requests(target, AT_REST) - before, tool.complete(job)
    if complete == 0 or answered != complete * tools.REQUESTS:
        raise AssertionError(f"{tool.name}: {complete} journeys, but {answered} requests")
    return Journeys(complete, cpu)


def sessions(options):
    """Sessions per CPU-second, with and without what starting up costs (a run of one user)."""
    found = [tool for tool in tools.TOOLS if tools.program(tool.binary)]
    for tool in tools.TOOLS:
        if tool not in found:
            print(f"{tool.name} is not installed, left out (scripts/install-peers)")
    rounds = {tool.name: [] for tool in found}
    with tempfile.TemporaryDirectory() as folder, server.start(folder, SERVER_CORE) as target:
        for _ in range(options.rounds):
            for tool in found:
                start_up = journeys(tool, target, 0, 1, folder)
                load = journeys(tool, target, tool.rate, options.seconds, folder)
                running = load.cpu_seconds - start_up.cpu_seconds
                rounds[tool.name].append({
                    "complete": load.complete, "cpu_seconds": load.cpu_seconds, "start_up": start_up.cpu_seconds,
                    "per_cpu_second": (load.complete - start_up.complete) / running,
                    "with_start_up": load.complete / load.cpu_seconds})
    return {name: {"rate": next(tool.rate for tool in found if tool.name == name), "rounds": samples,
                   "per_cpu_second": spread([one["per_cpu_second"] for one in samples]),
                   "with_start_up": spread([one["with_start_up"] for one in samples])}
            for name, samples in rounds.items()}


def ratios(found, ours, peer):
    """Round by round: what both measured while the machine was about as busy."""
    pairs = zip(found[ours]["rounds"], found[peer]["rounds"])
    return spread([mine["per_cpu_second"] / theirs["per_cpu_second"] for mine, theirs in pairs])


# -- Memory of users that wait

def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


def waiting_script(folder, port, users, connected):
    visit = [{"get": {"url": "{{ server }}/"}}] if connected else []
    path = folder / "waiting.json"
    path.write_text(json.dumps({
        "config": {"target": f"http://127.0.0.1:{port}", "phases": [{"duration": 4, "arrivalCount": users}],
                   "variables": {"server": [f"http://{address}:{port}" for address in server.ADDRESSES]}},
        "scenarios": [{"flow": visit + [{"think": 600}]}]}))
    return path


def waiting_users(target, users, connected, folder):
    """Resident bytes of loadgen when all its users have arrived (and have a connection) and think."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        own = pathlib.Path(own)
        report = own / "report.json"
        command = [tools.program("loadgen"), "run", "--quiet", "-threads", "1", "-o", report,
                   waiting_script(own, target.port, users, connected)]
        before = settled_requests(target, AT_REST)
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            if connected:
                waiting.until(lambda: target.requests() - before >= users, "all users' requests", 120)
            bytes_now = settled_memory(process.pid)
            process.send_signal(signal.SIGINT)
            process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
            created = json.loads(report.read_text())["aggregate"]["counters"]["vusers.created"]
    if created != users:
        raise AssertionError(f"{created} users arrived, not {users}")
    return bytes_now


def settled_memory(pid):
    """When all have arrived: the arrivals take four seconds, and then nothing grows for a while."""
    arrived = time.monotonic() + 6
    last = [resident(pid), time.monotonic()]

    def still():
        now = resident(pid)
        if now != last[0]:
            last[:] = [now, time.monotonic()]
        return time.monotonic() - max(last[1], arrived) > 2

    waiting.until(still, "memory to settle", 120)
    return last[0]


def memory(options):
    """Bytes of each further user, by two runs: few users and many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    counts = {"without a connection": options.users, "with a connection": min(options.users, most - DESCRIPTORS_LEFT)}
    results = {}
    for kind, many in counts.items():
        few = many // 25
        samples = []
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder, server.start(folder, SERVER_CORE, most) as target:
                connected = kind.startswith("with a")
                sizes = [waiting_users(target, users, connected, folder) for users in (few, many)]
            samples.append((sizes[1] - sizes[0]) / (many - few))
        results[kind] = {"users": many, "bytes": spread(samples)}
    return results


# -- Calls of a processor

def processor(options):
    """Microseconds of CPU a call, this side and Node together, with 64 users at once; by bench_processor."""
    program = pathlib.Path(os.environ.get("LOADGEN") or generators.program_path("loadgen")).parent / "bench_processor"
    if not program.exists():
        print("bench_processor is not built (cmake -DLOADGEN_BENCH=ON), left out")
        return None
    samples = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            output, _ = pinned([program, "--calls", options.calls], GENERATOR_CORE, pathlib.Path(folder), 300)
            for name, both in re.findall(r"^(\S.*?)\s+64\s+[\d.]+\s+[\d.]+\s+([\d.]+)", output, re.MULTILINE):
                samples.setdefault(name, []).append(float(both))
    return {name: spread(values) for name, values in samples.items()}


# -- A step of a loop against the same request of an attack

def looped_script(job_folder, port, users, rounds):
    path = job_folder / "loop.json"
    path.write_text(json.dumps({
        "config": {"target": f"http://127.0.0.1:{port}", "phases": [{"duration": 0.1, "arrivalCount": users}]},
        "scenarios": [{"flow": [{"loop": [{"get": {"url": "/"}}], "count": rounds}]}]}))
    return path


def step(options):
    """CPU of a request, in microseconds: attack and scenario, 64 connections each, the same number of requests."""
    users = 64
    count = options.requests // users * users
    samples = {"attack": [], "scenario": []}
    with tempfile.TemporaryDirectory() as folder, server.start(folder, SERVER_CORE) as target:
        folder = pathlib.Path(folder)
        (folder / "targets.txt").write_text(f"GET http://127.0.0.1:{target.port}/\n")
        attack = [tools.program("loadgen"), "attack", "-targets", folder / "targets.txt", "-concurrency", users, "-count",
                  count, "-threads", 1, "-output", "none", "-sequence-header=false", "--quiet"]
        run = [tools.program("loadgen"), "run", "--quiet", "-threads", 1,
               looped_script(folder, target.port, users, count // users)]
        for _ in range(options.rounds):
            for name, command in (("attack", attack), ("scenario", run)):
                before = settled_requests(target, AT_REST)
                _, cpu = pinned(command, GENERATOR_CORE, folder, 300)
                answered = settled_requests(target, AT_REST) - before
                if answered != count:
                    raise AssertionError(f"{name}: {answered} requests, not {count}")
                samples[name].append(cpu / count * 1e6)
    return {"attack": spread(samples["attack"]), "scenario": spread(samples["scenario"]),
            "ratio": spread([mine / bare for mine, bare in zip(samples["scenario"], samples["attack"])])}
