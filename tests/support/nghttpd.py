"""nghttpd, the HTTP/2 server of nghttp2's authors, on a free loopback port."""

import pathlib

from tests.support import processes


class Nghttpd(processes.Server):
    """Serves the files of `root`; with a certificate over TLS, else HTTP/2 in cleartext (prior knowledge)."""

    def __init__(self, folder, port, root, certificate=None, options=(), prefix=()):
        self.port = port
        transport = [certificate.key, certificate.chain] if certificate else []
        plain = [] if certificate else ["--no-tls"]
        super().__init__([*prefix, "nghttpd", *plain, *options, "-a", "127.0.0.1", "-d", root, port, *transport], folder,
                         "nghttpd")
        self.wait_ready(("127.0.0.1", port))


def start(folder, files=None, **options):
    """`files` maps names to contents; index.html is there always, for GET /."""
    root = pathlib.Path(folder) / "root"
    root.mkdir(exist_ok=True)
    for name, content in {"index.html": "hello from nghttpd\n", **(files or {})}.items():
        (root / name).write_text(content)
    return processes.start_on_free_port(lambda port: Nghttpd(folder, port, root, **options))
