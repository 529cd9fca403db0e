#!/usr/bin/env python3
"""loadgen against servers that other people wrote: every protocol, TLS right and wrong, limits, connection reuse."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support import caddy, certificates, loadgen, nghttpd, nginx

COUNT = 50
LOAD = ("-rate", "200/1s", "-duration", "250ms")  # 50 requests


class InteropTest(unittest.TestCase):
    def setUp(self):
        self.maxDiff = None

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def start(self, module, **options):
        server = module.start(self.folder(), **options)
        self.addCleanup(server.stop)
        return server

    def attack(self, targets, *flags):
        return loadgen.attack(self.folder(), targets, *(LOAD + flags))

    def assert_all(self, attack, status, cause="ok", count=COUNT):
        """Every request ended with this status and cause."""
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual((attack.requests, attack.status_codes, attack.causes),
                         (count, {str(status): count}, {cause: count}), str(attack))


class Plain(InteropTest):
    def test_nginx(self):
        server = self.start(nginx)
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/"), 200)
        self.assertEqual(server.requests(), COUNT)

    def test_caddy(self):
        server = self.start(caddy)
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/"), 200)

    def test_unix_socket(self):
        server = self.start(nginx, unix_socket=True)
        self.assert_all(self.attack("GET http://anything.invalid/", "-unix-socket", server.socket_path), 200)
        self.assertEqual(server.requests(), COUNT)

    def test_statuses(self):
        server = self.start(nginx)
        for path, status, cause in (("code/404", 404, "http-4xx"), ("code/500", 500, "http-5xx"),
                                    ("code/503", 503, "http-5xx"), ("code/429", 429, "throttled"), ("empty", 204, "ok")):
            with self.subTest(path):
                self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/{path}"), status, cause)

    def test_head_has_no_body(self):
        server = self.start(nginx)
        attack = self.attack(f"HEAD http://127.0.0.1:{server.port}/")
        self.assert_all(attack, 200)
        self.assertEqual(attack.report["bytes_in"]["total"], 0)

    def test_redirects_are_followed_unless_told_otherwise(self):
        server = self.start(nginx)
        target = f"GET http://127.0.0.1:{server.port}/redirect"
        self.assert_all(self.attack(target), 200)
        self.assert_all(self.attack(target, "-redirects", "-1"), 302)

    def test_large_body_is_counted_and_not_kept(self):
        server = self.start(nginx)
        size = 3_000_000
        (server.folder / "files" / "large").write_bytes(b"x" * size)
        attack = self.attack(f"GET http://127.0.0.1:{server.port}/files/large", "-max-body", "0")
        self.assert_all(attack, 200)
        self.assertEqual(attack.report["bytes_in"]["total"], size * COUNT)

    def test_server_that_limits_requests_per_connection(self):
        server = self.start(nginx, keepalive_requests=7)
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/"), 200)

    def test_server_that_closes_each_connection(self):
        server = self.start(nginx)
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/close"), 200)

    def test_without_keepalive(self):
        server = self.start(nginx)
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", "-keepalive=false"), 200)

    def test_never_early(self):
        """A server that admits the asked rate, with 20 ms of patience for a late machine, refuses nobody."""
        server = self.start(nginx, http="limit_req_zone $server_name zone=all:64k rate=1000r/s;",
                            location="limit_req zone=all burst=20 nodelay;", server="limit_req_status 429;")
        attack = loadgen.attack(self.folder(), f"GET http://127.0.0.1:{server.port}/", "-rate", "1000/1s", "-duration", "3s")
        self.assert_all(attack, 200, count=3000)


class Http2(InteropTest):
    def test_h2c(self):
        for module, options in ((nginx, {"listen_options": "http2"}), (nghttpd, {}), (caddy, {})):
            with self.subTest(module.__name__):
                server = self.start(module, **options)
                self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", "-h2c"), 200)

    def test_body_is_sent(self):
        server = self.start(nghttpd)
        folder = self.folder()
        (folder / "body").write_bytes(b"b" * 200_000)  # larger than the first flow-control windows
        attack = loadgen.attack(folder, f"POST http://127.0.0.1:{server.port}/\n@{folder}/body", *LOAD, "-h2c")
        self.assert_all(attack, 200)
        self.assertEqual(attack.report["bytes_out"]["total"], 200_000 * COUNT)

    def test_server_that_sends_goaway_after_some_requests(self):
        """A stream that crosses the GOAWAY on the wire is refused: the one other cause that may appear, and rarely."""
        server = self.start(nginx, listen_options="http2", keepalive_requests=7)
        attack = self.attack(f"GET http://127.0.0.1:{server.port}/", "-h2c")
        self.assertEqual(sum(attack.causes.values()), COUNT, str(attack))
        self.assertLessEqual(set(attack.causes), {"ok", "h2-retryable"}, str(attack))
        self.assertGreaterEqual(attack.causes["ok"], COUNT * 7 // 8, str(attack))


class Tls(InteropTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.authority = certificates.Authority(folder.name)

    def secure(self, module, certificate, **options):
        if module is nginx:
            options["listen_options"] = "ssl http2"
        return self.start(module, certificate=certificate, **options)

    def test_http2_by_alpn(self):
        for module in (nginx, caddy, nghttpd):
            with self.subTest(module.__name__):
                server = self.secure(module, self.authority.server())
                target = f"GET https://localhost:{server.port}/"
                self.assert_all(self.attack(target, "-root-certs", self.authority.ca_file), 200)
                if module is nginx:
                    self.assertTrue(all('HTTP/2.0"' in line for line in server.access_log()), server.access_log()[:3])

    def test_http1_when_http2_is_off(self):
        server = self.secure(nginx, self.authority.server())
        target = f"GET https://127.0.0.1:{server.port}/"
        self.assert_all(self.attack(target, "-root-certs", self.authority.ca_file, "-http2=false"), 200)
        self.assertTrue(all('HTTP/1.1"' in line for line in server.access_log()), server.access_log()[:3])

    def test_certificates_that_must_be_refused(self):
        for name in ("wrong_name", "expired", "self_signed"):
            with self.subTest(name):
                server = self.secure(nginx, getattr(self.authority, name)())
                target = f"GET https://localhost:{server.port}/"
                self.assert_all(self.attack(target, "-root-certs", self.authority.ca_file), 0, "tls")
                self.assertEqual(server.requests(), 0)
                self.assert_all(self.attack(target, "-insecure"), 200)

    def test_unknown_authority(self):
        server = self.secure(nginx, self.authority.server())
        self.assert_all(self.attack(f"GET https://localhost:{server.port}/"), 0, "tls")

    def test_client_certificate(self):
        ask = f"ssl_client_certificate {self.authority.ca_file}; ssl_verify_client on;"
        server = self.secure(nginx, self.authority.server(), server=ask)
        target = f"GET https://localhost:{server.port}/"
        trust = ("-root-certs", self.authority.ca_file)
        client = self.authority.client()
        self.assert_all(self.attack(target, *trust), 400, "http-4xx")
        self.assert_all(self.attack(target, *trust, "-cert", client.chain, "-key", client.key), 200)


if __name__ == "__main__":
    unittest.main()
