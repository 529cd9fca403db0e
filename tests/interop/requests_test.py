#!/usr/bin/env python3
"""What a request carries and what is kept of its answer, seen by the server and in the result stream."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support import loadgen, web_server

COUNT = 10
LOAD = ("-rate", "100/1s", "-duration", "100ms", "-timeout", "5s")  # 10 requests


def redirecting(routes):
    """A server whose paths lead to other places; what is not in `routes` is answered."""

    def answer(seen):
        if seen.path not in routes:
            return web_server.hello(seen)
        status, location = routes[seen.path]
        return status, (("Location", location),), b"moved\n"

    return answer


class RequestTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def serve(self, *arguments, **options):
        server = self.enterContext(web_server.WebServer(*arguments, **options))
        server.url = f"http://127.0.0.1:{server.port}"
        return server

    def attack(self, targets, *flags):
        return loadgen.attack(self.folder, targets, *(LOAD + flags))

    def assert_all(self, attack, cause="ok", count=COUNT):
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual((attack.requests, attack.causes), (count, {cause: count}), str(attack))

    def records(self, *flags):
        """The results as vegeta's JSON lines."""
        done = subprocess.run([loadgen.BIN / "loadgen", "encode", *flags, self.folder / "results.bin"], capture_output=True,
                              text=True, check=True, timeout=30)
        return [json.loads(line) for line in done.stdout.splitlines()]


