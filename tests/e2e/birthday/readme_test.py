"""The commands of the service's README do what it shows."""

import pathlib
import re
import shutil
import subprocess
import unittest

from tests.e2e.birthday import service
from tests.support.console_examples import examples

README = pathlib.Path(__file__).resolve().parents[3] / "services" / "birthday" / "README.md"
# What differs from run to run: days to go, ids that the service made.
VARYING = [(r"in \d+ day\(s\)", "in N day(s)"), (r'"requestId":"[0-9a-f]{32}"', '"requestId":"ID"')]


def normal(text):
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text)
    return text.strip()


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Readme(service.ServiceCase):
    def test_every_command(self):
        running = self.start()
        found = list(examples(README))
        self.assertGreater(len(found), 4)
        for command, expected in found:
            here = command.replace("127.0.0.1:8080", f"127.0.0.1:{running.port}")
            got = subprocess.run(["sh", "-c", here], capture_output=True, text=True, timeout=20)
            self.assertEqual(normal(got.stdout), normal(expected), command)


if __name__ == "__main__":
    unittest.main()
