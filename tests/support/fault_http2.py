"""Just enough HTTP/2 (RFC 9113) to end connections in the ways that only a server can choose."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0x0, 0x1, 0x3, 0x4, 0x7
END_STREAM, ACK, END_HEADERS = 0x1, 0x1, 0x4
NO_ERROR, REFUSED_STREAM = 0x0, 0x7
STATUS_200 = b"\x88"  # HPACK static table, index 8 (RFC 7541 appendix A)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def goaway(last_stream):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last_stream, NO_ERROR))


def answer(stream):
    return frame(HEADERS, END_HEADERS, stream, STATUS_200) + frame(DATA, END_STREAM, stream, b"ok\n")


def take(connection, count):
    """Exactly `count` bytes, or None when the client has closed."""
    while len(connection.received) < count:
        if not connection.more():
            return None
    taken, connection.received = connection.received[:count], connection.received[count:]
    return taken


def requests(connection):
    """Greets the client, then yields the stream id of every request as its HEADERS arrive."""
    if take(connection, len(PREFACE)) != PREFACE:
        return
    connection.send(frame(SETTINGS, 0, 0))
    while True:
        head = take(connection, 9)
        if head is None or take(connection, int.from_bytes(head[:3], "big")) is None:
            return
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:9], "big")
        if kind == SETTINGS and not flags & ACK:
            connection.send(frame(SETTINGS, ACK, 0))
        elif kind == HEADERS:
            connection.server.count_request()
            yield stream


def goaway_without_answer(connection):
    """Promises to process the stream, then closes: a real loss."""
    for stream in requests(connection):
        connection.send(goaway(stream))
        return


def goaway_above_last_stream(connection):
    """Says that no stream was processed: the request may be repeated without risk."""
    for _ in requests(connection):
        connection.send(goaway(0))
        return


def refuse_stream(connection):
    for stream in requests(connection):
        connection.send(frame(RST_STREAM, 0, stream, struct.pack(">I", REFUSED_STREAM)))


def answer_then_goaway(connection):
    """A graceful drain after three answers: later streams belong on a new connection."""
    answered = 0
    for stream in requests(connection):
        connection.send(answer(stream))
        answered += 1
        if answered == 3:
            connection.send(goaway(stream))
            return
