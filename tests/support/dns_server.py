"""A name server on loopback (RFC 1035, over UDP): knows the names it is given and counts the questions."""

import socket
import struct
import threading

A, AAAA = 1, 28
NO_ERROR, NAME_ERROR, REFUSED = 0, 3, 5


def read_question(message):
    """The asked name, its type, and the question as it came."""
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels).lower(), struct.unpack_from(">H", message, at + 1)[0], message[12:at + 5]


def make_answer(message, addresses, code, ttl):
    """`addresses` are IPv4; a question for IPv6 gets an answer without records."""
    _, kind, question = read_question(message)
    records = [socket.inet_aton(address) for address in addresses] if kind == A else []
    flags = 0x8580 | code  # an authoritative answer, recursion available
    head = message[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0)
    return head + question + b"".join(struct.pack(">HHHIH", 0xC00C, A, 1, ttl, 4) + data for data in records)


class DnsServer:
    """`names` maps names to lists of IPv4 addresses, given in that order each time; others do not exist. A name that
    maps to None is never answered. Use it as a context manager."""

    def __init__(self, names, ttl=60):
        self.names = names
        self.ttl = ttl
        self.questions = []  # (name, type)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def asked(self, kind=A):
        return sum(1 for _, asked in self.questions if asked == kind)

    def _serve(self):
        while True:
            message, client = self.socket.recvfrom(4096)
            if not message:
                return
            name, kind, _ = read_question(message)
            self.questions.append((name, kind))
            addresses = self.names.get(name, [])
            if addresses is not None:
                code = NO_ERROR if name in self.names else NAME_ERROR
                self.socket.sendto(make_answer(message, addresses, code, self.ttl), client)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()
