"""What is measured of the service set. Each function returns a dict for the JSON report; figures are medians."""

import calendar
import json
import pathlib
import re
import subprocess
import tempfile
import time

from tests.bench import generators
from tests.support import otlp_receiver, waiting

from . import load, machine, peers, usage

SERVER_CORE, DRIVER_CORE = 0, 1
ALL_CORES = {SERVER_CORE, DRIVER_CORE}
WARM_UP_SECONDS = 1.0
ORDER_RATE = 500  # of the loads that compare: half a core, so that the set at rest hardly counts
READ_PATHS = {"GET /product": ("products", "/product"), "GET /hello/foo": ("birthday", "/hello/foo")}


def cost(target, pids, seconds, status, rate=0):
    """{"per_second", "per_cpu_second", "threads"} of one load; the CPU is that of `pids`."""
    with tempfile.TemporaryDirectory() as folder, machine.Work(pids) as work:
        outcome = load.run(target, pathlib.Path(folder), DRIVER_CORE, seconds, rate)
    count = outcome.answered(status)
    others = {code: many for code, many in outcome.statuses.items() if code != str(status)}
    if others:
        print(f"  {target.method} {target.url}: also answered {others}")
    return {"requests": count, "per_second": count / outcome.seconds, "cpu_seconds": work.cpu.total,
            "system_share": work.cpu.system / work.cpu.total if work.cpu.total else 0,
            "per_cpu_second": count / work.cpu.total if work.cpu.total else 0, "threads": work.threads}


def in_rounds(contenders, rounds):
    """Interleaved; {name: median per_cpu_second, "rounds": all}."""
    taken = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            taken[name].append(measure())
    return {name: {"per_cpu_second": machine.median([one["per_cpu_second"] for one in runs]),
                   "per_second": machine.median([one["per_second"] for one in runs]), "rounds": runs}
            for name, runs in taken.items()}


def reads(options):
    """Both read routes against servers that answer the same bytes from memory."""
    result = {}
    with machine.running({SERVER_CORE}) as services:
        services.client.ask("birthday", "PUT", "/hello/foo", {"dateOfBirth": "1990-01-02"}, expect=204)
        services.at_rest()
        for route, (service, path) in READ_PATHS.items():
            with tempfile.TemporaryDirectory() as folder:
                result[route] = read_route(services, service, path, folder, options)
    return result


def read_route(services, service, path, folder, options):
    ours = services.url(service, path)
    captured = peers.Captured(ours)
    contenders = {"loadgen-services": lambda: cost(load.Target("GET", ours), services.pids, options.seconds, 200)}
    with peers.start_nginx(folder, SERVER_CORE, captured) as nginx:
        url = f"http://127.0.0.1:{nginx.port}{path}"
        contenders["nginx"] = lambda: cost(load.Target("GET", url), peers.worker_pids(nginx), options.seconds, 200)
        node = peers.start_node(folder, SERVER_CORE, path, captured)
        if node is None:
            print("  node is not installed, left out")
            return in_rounds(contenders, options.rounds)
        with node:
            node_url = f"http://127.0.0.1:{node.port}{path}"
            contenders["node"] = lambda: cost(load.Target("GET", node_url), [node.pid], options.seconds, 200)
            return in_rounds(contenders, options.rounds)


def order_target(services, user):
    return load.Target("POST", services.url("orders", "/orders"),
                       {"Authorization": f"Bearer {user.token}", "Content-Type": "application/json"},
                       json.dumps({"products": ["LATTE", "ESPRESSO"]}).encode())


def orders(options):
    """Accepted orders, durably committed; everything that follows from them competes for the same CPU."""
    with machine.running(ALL_CORES, "--time-scale", "0.01") as services:
        target = order_target(services, services.customer())
        rounds = []
        for _ in range(options.rounds):
            begin = usage.cpu(services.pids)
            accepted = cost(target, services.pids, options.seconds, 201)
            drained_from = time.monotonic()
            services.at_rest(600)
            whole = usage.cpu(services.pids).since(begin).total
            rounds.append({**accepted, "drain_seconds": time.monotonic() - drained_from,
                           "whole_flow_per_cpu_second": accepted["requests"] / whole if whole else 0})
    figures = ("per_second", "per_cpu_second", "whole_flow_per_cpu_second", "drain_seconds")
    return {**{name: machine.median([one[name] for one in rounds]) for name in figures}, "rounds": rounds}


def hop(options):
    """One hop of the bus, by its own benchmark; None where it is not built."""
    program = generators.program_path("bench_bus")
    if program is None:
        print("  bench_bus is not built (scripts/build release -DLOADGEN_BENCH=ON), left out")
        return None
    rates, costs = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            text = subprocess.run([program, "hop", "--events", str(options.hop_events), "--folder", folder],
                                  capture_output=True, text=True, check=True).stdout
        rates.append(float(re.search(r"= (\d+) events/s", text).group(1)))
        costs.append(float(re.search(r"([\d.]+) us of CPU an event", text).group(1)))
    return {"per_second": machine.median(rates), "cpu_us_per_event": machine.median(costs)}


