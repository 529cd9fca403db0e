"""The commands of the services' READMEs do what they show. One set serves them all, and the tokens that the users' README
gets serve the rest. (The birthday service has a test of its own: its page shows it alone.)"""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

from tests.e2e.services import service_set
from tests.support import waiting
from tests.support.console_examples import examples

SERVICES = pathlib.Path(__file__).resolve().parents[3] / "services"
# In the order of their use: the first gives the tokens, the later ones show what the earlier ones did.
PAGES = ("users", "products", "inventory", "pricing", "activity", "loyalty", "orders", "search", "grocery/users",
         "grocery/lists", "grocery/elastic", "grocery/stats", "ninja/orders", "ninja/users", "ninja/notification")
# What differs from run to run: tokens, ids, times, and the first stock, which is drawn by lot.
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
VARYING = [(r'"token":"[\w.-]+"', '"token":"TOKEN"'), (r'"activity_time":\d+', '"activity_time":TIME'),
           (UUID, "ID"), (r'"(orderDate|sent_at)":"[0-9T:.-]+Z"', r'"\1":"TIME"'), (r'"tookMs":\d+', '"tookMs":N'),
           (r'"stockLevel":(5\d|[6-8]\d|9[0-8])\b', '"stockLevel":LOT'), (r"\(\d\d in stock\)", "(LOT in stock)")]
SETS = re.compile(r"^([A-Z]+)=")
SET_TO = {"USER": r"^[\w-]+\.[\w-]+\.[\w-]+$", "ADMIN": r"^[\w-]+\.[\w-]+\.[\w-]+$", "ORDER": f"^{UUID}$", "NINJA": f"^{UUID}$"}


def normal(text):
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text)
    return text.strip()


def only_asks(command):
    return command.startswith("curl") and (not re.search(r" (-d|-X) ", command) or "/search -d " in command)


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Readmes(service_set.ServiceSetCase):
    def run_command(self, command):
        command = service_set.moved(command, self.urls)
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30, env=self.environment)
        return done.stdout

    def check(self, command, expected):
        name = SETS.match(command)
        if name:  # the shell that it was typed into remembers
            value = self.run_command(f'{command}; printf %s "${name[1]}"')
            self.assertRegex(value, SET_TO[name[1]], command)
            self.environment[name[1]] = value
            return

        def as_shown():
            self.got = normal(self.run_command(command))
            return self.got == normal(expected)

        # News travel for a moment before a question has its final answer; a change is made once.
        if only_asks(command):
            try:
                waiting.until(as_shown, command, 20)
            except TimeoutError:
                pass
        else:
            as_shown()
        self.assertEqual(self.got, normal(expected), command)

    def test_every_command(self):
        services, _ = self.start_shop()
        self.urls = services.urls
        self.environment = {**os.environ, **dict.fromkeys(SET_TO, "")}
        for page in PAGES:
            found = list(examples(SERVICES / page / "README.md"))
            self.assertGreater(len(found), 1, page)
            for command, expected in found:
                with self.subTest(page=page, command=command):
                    self.check(command, expected)


if __name__ == "__main__":
    unittest.main()
