"""A proxy that knows one method, CONNECT (RFC 9110 section 9.3.6), and remembers what it was asked."""

import select
import socket

from tests.support import fault_server


class Proxy(fault_server.FaultServer):
    """Tunnels to wherever it is asked to go; `reply` is a function from the head of a CONNECT to the bytes of a
    refusal, or None to tunnel. `asked` has the heads as lists of lines."""

    def __init__(self, reply=lambda lines: None):
        self.asked = []
        self.reply = reply
        super().__init__(self.tunnel)

    def tunnel(self, connection):
        while b"\r\n\r\n" not in connection.received:
            if not connection.more():
                return
        head, _, early = connection.received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        with self.lock:
            self.asked.append(lines)
        refusal = self.reply(lines)
        if refusal is not None:
            connection.send(refusal)
            return
        host, _, port = lines[0].split()[1].rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as upstream:
            connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            upstream.sendall(early)
            relay(connection.socket, upstream)


def relay(one, other):
    """Copies both ways until one side ends."""
    while True:
        for source in select.select([one, other], [], [])[0]:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)


def wants_password(lines):
    """Refuses with 407 (RFC 9110 section 15.5.8) unless the right credentials come along."""
    if "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in lines:
        return None
    return b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
