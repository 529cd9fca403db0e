"""Caddy on a free loopback port: a second opinion on TLS, ALPN and HTTP/2, written in another language."""

import json
import os
import pathlib

from tests.support import processes

BODY = "hello from caddy\n"


class Caddy(processes.Server):
    """Answers every path with BODY; with a certificate over TLS (h1 and h2 by ALPN), else h1 and h2c."""

    def __init__(self, folder, port, certificate=None):
        self.port = port
        server = {"listen": [f"127.0.0.1:{port}"], "automatic_https": {"disable": True}, "protocols": ["h1", "h2", "h2c"],
                  "routes": [{"handle": [{"handler": "static_response", "body": BODY}]}]}
        apps = {"http": {"servers": {"test": server}}}
        if certificate:
            server["tls_connection_policies"] = [{}]
            loaded = {"certificate": str(certificate.chain), "key": str(certificate.key)}
            apps["tls"] = {"certificates": {"load_files": [loaded]}}
        path = pathlib.Path(folder) / "caddy.json"
        path.write_text(json.dumps({"admin": {"disabled": True}, "apps": apps}))
        # Caddy keeps state in the home folder unless told otherwise.
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        super().__init__(["caddy", "run", "--config", path], folder, "caddy", environment)
        self.wait_ready(("127.0.0.1", port))


def start(folder, **options):
    return processes.start_on_free_port(lambda port: Caddy(folder, port, **options))
