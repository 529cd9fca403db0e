"""Switching faults of a running set by command, and knowing when its processes follow."""

import json

from tests.e2e.services import service_set, shop
from tests.support import waiting

ON = "FAULTS ON PURPOSE are switched on"
OFF = "FAULTS ON PURPOSE are switched off"


def lines(services, message):
    """The log's lines with that message."""
    found = []
    for line in services.log().splitlines():
        row = json.loads(line)
        if row["message"] == message:
            found.append(row)
    return found


def switch(services, message, *words):
    """Runs `faults WORDS`; returns what it printed once every process has logged `message` again."""
    wanted = len(lines(services, message)) + len(services.processes())
    printed = services.command("faults", *words)
    waiting.until(lambda: len(lines(services, message)) >= wanted, f"every process to say {message!r}", 30)
    return printed


def on(services, *options):
    return switch(services, ON, "set", *options)


def off(services):
    return switch(services, OFF, "clear")


class FaultCase(service_set.ServiceSetCase):
    """One set for all tests of a class, which leave it without faults."""

    services_wanted = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set = cls.start_for_class(*cls.services_wanted)
        cls.shop = shop.Shop(cls.set.urls)

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clear)

    def on(self, *options):
        return on(self.set, *options)

    def clear(self):
        if self.set.command("faults", "list") != "no faults\n":
            off(self.set)
