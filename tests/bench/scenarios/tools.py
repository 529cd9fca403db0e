"""The same journey for three generators: registers, logs in, lists the products, orders one, looks at the order.

Five requests, three captures, a connection for each user. A row of TOOLS says how a generator is started and how many
journeys its own report calls complete.
"""

import json
import os
import pathlib
from typing import Callable, NamedTuple

from tests.bench import generators

REQUESTS = 5

FLOW = [
    {"post": {"url": "/user", "json": {"email_address": "{{ email }}", "first_name": "Test", "last_name": "User",
                                       "password": "Test!23"}}},
    {"post": {"url": "/login", "json": {"email_address": "{{ email }}", "password": "Test!23"},
              "capture": {"json": "$.data.token", "as": "token"}}},
    {"get": {"url": "/product", "capture": {"json": "$.data[0].productId", "as": "product"}}},
    {"post": {"url": "/orders", "headers": {"authorization": "Bearer {{ token }}"}, "json": {"products": ["{{ product }}"]},
              "capture": {"json": "$.orderId", "as": "order"}}},
    {"get": {"url": "/orders/{{ order }}", "headers": {"authorization": "Bearer {{ token }}"}}},
]

K6_FLOW = """\
import http from 'k6/http';
export const options = OPTIONS;
const json = {'content-type': 'application/json'};
export default function () {
  const email = `user-${__VU}-${__ITER}@example.com`;
  http.post(`TARGET/user`, JSON.stringify({email_address: email, first_name: 'Test', last_name: 'User',
                                           password: 'Test!23'}), {headers: json});
  const login = http.post(`TARGET/login`, JSON.stringify({email_address: email, password: 'Test!23'}), {headers: json});
  const authorization = `Bearer ${login.json('data.token')}`;
  const product = http.get(`TARGET/product`).json('data.0.productId');
  const made = http.post(`TARGET/orders`, JSON.stringify({products: [product]}),
                         {headers: {'content-type': 'application/json', authorization}});
  http.get(`TARGET/orders/${made.json('orderId')}`, {headers: {authorization}, tags: {name: 'TARGET/orders/{order}'}});
}
"""


class Job(NamedTuple):
    target: str
    rate: int  # users per second; 0 = one user and no more
    seconds: int
    folder: pathlib.Path


class Tool(NamedTuple):
    name: str
    rate: int
    command: Callable[[Job], list]
    complete: Callable[[Job], int]
    binary: str


def script(job):
    """The scenario file of both loadgen and Artillery."""
    phase = {"duration": job.seconds, "arrivalRate": job.rate} if job.rate else {"duration": 1, "arrivalCount": 1}
    path = job.folder / "journey.json"
    path.write_text(json.dumps({
        "config": {"target": job.target, "phases": [phase],
                   "variables": {"email": [f"user-{number}@example.com" for number in range(100)]}},
        "scenarios": [{"name": "order", "flow": FLOW}]}))
    return path


def report(job):
    return job.folder / "report.json"


def loadgen(job):
    return ["loadgen", "run", "--quiet", "-threads", 1, "-o", report(job), script(job)]


def artillery(job):
    return ["artillery", "run", "--quiet", "-o", report(job), script(job)]


def complete_in_report(job):
    return json.loads(report(job).read_text())["aggregate"]["counters"].get("vusers.completed", 0)


def k6(job):
    load = {"executor": "constant-arrival-rate", "rate": job.rate, "timeUnit": "1s", "duration": f"{job.seconds}s",
            "preAllocatedVUs": 100, "maxVUs": 1000}
    if not job.rate:
        load = {"executor": "shared-iterations", "vus": 1, "iterations": 1}
    options = {"noVUConnectionReuse": True, "scenarios": {"order": load}}
    path = job.folder / "journey.js"
    path.write_text(K6_FLOW.replace("OPTIONS", json.dumps(options)).replace("TARGET", job.target))
    return ["k6", "run", "--quiet", "--no-usage-report", "--address", "", "--summary-export", report(job), path]


def complete_in_summary(job):
    return json.loads(report(job).read_text())["metrics"]["iterations"]["count"]


# At rates that each bears on a quarter of a core. Ours also at Artillery's: at low rates a request costs more. And two
# at rates that about fill a core, where it costs least.
TOOLS = [
    Tool("loadgen", 1000, loadgen, complete_in_report, "loadgen"),
    Tool("loadgen, 60/s", 60, loadgen, complete_in_report, "loadgen"),
    Tool("loadgen, full", 7000, loadgen, complete_in_report, "loadgen"),
    Tool("k6", 150, k6, complete_in_summary, "k6"),
    Tool("k6, full", 1000, k6, complete_in_summary, "k6"),
    Tool("artillery", 60, artillery, complete_in_report, "artillery"),
]
# (ours, the peer, the ratio that we want)
RATIOS = [
    ("loadgen", "artillery", 20), ("loadgen, 60/s", "artillery", 20),
    ("loadgen", "k6", 5), ("loadgen, 60/s", "k6", 5), ("loadgen, full", "k6, full", 5),
]


def program(name):
    """Where a generator is; None when it is nowhere. LOADGEN names another build of ours."""
    if name == "loadgen" and os.environ.get("LOADGEN"):
        return os.environ["LOADGEN"]
    return generators.program_path(name)
