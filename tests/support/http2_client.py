"""Just enough of an HTTP/2 client (RFC 9113, prior knowledge) to send fields exactly as a test wrote them: every field is
a literal without indexing (RFC 7541 section 6.2.2), nothing is checked or changed."""

import socket
import struct
import urllib.parse

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0x0, 0x1, 0x3, 0x4, 0x6, 0x7
END_STREAM, ACK, END_HEADERS = 0x1, 0x1, 0x4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def text(value):
    """A string without Huffman coding; its length has a prefix of seven bits."""
    raw = value.encode("latin-1")
    if len(raw) < 127:
        return bytes((len(raw),)) + raw
    rest, size = len(raw) - 127, b"\x7f"
    while rest >= 128:
        size += bytes((rest & 127 | 128,))
        rest >>= 7
    return size + bytes((rest,)) + raw


class Connection:
    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        self.authority = address.netloc
        self.socket = socket.create_connection((address.hostname, address.port), timeout=30)
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
        self.received = b""
        self.next_stream = 1

    def take(self, count):
        while len(self.received) < count:
            block = self.socket.recv(1 << 16)
            if not block:
                raise ConnectionError("the server closed the connection")
            self.received += block
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def ask(self, method, path, fields, body=b""):
        """The first byte of the answer's fields, as coded (0x88 for 200), or "reset". Ends when the answer has ended."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        rows = [(":method", method), (":scheme", "http"), (":authority", self.authority), (":path", path), *fields]
        block = b"".join(b"\x00" + text(name) + text(value) for name, value in rows)
        self.socket.sendall(frame(HEADERS, END_HEADERS, stream, block) + frame(DATA, END_STREAM, stream, body))
        answer = None
        while True:
            head = self.take(9)
            payload = self.take(int.from_bytes(head[:3], "big"))
            kind, flags, where = head[3], head[4], int.from_bytes(head[5:9], "big")
            if kind == SETTINGS and not flags & ACK:
                self.socket.sendall(frame(SETTINGS, ACK, 0))
            elif kind == PING and not flags & ACK:
                self.socket.sendall(frame(PING, ACK, 0, payload))
            elif kind == GOAWAY or kind == RST_STREAM and where == stream:
                return "reset"
            elif where == stream and kind in (HEADERS, DATA):
                answer = payload[0] if kind == HEADERS and answer is None else answer
                if flags & END_STREAM:
                    return answer

    def close(self):
        self.socket.close()
