"""A TCP server that misbehaves as told, in a thread of the test: what nginx, Caddy and nghttpd would never do.

A behaviour is a function that gets one accepted connection and talks to it. It runs in a thread of its own; when it
returns, the connection is closed in the ordinary way.
"""

import socket
import struct
import threading

from tests.support import fault_http2

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


class Connection:
    """One accepted connection."""

    def __init__(self, server, peer, ordinal):
        self.server = server
        self.socket = peer
        self.ordinal = ordinal  # 1 = the first connection of the server
        self.received = b""

    def read_request(self):
        """One HTTP/1.1 request with its body, counted by the server; None when the client has closed."""
        while b"\r\n\r\n" not in self.received:
            if not self.more():
                return None
        head, _, rest = self.received.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        self.received = rest
        while len(self.received) < length:
            if not self.more():
                return None
        self.received = self.received[length:]
        self.server.count_request()
        return head

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            return False
        self.received += data
        return bool(data)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass

    def reset(self):
        """Leaves with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def finish(self):
        """Leaves with FIN. What the client still sends is read, because unread bytes would turn FIN into RST."""
        if self.socket.fileno() >= 0:
            self.socket.shutdown(socket.SHUT_WR)
            self.socket.settimeout(1)
            self.hold()

    def hold(self):
        """Says nothing more until the client goes or the test ends."""
        while self.more():
            pass


def ok(connection):
    """Answers everything; the standard that the others deviate from."""
    while connection.read_request() is not None:
        connection.send(OK)


def reset_before_first_byte(connection):
    connection.read_request()
    connection.reset()


def reset_after_first_byte(connection):
    connection.read_request()
    connection.send(OK[:20])
    connection.reset()


def reset_on_reuse(connection):
    """Answers one request; the next one on the same connection is met by RST: the keep-alive race."""
    connection.read_request()
    connection.send(OK)
    if connection.read_request() is not None:
        connection.reset()


def close_before_first_byte(connection):
    connection.read_request()


def truncate(connection):
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")


def truncate_chunked(connection):
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")


def stall(connection):
    connection.read_request()
    connection.hold()


def stall_in_body(connection):
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    connection.hold()


def byte_by_byte(connection):
    """A correct answer in the smallest possible pieces."""
    connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while connection.read_request() is not None:
        for offset in range(len(OK)):
            connection.send(OK[offset:offset + 1])


def garbage(connection):
    connection.read_request()
    connection.send(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n")
    connection.hold()


def garbage_to_tls(connection):
    """Answers the first bytes, whatever they are, with something that is no TLS record."""
    connection.more()
    connection.send(b"220 mail.example.invalid ESMTP\r\n")
    connection.hold()


def close_each(connection):
    """Announces the close, as a server that drains does."""
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nok\n")


def retry_after(connection):
    while connection.read_request() is not None:
        connection.send(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")


def interim(connection):
    """Two interim responses before the final one."""
    while connection.read_request() is not None:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK)


BEHAVIOURS = {function.__name__: function for function in (
    ok, reset_before_first_byte, reset_after_first_byte, reset_on_reuse, close_before_first_byte, truncate,
    truncate_chunked, stall, stall_in_body, byte_by_byte, garbage, garbage_to_tls, close_each, retry_after, interim,
    fault_http2.goaway_without_answer, fault_http2.goaway_above_last_stream, fault_http2.refuse_stream,
    fault_http2.answer_then_goaway)}


class FaultServer:
    """Listens on a free loopback port. Use it as a context manager."""

    def __init__(self, behaviour, refuse_after=None):
        self.behaviour = behaviour
        self.refuse_after = refuse_after  # close the listener after this many connections
        self.requests = 0
        self.connections = 0
        self.lock = threading.Lock()
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def count_request(self):
        with self.lock:
            self.requests += 1

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.open.add(peer)
                last = self.connections == self.refuse_after
            if last:
                self.listener.close()
            threading.Thread(target=self._serve, args=(peer, self.connections), daemon=True).start()

    def _serve(self, peer, ordinal):
        try:
            connection = Connection(self, peer, ordinal)
            self.behaviour(connection)
            connection.finish()
        except OSError:
            pass  # the client went away in the middle; that is its right
        finally:
            with self.lock:
                self.open.discard(peer)
            peer.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in [self.listener, *self.open]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()


class FullBacklog:
    """A port whose accept queue is full: the kernel drops further SYNs, so that connecting times out."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = self.listener.getsockname()[1]
        self.requests = 0
        self.fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in [self.listener, *self.fillers]:
            one.close()
