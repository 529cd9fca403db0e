"""The service set under measurement: pinned to its cores, ready for load."""

import contextlib
import os
import pathlib
import statistics
import tempfile

from tests.bench import generators
from tests.support import waiting

os.environ.setdefault("LOADGEN_SERVICES", generators.program_path("loadgen-services") or "")
from tests.e2e.services import service_set, shop  # noqa: E402  (reads the variable above)

from . import usage  # noqa: E402

STOCK = 1_000_000


class Set:
    """A running set. `client` is a shop on it whose catalogue is complete."""

    def __init__(self, folder, cores, *options):
        self.folder = pathlib.Path(folder)
        mine = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # its processes inherit this
        try:
            self.services = service_set.ServiceSet(self.folder / "data", "--fast-passwords", "on", *options)
        finally:
            os.sched_setaffinity(0, mine)
        self.client = shop.Shop(self.services.urls)
        waiting.until(self.client.catalogue_is_complete, "prices and stock of the seeded catalogue", 60)

    @property
    def pids(self):
        return [self.services.process.pid, *self.services.processes()]

    def url(self, service, path):
        return self.services.urls[service] + path

    def customer(self):
        """A user, with enough of everything in stock for a load of orders."""
        for product in self.client.products():
            self.client.set_stock(product["productId"], STOCK)
        return self.client.register()

    def at_rest(self, seconds=120):
        """Waits until no queue holds anything."""
        waiting.until(lambda: all(row["waiting"] + row["in_flight"] == 0 for row in self.services.queues()),
                      "queues to drain", seconds)


@contextlib.contextmanager
def running(cores, *options):
    with tempfile.TemporaryDirectory(prefix="loadgen-bench-") as folder:
        services = Set(folder, cores, *options)
        try:
            yield services
        finally:
            services.services.close()


class Work:
    """CPU of processes over a stretch of time: `with Work(pids) as work: ...` then work.cpu, work.threads."""

    def __init__(self, pids):
        self.pids = pids

    def __enter__(self):
        self.before, self.threads_before = usage.cpu(self.pids), usage.threads(self.pids)
        return self

    def __exit__(self, *_):
        self.cpu = usage.cpu(self.pids).since(self.before)
        self.threads = usage.busiest(self.threads_before, usage.threads(self.pids))


def median(values):
    return statistics.median(values) if values else None