class Sent(RequestTest):
    def test_sequence_and_name(self):
        server = self.serve()
        self.assert_all(self.attack(f"GET {server.url}/", "-name", "evening run"))
        self.assertEqual(sorted(int(seen.values("X-Vegeta-Seq")[0]) for seen in server.seen), list(range(COUNT)))
        self.assertEqual({tuple(seen.values("X-Vegeta-Attack")) for seen in server.seen}, {("evening run",)})
        self.assertEqual({record["attack"] for record in self.records()}, {"evening run"})

    def test_without_sequence_and_name(self):
        server = self.serve()
        self.assert_all(self.attack(f"GET {server.url}/", "-sequence-header=false"))
        self.assertEqual([seen for seen in server.seen if seen.values("X-Vegeta-Seq") or seen.values("X-Vegeta-Attack")],
                         [])

    def test_headers(self):
        """Names keep their case; those of the command line come before the target's own; Host replaces the authority."""
        server = self.serve()
        self.assert_all(self.attack(f"GET {server.url}/a?b=c\nx-OWN: 2\nHost: shop.invalid", "-header", "x-OWN: 1",
                                    "-header", "Accept: text/plain"))
        for seen in server.seen:
            self.assertEqual(seen.path, "/a?b=c")
            self.assertEqual([pair for pair in seen.headers if pair[0].lower() == "x-own"], [("x-OWN", "1"), ("x-OWN", "2")])
            self.assertEqual((seen.values("Host"), seen.values("Accept")), (["shop.invalid"], ["text/plain"]))

    def test_bodies(self):
        """A target's own body, the one of the command line, and the same in chunks."""
        server = self.serve()
        (self.folder / "own").write_bytes(b"own body")
        (self.folder / "default").write_bytes(b"d" * 100_000)
        targets = f"PUT {server.url}/own\n@{self.folder}/own\n\nPOST {server.url}/default"
        for flags in ((), ("-chunked",)):
            server.seen.clear()
            with self.subTest(flags):
                attack = self.attack(targets, "-body", self.folder / "default", *flags)
                self.assert_all(attack)
                self.assertEqual({(seen.method, seen.path, seen.body) for seen in server.seen},
                                 {("PUT", "/own", b"own body"), ("POST", "/default", b"d" * 100_000)})
                chunked = {tuple(seen.values("Transfer-Encoding")) for seen in server.seen}
                self.assertEqual(chunked, {("chunked",) if flags else ()})
                self.assertEqual(attack.report["bytes_out"]["total"], COUNT // 2 * 100_008)

    def test_length_headers_of_targets_are_ours_to_say(self):
        """A target that states its body's length or encoding, rightly or not, is sent as one well-formed request."""
        server = self.serve()
        (self.folder / "body").write_bytes(b"five!")
        for method, header, body in (("POST", "Content-Length: 3", b"five!"), ("POST", "content-length: 900", b"five!"),
                                     ("POST", "Transfer-Encoding: chunked", b"five!"), ("GET", "Content-Length: 7", b"")):
            server.seen.clear()
            with self.subTest(header):
                self.assert_all(self.attack(f"{method} {server.url}/\n{header}" + (f"\n@{self.folder}/body" if body else "")))
                self.assertEqual({(seen.method, seen.body) for seen in server.seen}, {(method, body)})
                self.assertEqual({tuple(seen.values("Content-Length")) for seen in server.seen},
                                 {(str(len(body)),) if body else ()})

    def test_json_targets(self):
        server = self.serve()
        target = json.dumps({"method": "POST", "url": f"{server.url}/j", "body": "aGVsbG8=", "header": {"X-A": ["1", "2"]}})
        self.assert_all(self.attack(target, "-format", "json"))
        self.assertEqual({(seen.path, seen.body, tuple(seen.values("X-A"))) for seen in server.seen},
                         {("/j", b"hello", ("1", "2"))})

    def test_targets_in_turn(self):
        server = self.serve()
        self.assert_all(self.attack(f"GET {server.url}/1\nGET {server.url}/2\nGET {server.url}/3"))
        by_path = [sum(seen.path == path for seen in server.seen) for path in ("/1", "/2", "/3")]
        self.assertEqual(by_path, [4, 3, 3])

    def test_lazy_ends_with_the_targets(self):
        server = self.serve()
        attack = self.attack("".join(f"GET {server.url}/{number}\n" for number in range(4)), "-lazy", "-duration", "5s")
        self.assert_all(attack, count=4)
        self.assertEqual(sorted(seen.path for seen in server.seen), ["/0", "/1", "/2", "/3"])

    def test_lazy_stops_at_a_mistake(self):
        server = self.serve()
        attack = self.attack(f"GET {server.url}/good\n\nnonsense\n", "-lazy", "-duration", "5s")
        self.assertEqual(attack.exit_code, 2, str(attack))
        self.assertIn('targets.txt:3:1: bad target "nonsense"', attack.narration)
        self.assertEqual({seen.path for seen in server.seen}, {"/good"})


class Redirects(RequestTest):
    def test_followed_to_the_end(self):
        server = self.serve(redirecting({"/a": (302, "/b"), "/b": (301, "c"), "/c": (307, "//127.0.0.1/d")}))
        server.answer = redirecting({"/a": (302, "/b"), "/b": (301, "c"), "/c": (307, f"//127.0.0.1:{server.port}/d")})
        attack = self.attack(f"GET {server.url}/a")
        self.assert_all(attack)
        self.assertEqual(server.requests, 4 * COUNT)
        self.assertEqual({record["code"] for record in self.records()}, {200})

    def test_not_followed(self):
        """-1: the 3xx is the answer, and a success. 0: following is needed and not allowed, a failure."""
        server = self.serve(redirecting({"/a": (302, "/b")}))
        attack = self.attack(f"GET {server.url}/a", "-redirects", "-1")
        self.assert_all(attack)
        self.assertEqual((attack.status_codes, attack.report["success"]), ({"302": COUNT}, 1))
        attack = self.attack(f"GET {server.url}/a", "-redirects", "0")
        self.assertNotIn("ok", attack.causes, str(attack))
        self.assertIn("redirects", str(attack.report["errors"]))
        self.assertEqual({seen.path for seen in server.seen}, {"/a"})

    def test_loop_ends(self):
        server = self.serve(redirecting({"/a": (302, "/b"), "/b": (302, "/a")}))
        attack = self.attack(f"GET {server.url}/a", "-redirects", "5")
        self.assertNotIn("ok", attack.causes, str(attack))
        self.assertIn("redirects", str(attack.report["errors"]))
        self.assertEqual(server.requests, 6 * COUNT)

    def test_methods_and_bodies(self):
        """303 turns everything into GET without a body, 302 a POST; 307 and 308 keep both (RFC 9110 section 15.4)."""
        (self.folder / "body").write_bytes(b"payload")
        for status, method, body in ((302, "GET", b""), (303, "GET", b""), (307, "POST", b"payload"), (308, "POST", b"payload")):
            with self.subTest(status):
                server = self.serve(redirecting({"/a": (status, "/b")}))
                self.assert_all(self.attack(f"POST {server.url}/a\n@{self.folder}/body"))
                self.assertEqual({(seen.method, seen.body) for seen in server.seen if seen.path == "/b"}, {(method, body)})

    def test_credentials_stay_with_their_host(self):
        other = self.serve()
        secret = "Authorization: Bearer s3cret\nCookie: id=1\nX-Kept: yes"
        for location, kept in ((f"http://localhost:{other.port}/", False), ("/same", True)):
            with self.subTest(location):
                server = self.serve(redirecting({"/a": (302, location)}))
                self.assert_all(self.attack(f"GET {server.url}/a\n{secret}", "-connect-to",
                                            f"localhost:{other.port}:127.0.0.1:{other.port}"))
                arrived = other.seen if not kept else [seen for seen in server.seen if seen.path == "/same"]
                self.assertEqual(len(arrived), COUNT)
                for seen in arrived:
                    self.assertEqual((bool(seen.values("Authorization")), bool(seen.values("Cookie")), seen.values("X-Kept")),
                                     (kept, kept, ["yes"]))


class Kept(RequestTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve(lambda seen: (200, (("X-Answer", "a, b"),), b"0123456789"))

    def attack_once(self, *flags):
        self.assert_all(self.attack(f"GET {self.server.url}/", *flags))
        return self.records()[0]

    def test_bodies(self):
        """None by default, the start of each when asked; bytes are counted all the same."""
        for flags, body in (((), None), (("-max-body", "4"), "MDEyMw=="), (("-max-body", "-1"), "MDEyMzQ1Njc4OQ==")):
            with self.subTest(flags):
                record = self.attack_once(*flags)
                self.assertEqual((record["body"], record["bytes_in"]), (body, 10))

    def test_headers(self):
        self.assertNotIn("X-Answer", self.attack_once().get("headers") or {})
        self.assertEqual(self.attack_once("-keep-headers")["headers"]["X-Answer"], ["a, b"])

    def test_detail(self):
        """Phases, connection and remote address of each exchange, beside vegeta's fields."""
        self.attack_once("-max-connections", "1")
        details = sorted((record["loadgen"] for record in self.records("-detail")), key=lambda detail: detail["ordinal"])
        self.assertEqual([detail["ordinal"] for detail in details], list(range(1, COUNT + 1)))
        self.assertEqual(len({detail["connection"] for detail in details}), 1)
        self.assertEqual({detail["remote_address"] for detail in details}, {f"127.0.0.1:{self.server.port}"})
        self.assertEqual({detail["endpoint"] for detail in details}, {"GET /"})
        self.assertGreater(details[0]["connect"], 0)
        self.assertEqual({detail["connect"] for detail in details[1:]}, {0})
        self.assertTrue(all(detail["wait"] > 0 for detail in details))


if __name__ == "__main__":
    unittest.main()
