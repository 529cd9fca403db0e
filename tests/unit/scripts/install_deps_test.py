#!/usr/bin/env python3
"""scripts/install-deps against a machine made of stand-ins: what is installed, who we are, what apt-get answers.

The stand-ins replace the machine (package database, user, package manager), not the script under test. Nothing is
installed: apt-get here only notes how it was called.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "install-deps"
LISTED = subprocess.run(["sed", "-n", "/^build_packages=(/,/^)/p", SCRIPT], capture_output=True, text=True).stdout
BUILD = LISTED.replace("build_packages=(", "").replace(")", "").split()


class InstallDeps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = pathlib.Path(folder.name)
        self.calls = self.bin / "calls"
        self.have(BUILD)
        self.command("node", "echo v20.1.0")
        self.command("npm", "true")
        self.command("id", "echo 1000")
        self.command("apt-get", f'echo "apt-get $*" >>{self.calls}')
        for tool in ("env", "bash", "rm", "tee", "chmod"):  # what the script itself is made of
            if tool in ("env", "bash"):
                os.symlink(f"/usr/bin/{tool}", self.bin / tool)
            else:
                self.command(tool, f'echo "{tool} $*" >>{self.calls}; [ {tool} != tee ] || read -r line')

    def command(self, name, body):
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def have(self, packages):
        """The package database: dpkg-query answers for these and fails for the rest, as the real one does."""
        lines = "".join(f"{name} installed\\n" for name in packages)
        self.command("dpkg-query", f"printf '{lines}'; exit 1")

    def run_script(self, *arguments):
        done = subprocess.run(["/bin/bash", SCRIPT, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={"PATH": str(self.bin), "LOADGEN_POLICY_FILE": str(self.bin / "policy")})
        called = self.calls.read_text() if self.calls.exists() else ""
        return done.returncode, done.stdout, done.stderr, called

    def test_nothing_missing_does_nothing(self):
        self.assertEqual(self.run_script("build"), (0, "", "", ""))

    def test_list_names_only_what_is_missing(self):
        self.have([name for name in BUILD if name != "mold"])
        self.assertEqual(self.run_script("--list", "build"), (0, "mold\n", "", ""))

    def test_half_installed_counts_as_missing(self):
        self.command("dpkg-query", "printf '" + "".join(f"{n} installed\\n" for n in BUILD if n != "mold")
                     + "mold config-files\\n'")
        self.assertEqual(self.run_script("--list", "build")[1], "mold\n")

    def test_without_sudo_says_the_exact_command(self):
        self.have([name for name in BUILD if name not in ("mold", "cmake")])
        code, _, error, called = self.run_script("build")
        self.assertEqual((code, called), (1, ""))
        self.assertIn("this user is not root and has no sudo", error)
        self.assertIn("  sudo apt-get update && sudo apt-get install --no-install-recommends cmake mold\n", error)

    def test_sudo_that_wants_a_password_without_a_terminal(self):
        self.have(BUILD[1:])
        self.command("sudo", "exit 1")
        code, _, error, called = self.run_script("build")
        self.assertEqual((code, called), (1, ""))
        self.assertIn("there is no terminal to type it on", error)

    def test_sudo_installs_only_what_is_missing(self):
        self.have([name for name in BUILD if name != "mold"])
        self.command("sudo", 'shift; [ "$1" = true ] || exec "$@"')
        code, _, _, called = self.run_script("build")
        self.assertEqual(code, 0)
        self.assertRegex(called, r"apt-get .*update\n")
        self.assertRegex(called, r"apt-get .*install --no-install-recommends mold\n")

    def test_daemons_are_kept_from_starting(self):
        self.have([name for name in BUILD if name != "mold"])
        self.command("sudo", 'shift; [ "$1" = true ] || exec "$@"')
        called = self.run_script("build")[3].splitlines()
        self.assertEqual([line.split()[0] for line in called], ["tee", "chmod", "apt-get", "apt-get", "rm"])
        self.assertEqual({line.split()[-1] for line in (called[0], called[1], called[4])}, {str(self.bin / "policy")})

    def test_apt_that_fails(self):
        self.have(BUILD[1:])
        self.command("id", "echo 0")
        self.command("apt-get", "exit 100")
        code, _, error, _ = self.run_script("build")
        self.assertEqual(code, 1)
        self.assertIn("apt-get could not install the packages", error)
        self.assertIn(f"Missing packages: {BUILD[0]}\n", error)

    def test_old_node_is_replaced_and_new_node_left_alone(self):
        self.command("node", "echo v16.20.0")
        self.assertEqual(self.run_script("--list", "build")[1], "nodejs\nnpm\n")
        self.command("node", "echo v18.19.0")
        self.assertEqual(self.run_script("--list", "build")[1], "")

    def test_not_debian(self):
        (self.bin / "apt-get").unlink()
        code, _, error, _ = self.run_script("build")
        self.assertEqual(code, 1)
        self.assertIn("has no apt-get", error)
        self.assertIn("  libnghttp2-dev\n", error)

    def test_usage(self):
        for arguments in ([], ["everything"]):
            code, _, error, _ = self.run_script(*arguments)
            self.assertEqual(code, 2)
            self.assertIn("groups: build, test, bench", error)


if __name__ == "__main__":
    unittest.main()
