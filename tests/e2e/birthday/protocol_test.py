"""HTTP/1.0, HTTP/1.1 and HTTP/2 in clear text, as strangers' clients and raw bytes speak them."""

import json
import shutil
import subprocess
import unittest

from tests.e2e.birthday import service

GET = b"GET /hello/foo HTTP/1.1\r\nHost: x\r\n\r\n"


class Protocol(service.ServiceCase):
    def setUp(self):
        super().setUp()
        self.service = self.start("--threads", "2")
        client = service.Client(self.service)
        self.assertEqual(client.put("foo")[0], 204)
        client.close()

    def exchange(self, request, answers):
        """Sends raw bytes; returns that many answers, and whether the connection ended then."""
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(request)
            got = [service.read_answer(stream) for _ in range(answers)]
            raw.shutdown(1)  # no more from us
            return got, stream.read() == b""

    def test_keep_alive(self):
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            for _ in range(50):
                raw.sendall(GET)
                self.assertEqual(service.read_answer(stream)[0], "HTTP/1.1 200 OK")

    def test_pipelined_requests_are_answered_in_order(self):
        put = b"PUT /hello/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\n\r\n" + service.GOOD_BODY.encode()
        request = b"".join(put % name + GET.replace(b"foo", name) for name in (b"aa", b"bb", b"cc"))
        got, _ = self.exchange(request, 6)
        self.assertEqual([answer[0].split()[1] for answer in got], ["204", "200"] * 3)
        for name, answer in zip(("aa", "bb", "cc"), got[1::2]):
            self.assertIn(f"Hello, {name}!", answer[2])

    def test_a_request_byte_by_byte(self):
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            for byte in GET:
                raw.sendall(bytes([byte]))
            self.assertEqual(service.read_answer(stream)[0], "HTTP/1.1 200 OK")

    def test_connection_close_and_http_1_0_end_the_connection(self):
        for request in (GET.replace(b"Host", b"Connection: close\r\nHost"), b"GET /hello/foo HTTP/1.0\r\n\r\n"):
            with self.service.connect() as raw, raw.makefile("rb") as stream:
                raw.sendall(request)
                self.assertIn("200", service.read_answer(stream)[0])
                self.assertEqual(stream.read(), b"")

    def test_a_client_that_ends_its_side_still_gets_its_answers(self):
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(GET * 3)
            raw.shutdown(1)
            for _ in range(3):
                self.assertIn("200", service.read_answer(stream)[0])
            self.assertEqual(stream.read(), b"")

    def test_chunked_bodies(self):
        body = b"5\r\n" + service.GOOD_BODY[:5].encode() + b"\r\n17\r\n" + service.GOOD_BODY[5:].encode() + b"\r\n0\r\n\r\n"
        got, _ = self.exchange(b"PUT /hello/foo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 1)
        self.assertIn("204", got[0][0])

    def test_expect_continue(self):
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(b"PUT /hello/foo HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\nExpect: 100-continue\r\n\r\n")
            self.assertIn("100", stream.readline().decode())
            self.assertEqual(stream.readline(), b"\r\n")
            raw.sendall(service.GOOD_BODY.encode())
            self.assertIn("204", service.read_answer(stream)[0])

    def test_what_is_no_http_is_refused_and_nobody_else_suffers(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"GET /hello/foo HTTP/1.1\r\nHost : x\r\n\r\n",
                        b"PUT /hello/foo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"):
            with self.service.connect() as raw, raw.makefile("rb") as stream:
                raw.sendall(garbage + b"\r\n\r\n")
                answer = service.read_answer(stream)
                self.assertTrue(answer is None or answer[0].split()[1] in ("400", "505"), answer)
        self.assertIn("200", self.exchange(GET, 1)[0][0][0])

    def test_a_large_head_is_refused(self):
        with self.service.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(b"GET /hello/foo HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n")
            self.assertIn("431", service.read_answer(stream)[0])

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_h2c_with_curl(self):
        url = f"http://127.0.0.1:{self.service.port}/hello/foo"
        command = ["curl", "-sS", "--http2-prior-knowledge", "-w", "\n%{http_version} %{http_code}", "-X"]
        got = subprocess.run([*command, "PUT", "-d", service.GOOD_BODY, url], capture_output=True, text=True, timeout=20)
        self.assertEqual(got.stdout.strip(), "2 204", got.stderr)
        got = subprocess.run([*command, "GET", url], capture_output=True, text=True, timeout=20)
        body, result = got.stdout.splitlines()
        self.assertIn("Hello, foo!", json.loads(body)["message"])
        self.assertEqual(result, "2 200")

    @unittest.skipUnless(shutil.which("h2load"), "h2load (nghttp2-client) is not installed")
    def test_h2c_with_many_streams(self):
        url = f"http://127.0.0.1:{self.service.port}/hello/foo"
        got = subprocess.run(["h2load", "-n", "5000", "-c", "4", "-m", "32", url], capture_output=True, text=True,
                             timeout=60)
        self.assertIn("5000 succeeded, 0 failed, 0 errored, 0 timeout", got.stdout)
        self.assertIn("status codes: 5000 2xx", got.stdout)


if __name__ == "__main__":
    unittest.main()
