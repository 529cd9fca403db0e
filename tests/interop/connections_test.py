#!/usr/bin/env python3
"""How connections come about, seen from the other end: proxies, names, source addresses, how long one lasts."""

import collections
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support import certificates, connect_proxy, dns_server, fault_server, loadgen, nghttpd, processes, web_server

COUNT = 20
LOAD = ("-rate", "100/1s", "-duration", "200ms", "-timeout", "2s")  # 20 requests
FRESH = ("-keepalive=false",)  # every request opens a connection


class ConnectionTest(unittest.TestCase):
    def attack(self, target, *flags):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return loadgen.attack(folder.name, target, *(LOAD + flags))

    def serve(self, *arguments, **options):
        return self.enterContext(web_server.WebServer(*arguments, **options))

    def assert_all(self, attack, cause="ok", count=COUNT):
        self.assertIsNotNone(attack.report, attack.narration)
        self.assertEqual((attack.requests, attack.causes), (count, {cause: count}), str(attack))

    @classmethod
    def make_authority(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.authority = certificates.Authority(folder.name)
        cls.certificate = cls.authority.server()


class Proxies(ConnectionTest):
    @classmethod
    def setUpClass(cls):
        cls.make_authority()

    def through(self, proxy, target, *flags):
        return self.attack(target, "-proxy", f"http://127.0.0.1:{proxy.port}", *flags)

    def test_tunnel_to_http(self):
        server, proxy = self.serve(), self.enterContext(connect_proxy.Proxy())
        self.assert_all(self.through(proxy, f"GET http://127.0.0.1:{server.port}/a"))
        self.assertEqual({lines[0] for lines in proxy.asked}, {f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"})
        self.assertEqual({lines.count(f"Host: 127.0.0.1:{server.port}") for lines in proxy.asked}, {1})
        self.assertEqual(server.requests, COUNT)
        self.assertEqual({seen.path for seen in server.seen}, {"/a"})

    def test_tunnel_to_https(self):
        """The certificate is checked against the target's name, not the proxy's."""
        server, proxy = self.serve(certificate=self.certificate), self.enterContext(connect_proxy.Proxy())
        target = f"GET https://localhost:{server.port}/"
        self.assert_all(self.through(proxy, target, "-root-certs", self.authority.ca_file))
        self.assertEqual({lines[0] for lines in proxy.asked}, {f"CONNECT localhost:{server.port} HTTP/1.1"})
        self.assert_all(self.through(proxy, target), "tls")
        self.assertEqual(server.requests, COUNT)

    def test_header_for_the_proxy_only(self):
        server, proxy = self.serve(), self.enterContext(connect_proxy.Proxy(connect_proxy.wants_password))
        target = f"GET http://127.0.0.1:{server.port}/"
        refused = self.through(proxy, target)
        self.assertEqual((refused.requests, server.requests), (COUNT, 0), str(refused))
        self.assertNotIn("ok", refused.causes)
        self.assertIn("407", str(refused.report["errors"]))
        self.assert_all(self.through(proxy, target, "-proxy-header", "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ="))
        self.assertEqual([seen for seen in server.seen if seen.values("Proxy-Authorization")], [])

    def test_refusal(self):
        server = self.serve()
        proxy = self.enterContext(connect_proxy.Proxy(
            lambda _: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nno\n"))
        attack = self.through(proxy, f"GET http://127.0.0.1:{server.port}/")
        self.assertEqual((attack.requests, server.requests), (COUNT, 0), str(attack))
        self.assertNotIn("ok", attack.causes)
        self.assertIn("502", str(attack.report["errors"]))

    def test_garbage(self):
        server = self.serve()
        proxy = self.enterContext(connect_proxy.Proxy(lambda _: b"220 mail.example.invalid ESMTP\r\n\r\n"))
        self.assert_all(self.through(proxy, f"GET http://127.0.0.1:{server.port}/"), "protocol")
        self.assertEqual(server.requests, 0)

    def test_http2_in_a_tunnel(self):
        with tempfile.TemporaryDirectory() as folder:
            for certificate, scheme, flags in ((self.certificate, "https", ("-root-certs", self.authority.ca_file)),
                                               (None, "http", ("-h2c",))):
                server, proxy = nghttpd.start(folder, certificate=certificate), self.enterContext(connect_proxy.Proxy())
                self.addCleanup(server.stop)
                with self.subTest(scheme):
                    self.assert_all(self.through(proxy, f"GET {scheme}://localhost:{server.port}/", *flags))
                    self.assertGreater(len(proxy.asked), 0)

    def test_proxy_that_hangs_up(self):
        proxy = self.enterContext(connect_proxy.Proxy(lambda _: b""))
        self.assert_all(self.through(proxy, "GET http://127.0.0.1:1/"), "refused")

    def test_proxy_that_is_silent(self):
        proxy = self.enterContext(fault_server.FaultServer(fault_server.stall))
        attack = self.through(proxy, "GET http://127.0.0.1:1/", "-timeout", "300ms")
        self.assertEqual(attack.requests, COUNT, str(attack))
        self.assertLessEqual(set(attack.causes), {"connect-timeout", "unsent"}, str(attack))

    def test_nobody_there(self):
        attack = self.attack("GET http://127.0.0.1:1/", "-proxy", f"http://127.0.0.1:{processes.free_port()}")
        self.assert_all(attack, "refused")


class Addresses(ConnectionTest):
    def test_source_addresses_in_turn(self):
        server = self.serve()
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", "-laddr", "127.0.0.2,127.0.0.3", *FRESH))
        peers = collections.Counter(seen.peer for seen in server.seen)
        self.assertEqual(set(peers), {"127.0.0.2", "127.0.0.3"})
        self.assertGreaterEqual(min(peers.values()), COUNT // 2 - 2, peers)  # each thread takes its own turns

    def test_connect_to_in_turn(self):
        """A repeated source is dialled by turns; the Host header stays what the target says."""
        servers = [self.serve(), self.serve()]
        flags = [word for server in servers for word in ("-connect-to", f"shop.invalid:80:127.0.0.1:{server.port}")]
        self.assert_all(self.attack("GET http://shop.invalid/", *flags, *FRESH))
        self.assertEqual(sum(server.requests for server in servers), COUNT)
        self.assertGreaterEqual(min(server.requests for server in servers), COUNT // 2 - 2)
        self.assertEqual({value for server in servers for seen in server.seen for value in seen.values("Host")},
                         {"shop.invalid"})

    def test_connect_to_leaves_other_hosts_alone(self):
        server = self.serve()
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", "-connect-to", "shop.invalid:80:127.0.0.1:1"))


class Names(ConnectionTest):
    NAME = "shop.test"

    def resolve(self, names, *flags, port=0):
        dns = self.enterContext(dns_server.DnsServer(names))
        attack = self.attack(f"GET http://{self.NAME}:{port}/", "-resolvers", dns.address, "-yes", *flags)
        return dns, attack

    def test_addresses_of_a_name_in_turn(self):
        first = self.serve()
        second = self.serve(host="127.0.0.2", port=first.port)
        _, attack = self.resolve({self.NAME: ["127.0.0.1", "127.0.0.2"]}, *FRESH, port=first.port)
        self.assert_all(attack)
        self.assertEqual(first.requests + second.requests, COUNT)
        self.assertGreaterEqual(min(first.requests, second.requests), COUNT // 4, (first.requests, second.requests))

    def test_answer_is_kept_for_ever_by_default(self):
        server = self.serve()
        dns, attack = self.resolve({self.NAME: ["127.0.0.1"]}, *FRESH, "-threads", "1", port=server.port)
        self.assert_all(attack)
        self.assertEqual(dns.asked(), 1)

    def test_no_answer_is_kept(self):
        server = self.serve()
        dns, attack = self.resolve({self.NAME: ["127.0.0.1"]}, *FRESH, "-dns-ttl", "-1", port=server.port)
        self.assert_all(attack)
        self.assertEqual(dns.asked(), COUNT)

    def test_answer_is_kept_for_a_while(self):
        server = self.serve()
        flags = (*FRESH, "-threads", "1", "-dns-ttl", "50ms")  # each thread keeps its own answers
        dns, attack = self.resolve({self.NAME: ["127.0.0.1"]}, *flags, port=server.port)
        self.assert_all(attack)
        self.assertGreaterEqual(dns.asked(), 2)
        self.assertLessEqual(dns.asked(), 5)  # 200 ms of attack

    def test_name_that_does_not_exist(self):
        dns, attack = self.resolve({}, port=1)
        self.assert_all(attack, "dns")
        self.assertIn(self.NAME, str(attack.report["errors"]))
        self.assertGreaterEqual(dns.asked(), 1)

    def test_name_server_that_is_silent(self):
        _, attack = self.resolve({self.NAME: None}, "-timeout", "300ms", port=1)
        self.assertEqual(attack.requests, COUNT)
        # A request that came due last may end together with the run, before anybody asked for its sake.
        self.assertLessEqual(set(attack.causes), {"dns", "unsent"}, str(attack))
        self.assertGreater(attack.causes["dns"], COUNT // 2, str(attack))

    def test_next_name_server_when_one_is_gone(self):
        server = self.serve()
        dns = self.enterContext(dns_server.DnsServer({self.NAME: ["127.0.0.1"]}))
        gone = f"127.0.0.1:{processes.free_port()}"
        self.assert_all(self.attack(f"GET http://{self.NAME}:{server.port}/", "-resolvers", f"{gone},{dns.address}",
                                    "-timeout", "10s"))


class Lifetime(ConnectionTest):
    @classmethod
    def setUpClass(cls):
        cls.make_authority()

    def connections(self, *flags):
        """How many requests each connection carried."""
        server = self.serve()
        self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", *flags))
        return sorted(collections.Counter(seen.connection for seen in server.seen).values())

    def test_one_connection_is_enough(self):
        self.assertEqual(self.connections("-max-connections", "1"), [COUNT])

    def test_fresh_connection_every_time(self):
        self.assertEqual(self.connections("-keepalive=false"), [1] * COUNT)
        self.assertEqual(self.connections("-requests-per-connection", "1"), [1] * COUNT)

    def test_fresh_connection_every_few(self):
        self.assertEqual(self.connections("-requests-per-connection", "7", "-max-connections", "1"), [6, 7, 7])

    def test_fresh_connection_every_few_with_http2(self):
        with tempfile.TemporaryDirectory() as folder:
            server = nghttpd.start(folder, options=("--verbose",))
            self.addCleanup(server.stop)
            flags = ("-h2c", "-requests-per-connection", "5", "-max-connections", "1")
            self.assert_all(self.attack(f"GET http://127.0.0.1:{server.port}/", *flags))
            server.stop()
            self.assertEqual(server.log().count("recv HEADERS frame"), COUNT)
            streams = collections.Counter(line.split("]")[0] for line in server.log().splitlines()
                                          if "recv HEADERS frame" in line)
            self.assertEqual(sorted(streams.values()), [5] * 4, server.log()[:2000])

    def test_tls_sessions(self):
        """Without the flag every handshake is a full one; with it all but the first few are resumed."""
        for flags, least, most in ((), 0, 0), (("-session-tickets",), COUNT // 2, COUNT - 1):
            server = self.serve(certificate=self.certificate)
            self.assert_all(self.attack(f"GET https://localhost:{server.port}/", "-root-certs", self.authority.ca_file,
                                        *FRESH, *flags))
            resumed = sum(seen.resumed for seen in server.seen)
            with self.subTest(flags):
                self.assertTrue(least <= resumed <= most, resumed)

    def test_client_certificate_that_cannot_be_used(self):
        """Said before anything is sent: a key of another certificate, and none at all."""
        server = self.serve(certificate=self.certificate)
        chain, other = self.certificate.chain, self.authority.client().key
        for flags, message in ((("-cert", chain, "-key", other), f"client key {other}: key values mismatch"),
                               (("-cert", chain), f"client certificate {chain}: no key in it, and no key file is named")):
            with self.subTest(message):
                attack = self.attack(f"GET https://localhost:{server.port}/", *flags)
                self.assertEqual((attack.exit_code, attack.report), (2, None))
                self.assertEqual(attack.narration, f"loadgen attack: {message}\n")
        self.assertEqual(server.connections, 0)

    def test_streams_that_the_server_allows(self):
        """Four streams at most, from the first on: the rest waits, and none is refused."""
        with tempfile.TemporaryDirectory() as folder:
            server = nghttpd.start(folder, options=("--max-concurrent-streams=4",))
            self.addCleanup(server.stop)
            attack = loadgen.attack(folder, f"GET http://127.0.0.1:{server.port}/", "-h2c", "-concurrency", "32",
                                    "-count", "400", "-max-connections", "1")
        self.assertEqual(attack.causes, {"ok": 400}, str(attack))


if __name__ == "__main__":
    unittest.main()
