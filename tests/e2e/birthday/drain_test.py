"""SIGTERM loses no accepted request; SIGKILL loses nothing acknowledged."""

import http.client
import random
import shutil
import signal
import string
import subprocess
import threading
import unittest

from tests.e2e.birthday import service
from tests.support import waiting

HALF_PUT = b"PUT /hello/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\n\r\n" + service.GOOD_BODY[:10].encode()
READY = b"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n"


def random_name(source):
    return "".join(source.choices(string.ascii_lowercase, k=12))


class KeepAliveWriter(threading.Thread):
    """Puts new names on one connection until told to close it."""

    def __init__(self, running, seed):
        super().__init__()
        self.client = service.Client(running)
        self.random = random.Random(seed)
        self.acknowledged = []
        self.lost = None
        self.told_to_close = False

    def run(self):
        try:
            while not self.told_to_close:
                name = random_name(self.random)
                status, headers, _ = self.client.put(name)
                self.told_to_close = headers.get("Connection") == "close"
                if status != 204:
                    self.lost = f"status {status}"
                    return
                self.acknowledged.append(name)
        except (OSError, http.client.HTTPException) as failure:
            self.lost = repr(failure)
        finally:
            self.client.close()


class Drain(service.ServiceCase):
    def start_writers(self, running):
        writers = [KeepAliveWriter(running, seed) for seed in range(8)]
        for writer in writers:
            writer.start()
        waiting.until(lambda: all(len(writer.acknowledged) > 5 for writer in writers), "load to flow")
        return writers

    def assert_stored(self, names):
        again = self.start()
        client = service.Client(again)
        missing = [name for name in names if client.ask("GET", f"/hello/{name}")[0] != 200]
        client.close()
        self.assertEqual(missing, [])

    def test_under_load_every_request_is_answered(self):
        for threads in ("1", "2"):
            running = self.start("--threads", threads)
            writers = self.start_writers(running)
            running.terminate()
            for writer in writers:
                writer.join(30)
            self.assertEqual(running.wait(), 0)
            self.assertEqual([writer.lost for writer in writers], [None] * len(writers))
            self.assertTrue(all(writer.told_to_close for writer in writers))
            self.assert_stored([name for writer in writers for name in writer.acknowledged])

    def test_connections_still_in_the_backlog_are_served(self):
        running = self.start()
        # While it is stopped the kernel completes the handshakes: these clients have every reason to hope.
        running.process.send_signal(signal.SIGSTOP)
        clients = [running.connect() for _ in range(20)]
        for raw in clients:
            raw.sendall(b"PUT /hello/foo HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\n\r\n" + service.GOOD_BODY.encode())
        running.terminate()
        running.process.send_signal(signal.SIGCONT)
        for raw in clients:
            with raw, raw.makefile("rb") as stream:
                status, _, _ = service.read_answer(stream)
                self.assertIn("204", status)
                # Told to close or not (an answer may leave before the signal is taken up), it ends in order.
                self.assertEqual(stream.read(1), b"")
        self.assertEqual(running.wait(), 0)

    def test_a_request_half_sent_is_waited_for(self):
        running = self.start()
        with running.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(HALF_PUT)
            # The service has it for sure when a later request of another connection was answered.
            service.ask_once(running, "GET", "/health/live")
            running.terminate()
            service.wait_until_closed_port(running)
            raw.sendall(service.GOOD_BODY[10:].encode())
            status, fields, _ = service.read_answer(stream)
            self.assertIn("204", status)
            self.assertEqual(fields["connection"], "close")
            self.assertEqual(stream.read(), b"")
        self.assertEqual(running.wait(), 0)

    def test_not_ready_while_it_drains(self):
        running = self.start()
        with running.connect() as raw, raw.makefile("rb") as stream:
            raw.sendall(READY)
            self.assertIn("200", service.read_answer(stream)[0])
            running.terminate()
            service.wait_until_closed_port(running)
            raw.sendall(READY)
            status, fields, body = service.read_answer(stream)
            self.assertIn("503", status)
            self.assertEqual((fields["connection"], body), ("close", '{"status":"draining"}'))

    def test_an_idle_connection_does_not_keep_it(self):
        running = self.start()
        with running.connect() as raw:
            service.ask_once(running, "GET", "/health/live")
            running.terminate()
            self.assertEqual(raw.recv(1), b"")  # the end, in order
        self.assertEqual(running.wait(), 0)

    def test_the_second_signal_ends_it_at_once(self):
        running = self.start()
        with running.connect() as raw:
            raw.sendall(HALF_PUT)  # keeps the drain waiting
            service.ask_once(running, "GET", "/health/live")
            running.terminate()
            service.wait_until_closed_port(running)
            self.assertIsNone(running.process.poll())
            running.terminate()
            self.assertEqual(running.wait(5), 128 + signal.SIGTERM)

    @unittest.skipUnless(shutil.which("h2load"), "h2load (nghttp2-client) is not installed")
    def test_http2_streams_are_finished(self):
        access_log = self.folder / "access.log"
        running = self.start("--access-log", str(access_log))
        self.assertEqual(service.ask_once(running, "PUT", "/hello/foo", service.GOOD_BODY)[0], 204)
        url = f"http://127.0.0.1:{running.port}/hello/foo"
        load = subprocess.Popen(["h2load", "-D", "5", "-c", "4", "-m", "16", url], stdout=subprocess.PIPE, text=True)
        waiting.until(lambda: access_log.stat().st_size > 100_000, "the load to flow")
        running.terminate()
        output, _ = load.communicate(timeout=60)
        # After the GOAWAY h2load opens no new connection; what it started was answered, with 200 and nothing else.
        self.assertIn(" 0 3xx, 0 4xx, 0 5xx", output)
        self.assertEqual(running.wait(), 0)

    def test_sigkill_loses_nothing_acknowledged(self):
        running = self.start()
        writers = self.start_writers(running)
        running.process.kill()
        for writer in writers:
            writer.join(30)
        running.wait()
        self.assert_stored([name for writer in writers for name in writer.acknowledged])


if __name__ == "__main__":
    unittest.main()
