"""What the program says about itself and about wrong usage."""

import subprocess
import unittest

from tests.e2e.birthday import service


def run(*arguments):
    return subprocess.run([service.BINARY, *arguments], capture_output=True, text=True, timeout=20)


class CommandLine(service.ServiceCase):
    def assert_fails(self, code, message, *arguments):
        got = run(*arguments)
        self.assertEqual((got.returncode, got.stdout, got.stderr), (code, "", f"loadgen-services: {message}\n"))

    def test_help(self):
        for arguments, expected in ((["--help"], "deploy"), (["help"], "deploy"), (["birthday", "--help"], "--port N")):
            got = run(*arguments)
            self.assertEqual(got.returncode, 0)
            self.assertRegex(got.stdout, "birthday +greets people")
            self.assertIn(expected, got.stdout)

    def test_wrong_usage(self):
        self.assert_fails(2, "names no command and no service; --help lists them")
        self.assert_fails(2, '"birthdays" is no command and no service; --help lists them', "birthdays")
        self.assert_fails(2, "birthday: --data: is required: the folder of the database", "birthday")
        self.assert_fails(2, 'birthday: --port: "x" must be a number from 0 to 65535', "birthday", "--port", "x")

    def test_what_keeps_it_from_starting(self):
        self.folder.joinpath("file").write_text("")
        self.assert_fails(1, f"birthday: cannot make the folder {self.folder}/file: Not a directory", "birthday", "--data",
                          f"{self.folder}/file")
        self.assert_fails(1, "birthday: cannot open access log /nonexistent/log: No such file or directory", "birthday",
                          "--data", str(self.data), "--access-log", "/nonexistent/log")
        running = self.start()
        self.assert_fails(1, f"birthday: cannot listen on 127.0.0.1:{running.port}: Address already in use", "birthday",
                          "--data", str(self.data), "--port", str(running.port))

    def test_the_ready_line_names_the_address(self):
        running = self.start()
        self.assertEqual(running.ready, {"service": "birthday", "url": f"http://127.0.0.1:{running.port}",
                                         "host": "127.0.0.1", "port": running.port, "pid": running.process.pid})
        self.assertTrue(running.listens())

    def test_a_successor_may_share_the_port(self):
        first = self.start("--reuse-port")
        second = self.start("--reuse-port", "--port", str(first.port))
        self.assertEqual(first.port, second.port)
        first.terminate()
        self.assertEqual(first.wait(), 0)
        client = service.Client(second)
        self.assertEqual(client.put("foo")[0], 204)
        client.close()


if __name__ == "__main__":
    unittest.main()
