"""A web server in the test's own process that remembers every request: what came, over which connection, from where."""

import http.server
import socketserver
import ssl
import threading
from typing import NamedTuple


class Seen(NamedTuple):
    """One request as the server saw it. `headers` keeps order, case and repetitions."""

    method: str
    path: str
    headers: tuple
    body: bytes
    peer: str
    connection: int  # 1 = the first that was accepted
    resumed: bool  # the TLS session was resumed

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write an answer
    timeout = 30

    def setup(self):
        if isinstance(self.request, ssl.SSLSocket):
            self.request.do_handshake()
        super().setup()
        with self.server.lock:
            self.server.connections += 1
            self.ordinal = self.server.connections

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return body

    def serve(self):
        resumed = isinstance(self.request, ssl.SSLSocket) and self.request.session_reused
        seen = Seen(self.command, self.path, tuple(self.headers.items()), self.read_body(), self.client_address[0],
                    self.ordinal, resumed)
        with self.server.lock:
            self.server.seen.append(seen)
        status, headers, body = self.server.answer(seen)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve

    def log_message(self, *_):
        pass


def hello(_):
    return 200, (), b"hello\n"


class WebServer(http.server.ThreadingHTTPServer):
    """Answers with what `answer` makes of a Seen: (status, headers, body). Use it as a context manager."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, answer=hello, certificate=None, host="127.0.0.1", port=0):
        super().__init__((host, port), Handler)
        self.answer = answer
        self.port = self.server_address[1]
        self.seen = []
        self.connections = 0
        self.lock = threading.Lock()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.chain, certificate.key)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # without the look-up of our own name

    @property
    def requests(self):
        return len(self.seen)

    def handle_error(self, *_):
        pass  # a client that leaves in the middle

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