def milliseconds_of(text):
    """Of "2025-01-01T10:00:00.123Z"."""
    whole, fraction = re.fullmatch(r"([^.Z]*)(\.\d+)?Z", text).groups()
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 1000 + float(fraction or 0) * 1000


def list_orders(services, user):
    """{order id: milliseconds of its creation}"""
    found, token = {}, ""
    while True:
        page = services.client.ask("orders", "GET", f"/orders?pageSize=100{token}", token=user.token, expect=200).json()
        found.update({row["orderId"]: milliseconds_of(row["orderDate"]) for row in page["items"]})
        if not page["hasMorePages"]:
            return found
        token = f"&pageToken={page['nextPageToken']}"


def confirmed_at(services, order):
    answer = services.client.ask("activity", "GET", f"/api/activity/order/{order}", expect=200).json()
    times = [row["activity_time"] for row in answer["activities"] if row["type"] == "orders.orderConfirmed.v1"]
    return min(times) if times else None


def confirmation(options, rate=200):
    """F3 at a steady rate: from the order's commit to that of its confirmation, both as the services stamped them."""
    with machine.running(ALL_CORES, "--time-scale", "0.01") as services:
        user = services.customer()
        sent = cost(order_target(services, user), services.pids, options.seconds, 201, rate)
        services.at_rest(600)
        created = list_orders(services, user)
        taken = []
        for order, begin in created.items():
            end = confirmed_at(services, order)
            if end is not None:
                taken.append(end - begin)
    taken.sort()
    at = lambda share: taken[min(len(taken) - 1, int(share * len(taken)))] if taken else None  # noqa: E731
    return {"rate": rate, "accepted_per_second": sent["per_second"], "orders": len(created), "confirmed": len(taken),
            "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1), "cpu_ms_per_order":
            sent["cpu_seconds"] * 1000 / sent["requests"] if sent["requests"] else None}


def tracing(options):
    """The same loads with and without export to a receiver that throws all spans away; CPU of the set alone, the threads
    that export included."""
    figures = otlp_receiver.Receiver()
    try:
        with tempfile.TemporaryDirectory() as folder, \
                peers.start_discarding(folder, SERVER_CORE, figures.url) as sink:
            export = ["--otlp", f"http://127.0.0.1:{sink.port}"]
            with machine.running({SERVER_CORE}, "--time-scale", "0.01") as off, \
                    machine.running({SERVER_CORE}, "--time-scale", "0.01", *export) as on:
                found = {"GET /product": traced(on, off, options, read_cost),
                         "POST /orders and all that follows": traced(on, off, options, order_cost)}
        return {**found, "spans": fate_of_spans(figures)}  # the last figures came when the set ended
    finally:
        figures.close()


def fate_of_spans(figures):
    """{"taken": ..., "queue_full": ...}: a span that is lost on the way costs less than one that arrives."""
    fates = {}
    for name, wanted in (("otel.sdk.exporter.span.exported", "taken"), ("otel.sdk.processor.span.processed", None)):
        for point in figures.metric(name):
            fate = point.attributes.get("error.type", wanted)
            if fate is not None:
                fates[fate] = fates.get(fate, 0) + point.value
    lost = {fate: count for fate, count in fates.items() if fate != "taken" and count > 0}
    if lost or not fates.get("taken"):
        print(f"  tracing: spans were lost, the cost is too low: {fates}")
    return fates


def traced(on, off, options, measure):
    users = {id(services): services.customer() for services in (on, off)}
    for services in (on, off):
        services.at_rest()
        measure(services, users[id(services)], WARM_UP_SECONDS)
    found = in_rounds({name: (lambda one=services: measure(one, users[id(one)], options.seconds))
                       for name, services in (("on", on), ("off", off))}, options.rounds)
    return {**found, "on_top": found["off"]["per_cpu_second"] / found["on"]["per_cpu_second"] - 1}


def read_cost(services, _user, seconds):
    return cost(load.Target("GET", services.url("products", "/product")), services.pids, seconds, 200)


def order_cost(services, user, seconds):
    """CPU until the queues are empty again, so that no work is left for the next round."""
    with machine.Work(services.pids) as work:
        sent = cost(order_target(services, user), services.pids, seconds, 201, rate=ORDER_RATE)
        services.at_rest(600)
    return {**sent, "cpu_seconds": work.cpu.total, "per_cpu_second": sent["requests"] / work.cpu.total}


def idle(options):
    """A set that nobody talks to, and how long it took to come up."""
    with machine.running(ALL_CORES) as services:
        services.at_rest()
        with machine.Work(services.pids) as work:
            end = time.monotonic() + options.idle_seconds
            waiting.until(lambda: time.monotonic() >= end, "the stretch to end", options.idle_seconds + 10)
        return {"seconds": options.idle_seconds, "core_share": work.cpu.total / options.idle_seconds,
                "resident_bytes": usage.resident_bytes(services.pids), "ready_ms": services.services.ready_ms}
