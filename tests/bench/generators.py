"""The load generators that are compared: how each is told to produce a scenario, and what it says about itself.

A row of GENERATORS is one generator. Its command returns None for a scenario that it cannot produce.
"""

import json
import pathlib
import re
import shutil
from typing import Callable, NamedTuple, Optional

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PEERS = REPOSITORY / ".peers" / "bin"
BUILT = REPOSITORY / "build" / "release" / "bin"


class Scenario(NamedTuple):
    name: str
    title: str
    http2: bool = False
    connections: int = 64
    streams: int = 1  # per connection, HTTP/2 only
    rate: int = 0  # requests per second; 0 = closed loop
    server: str = "nginx"  # or "nghttpd", which answers HTTP/2 in larger batches


class Job(NamedTuple):
    """One run: a scenario against a server for some seconds, with a folder for files."""

    scenario: Scenario
    port: int
    seconds: float
    folder: pathlib.Path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"


class Generator(NamedTuple):
    name: str
    command: Callable[[Job], Optional[list]]
    send_delay: Callable[[str, Job], dict] = lambda output, job: {}  # nanoseconds by quantile name
    answered: Callable[[str, Job], int] = lambda output, job: 0  # for servers that do not count; 0 = does not say


def per_connection(job):
    return f"{job.scenario.rate / job.scenario.connections:g}"


def targets_file(job):
    path = job.folder / "targets.txt"
    path.write_text(f"GET {job.url}\n")
    return path


def loadgen(job, *extra):
    scenario = job.scenario
    # No result stream and no X-Vegeta-Seq: most peers have neither. Histograms of everything are always kept.
    command = ["loadgen", "attack", "-targets", targets_file(job), "-duration", f"{job.seconds:g}s", "-output", "none",
               "-sequence-header=false", "--threads", "1", "--quiet", "--json", job.folder / "loadgen.json", *extra]
    if scenario.rate:
        return command + ["-rate", f"{scenario.rate}/1s", "-max-connections", scenario.connections]
    if scenario.http2:
        return command + ["-h2c", "-max-connections", scenario.connections, "--streams", scenario.streams,
                          "--concurrency", scenario.connections * scenario.streams]
    return command + ["--concurrency", scenario.connections]


def loadgen_spinning(job):
    return loadgen(job, "--pace", "spin") if job.scenario.rate else None


def loadgen_report(job):
    return json.loads((job.folder / "loadgen.json").read_text())["report"]


def loadgen_send_delay(_, job):
    delay = loadgen_report(job)["loadgen"]["send_delay"]
    return {name: delay[name] for name in ("p50", "p99", "p99.9", "max")}


def loadgen_answered(_, job):
    return loadgen_report(job)["requests"]


def h2load_answered(output, _):
    return int(re.search(r"(\d+) succeeded", output).group(1))


def oha_answered(output, _):
    return sum(map(int, re.findall(r"\[2\d\d\] (\d+) responses", output)))


def bare_epoll(job):
    if job.scenario.http2 or job.scenario.rate:
        return None
    return ["bare_epoll", "127.0.0.1", job.port, job.scenario.connections, job.seconds]


def wrk(job):
    if job.scenario.http2 or job.scenario.rate:
        return None
    return ["wrk", "-t1", f"-c{job.scenario.connections}", f"-d{job.seconds:g}s", job.url]


def h2load(job):
    scenario = job.scenario
    command = ["h2load", "-t1", f"-c{scenario.connections}", f"-m{scenario.streams}", f"-D{job.seconds:g}"]
    command += [] if scenario.http2 else ["--h1"]
    command += [f"--rps={per_connection(job)}"] if scenario.rate else []
    return command + [job.url]


def hey(job):
    if job.scenario.http2:
        return None
    rate = ["-q", per_connection(job)] if job.scenario.rate else []
    return ["hey", "-c", job.scenario.connections, *rate, "-z", f"{job.seconds:g}s", job.url]


def vegeta(job):
    scenario = job.scenario
    load = ["-rate", scenario.rate] if scenario.rate else ["-rate", "0", "-max-workers",
                                                         scenario.connections * scenario.streams]
    protocol = ["-h2c"] if scenario.http2 else []
    return ["vegeta", "attack", "-targets", targets_file(job), "-duration", f"{job.seconds:g}s", "-max-body", "0",
            "-max-connections", scenario.connections, *load, *protocol, "-output", "/dev/null"]


def oha(job):
    scenario = job.scenario
    protocol = ["--http2", "-p", scenario.streams] if scenario.http2 else []
    rate = ["-q", scenario.rate, "--latency-correction"] if scenario.rate else []
    return ["oha", "--no-tui", "-c", scenario.connections, *protocol, *rate, "-z", f"{job.seconds:g}s", job.url]


def fortio(job):
    scenario = job.scenario
    if scenario.http2:
        return None
    return ["fortio", "load", "-quiet", "-qps", scenario.rate or "0", "-c", scenario.connections, "-t",
            f"{job.seconds:g}s", "-allow-initial-errors", job.url]


def k6(job):
    scenario = job.scenario
    if scenario.http2:
        return None
    executor = {"executor": "constant-vus", "vus": scenario.connections, "duration": f"{job.seconds:g}s"}
    if scenario.rate:
        executor = {"executor": "constant-arrival-rate", "rate": scenario.rate, "timeUnit": "1s",
                    "duration": f"{job.seconds:g}s", "preAllocatedVUs": scenario.connections, "maxVUs": 1000}
    script = job.folder / "k6.js"
    script.write_text(f"import http from 'k6/http';\n"
                      f"export const options = {{discardResponseBodies: true, scenarios: {{load: {json.dumps(executor)}}}}};\n"
                      f"export default () => http.get('{job.url}');\n")
    return ["k6", "run", "--quiet", "--no-usage-report", "--address", "", script]


GENERATORS = [
    Generator("loadgen", loadgen, loadgen_send_delay, loadgen_answered),
    Generator("loadgen --pace spin", loadgen_spinning, loadgen_send_delay, loadgen_answered),
    Generator("bare_epoll", bare_epoll),
    Generator("wrk", wrk),
    Generator("h2load", h2load, answered=h2load_answered),
    Generator("hey", hey),
    Generator("vegeta", vegeta),
    Generator("oha", oha, answered=oha_answered),
    Generator("k6", k6),
    Generator("fortio", fortio),
]


def program_path(name):
    """Where a program is: built here, installed as a peer, or on the path; None when it is nowhere."""
    for folder in (BUILT, PEERS):
        if (folder / name).is_file():
            return str(folder / name)
    return shutil.which(name)


def program_of(generator):
    return re.split(r"\s", generator.name)[0]
