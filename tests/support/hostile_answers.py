"""Answers that a client must survive, by the last word of the path: /hostile/truncated, /hostile/gzip_bomb ...

`serve` is a behaviour for a FaultServer. Every other path gets a good answer: JSON with a token, and a cookie.
"""

import socket
import zlib

MIB = 1 << 20
FINE = b'{"token": "t", "x": 1}'
CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


def answer(body, *fields, status="200 OK", kind="application/json"):
    head = [f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body)}", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def fine(connection):
    connection.send(answer(FINE, "set-cookie: session=s; Path=/"))


# -- Connections that end, or that never do


def until_gone(connection, first, piece):
    """Sends for as long as the client takes it."""
    try:
        connection.socket.sendall(first)
        while True:
            connection.socket.sendall(piece)
    except OSError:
        pass


def slowly(connection, first, piece):
    """A piece now and then, until the client is gone."""
    connection.socket.settimeout(0.05)
    try:
        connection.socket.sendall(first)
        while True:
            connection.socket.sendall(piece)
            try:
                if not connection.socket.recv(1):
                    return
            except socket.timeout:
                pass
    except OSError:
        pass


def body_as_announced(length, body):
    return f"HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n".encode() + body


BROKEN = {
    # Ends too early.
    "reset_at_once": b"",
    "reset_in_head": b"HTTP/1.1 200 OK\r\nconte",
    "reset_in_body": body_as_announced(100, FINE),
    "short_body": body_as_announced(len(FINE) + 1, FINE),
    "short_chunk": CHUNKED + b"16\r\n" + FINE[:10],
    "no_last_chunk": CHUNKED + b"16\r\n" + FINE + b"\r\n",
    # Is not HTTP.
    "no_status": b"HTTP/1.1 banana\r\n\r\n",
    "two_lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 22\r\ncontent-length: 23\r\n\r\n" + FINE,
    "negative_length": b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n" + FINE,
    "vast_length": b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n" + FINE,
    "length_and_chunks": b"HTTP/1.1 200 OK\r\ncontent-length: 22\r\ntransfer-encoding: chunked\r\n\r\n16\r\n" + FINE,
    "vast_chunk": CHUNKED + b"fffffffffffffffff\r\n",
    "chunk_without_end": CHUNKED + b"2\r\nabcd\r\n0\r\n\r\n",
    "zero_in_field": b"HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n",
    "folded_field": b"HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 0\r\n\r\n",
    "megabyte_field": b"HTTP/1.1 200 OK\r\nx: " + b"a" * MIB + b"\r\ncontent-length: 0\r\n\r\n",
    "megabyte_of_fields": b"HTTP/1.1 200 OK\r\n" + b"x: aaaaaaaaaa\r\n" * (MIB // 15) + b"content-length: 0\r\n\r\n",
    "megabyte_chunk_extension": CHUNKED + b"16;x=" + b"a" * MIB + b"\r\n" + FINE + b"\r\n0\r\n\r\n",
    "megabyte_of_trailers": CHUNKED + b"16\r\n" + FINE + b"\r\n0\r\n" + b"x: aaaaaaaaaa\r\n" * (MIB // 15) + b"\r\n",
    "thousands_of_cookies": b"HTTP/1.1 200 OK\r\n" + b"".join(
        b"set-cookie: c%d=1\r\n" % number for number in range(3000)) + b"content-length: 0\r\n\r\n",
}
RESETS = {"reset_at_once", "reset_in_head", "reset_in_body"}

UNENDING = {
    "silence": lambda connection: connection.hold(),
    "slow_head": lambda connection: slowly(connection, b"HTTP/1.1 200 OK\r\nx: ", b"a"),
    "slow_body": lambda connection: slowly(connection, body_as_announced(10 * MIB, b""), b"a"),
    "slow_chunks": lambda connection: slowly(connection, CHUNKED, b"1\r\na\r\n"),
    "slow_trailers": lambda connection: slowly(connection, CHUNKED + b"16\r\n" + FINE + b"\r\n0\r\n", b"x: a\r\n"),
    "endless_body": lambda connection: until_gone(connection, b"HTTP/1.1 200 OK\r\n\r\n", b"a" * MIB),
    "endless_chunks": lambda connection: until_gone(connection, CHUNKED, b"100000\r\n" + b"a" * MIB + b"\r\n"),
    "endless_interim": lambda connection: until_gone(connection, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 64),
}

# -- Bodies that captures look into


def bomb(wbits, first, blocks=128):
    """Gigabytes of zeros in a few megabytes; a block behind a full flush stands for itself."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    head = packer.compress(b" " * MIB * first) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * MIB * 16) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * blocks


def honest_gzip(body):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">""" + b"".join(
    b'<!ENTITY %c "%s">' % (one, b"&%c;" % (one - 1) * 10) for one in range(ord("b"), ord("k"))) + b"]><x>&j;</x>"

# name -> body, fields; made when asked for
BODIES = {
    "gzip_bomb": lambda: (bomb(31, 1), ["content-encoding: gzip"]),
    "deflate_bomb": lambda: (bomb(15, 1), ["content-encoding: deflate"]),
    "gzip_in_gzip": lambda: (honest_gzip(bomb(31, 1, 32)), ["content-encoding: gzip, gzip"]),
    "gzip_cut_off": lambda: (honest_gzip(FINE)[:-9], ["content-encoding: gzip"]),
    "gzip_that_is_text": lambda: (FINE, ["content-encoding: gzip"]),
    "brotli_that_is_text": lambda: (FINE, ["content-encoding: br"]),
    "unknown_coding": lambda: (FINE, ["content-encoding: zstd"]),
    "ten_codings": lambda: (FINE, ["content-encoding: " + "gzip, " * 9 + "gzip"]),
    "no_body": lambda: (b"", []),
    "json_cut_off": lambda: (b'{"token": "t", "x": [1, 2', []),
    "json_with_trailing_bytes": lambda: (FINE + b"}", []),
    "json_a_million_deep": lambda: (b"[" * 1_000_000 + b"]" * 1_000_000, []),
    "json_objects_deep": lambda: (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, []),
    "json_bad_utf8": lambda: (b'{"token": "\xff\xfe", "x": "\xc3"}', []),
    "json_lone_surrogate": lambda: (b'{"token": "t", "x": "\\ud800"}', []),
    "json_of_zeros": lambda: (b"\0" * MIB, []),
    "xml_laughs": lambda: (LAUGHS, []),
    "xml_deep": lambda: (b"<x>" * 200_000, []),
    "html_deep": lambda: (b"<div>" * 200_000, []),
    "html_unclosed": lambda: (b"<b><i><table><p>" * 50_000, []),
}

REDIRECTS = {
    "loop": "/hostile/loop",
    "to_reset": "/hostile/reset_at_once",
    "to_nowhere": "http://127.0.0.1:1/",
    "to_another_scheme": "ftp://127.0.0.1/",
    "to_no_url": "http://[::1/",
    "to_huge_url": "/hostile/" + "a" * 60_000,
}


def hostile(connection, name):
    """True when the connection may go on."""
    if name in BROKEN:
        connection.send(BROKEN[name])
        if name in RESETS:
            connection.reset()
    elif name in UNENDING:
        UNENDING[name](connection)
    elif name in BODIES:
        body, fields = BODIES[name]()
        connection.send(answer(body, *fields))
        return True
    elif name in REDIRECTS:
        connection.send(answer(b"", f"location: {REDIRECTS[name]}", status="302 Found"))
        return True
    elif name == "trailing_bytes":
        connection.send(answer(FINE) + b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nand more")
    elif name == "many_cookies":
        connection.send(answer(FINE, *(f"set-cookie: c{number}={'v' * 90}; Path=/" for number in range(200))))
        return True
    else:
        fine(connection)
        return True
    return False


def serve(connection):
    while (head := connection.read_request()) is not None:
        path = head.split(b" ", 2)[1].decode()
        fields = dict(line.lower().split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
        with connection.server.lock:
            connection.server.seen.append((path, fields.get("cookie", "")))
        if path.startswith("/hostile/"):
            if not hostile(connection, path.removeprefix("/hostile/")):
                return
        else:
            fine(connection)
