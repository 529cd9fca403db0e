"""Every scenario that comes with loadgen is right, with each of its environments, and stands in its folder's README."""

import re
import subprocess
import unittest

from tests.e2e.scenarios import pages
from tests.support.console_examples import examples

ENVIRONMENTS = re.compile(r"^  environments:\n(.*?)(?=^  \w|^\w)", re.M | re.S)


def environments(script):
    found = ENVIRONMENTS.search((pages.REPOSITORY / script).read_text())
    return re.findall(r"^    (\w+):", found[1], re.M) if found else []


class Validate(unittest.TestCase):
    def loadgen(self, *words):
        return subprocess.run([pages.LOADGEN, *words], cwd=pages.REPOSITORY, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def assert_right(self, script, *options):
        done = self.loadgen("validate", *options, script)
        self.assertEqual((done.returncode, done.stderr), (0, ""), script)
        self.assertRegex(done.stdout, rf"^{script}: no errors, \d+ scenarios?, \d+ requests?\n$")

    def test_no_errors_and_no_warnings(self):
        self.assertGreater(len(pages.scripts()), 6)
        for script in pages.scripts():
            with self.subTest(script=script):
                self.assert_right(script)

    def test_each_environment(self):
        self.assertIn("burst", environments("scenarios/shop/load.yml"))
        for script in pages.scripts():
            for environment in environments(script):
                with self.subTest(script=script, environment=environment):
                    self.assert_right(script, "-e", environment)

    def test_totals_of_the_shop(self):
        """Users of each environment, as the comments of the files say: what Artillery's phases of the same names bring."""
        for script in ("scenarios/shop/load.yml", "scenarios/shop/with_processor.yml"):
            for environment, users in (("short", 20), ("load", 2340), ("simulator", 110), ("burst", 6030)):
                with self.subTest(script=script, environment=environment):
                    done = self.loadgen("run", "-dry-run", "-dry-run-limit", "1000000", "-e", environment, script)
                    self.assertEqual(len(re.findall(r"^user \d+ at ", done.stdout, re.M)), users, done.stderr)

    def test_each_is_in_a_readme(self):
        for script in pages.scripts():
            page = (pages.REPOSITORY / script).parent / "README.md"
            commands = [command for command, _ in examples(page)]
            self.assertIn(f"loadgen run {script}", commands)


if __name__ == "__main__":
    unittest.main()
