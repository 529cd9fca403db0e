#!/usr/bin/env python3
"""The behaviour runner must fail when a behaviour differs, and refuse files that would test nothing."""

import pathlib
import subprocess
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parents[3] / "tests" / "behaviour" / "runner.py"


class Runner(unittest.TestCase):
    def run_case(self, body, header="# name: a.case\n# purpose: a test of the runner\n"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.case"
            path.write_text(header + body)
            done = subprocess.run([RUNNER, folder, path], capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

    def assert_passes(self, body):
        code, output = self.run_case(body)
        self.assertEqual(code, 0, output)

    def assert_fails(self, body, pattern):
        code, output = self.run_case(body)
        self.assertNotEqual(code, 0, output)
        self.assertRegex(output, pattern)

    def test_exit_code(self):
        self.assert_passes("run exit 3\nexit 3\n")
        self.assert_fails("run exit 3\nexit 2\n", r"a\.case:4: exit code 3, expected 2")

    def test_whole_output(self):
        self.assert_passes("run echo one; echo two\nexit 0\nstdout\none\ntwo\nend\nstderr\nend\n")
        self.assert_fails("run echo one; echo two\nexit 0\nstdout\none\nend\n", "stdout is not as expected")
        self.assert_fails("run echo one >&2\nexit 0\nstderr\nend\n", "stderr is not as expected")

    def test_patterns(self):
        self.assert_passes("run seq 5\nexit 0\nstdout\n...\n~ [2-3]\n...\n5\nend\n")
        self.assert_fails("run echo a1b\nexit 0\nstdout\n~ [0-9]\nend\n", "stdout")
        self.assert_fails("run echo 'a?b'\nexit 0\nstdout\na.b\nend\n", "stdout")

    def test_files(self):
        self.assert_passes("file in\nx\nend\nrun cat in >out\nexit 0\ncontent out\nx\nend\nabsent other\n")
        self.assert_fails("run true\nexit 0\ncontent out\nend\n", "was not written")
        self.assert_fails("run touch out\nexit 0\nabsent out\n", "out exists")

    def test_requests_are_counted(self):
        body = "server fault ok\nrun curl -sS -o /dev/null ${URL}/\nexit 0\nrequests "
        self.assert_passes(body + "1\n")
        self.assert_fails(body + "0\n", "the server saw 1 requests, expected 0")

    def test_pipes_fail_when_one_part_fails(self):
        self.assert_fails("run false | true\nexit 0\n", "exit code 1, expected 0")

    def test_files_that_would_test_nothing(self):
        self.assert_fails("", "runs nothing")
        self.assert_fails("run true\n", "followed by the exit code")
        self.assert_fails("run true\nexit 0\nstduot\nend\n", "unknown \"stduot\"")
        self.assert_fails("run true\nexit 0\nstdout\n", "has no \"end\"")
        self.assert_fails("run true\nexit 0\nrequests 0\n", "without a server")
        self.assertRegex(self.run_case("run true\nexit 0\n", "# name: b.case\n")[1], "must be \"# name: a.case\"")
        self.assertRegex(self.run_case("run true\nexit 0\n", "# name: a.case\n")[1], "must be \"# purpose")


if __name__ == "__main__":
    unittest.main()
