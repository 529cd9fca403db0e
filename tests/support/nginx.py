"""nginx on free loopback ports, as a fixture: plain, TLS, h2, h2c, a unix socket, and what a test adds."""

import os
import pathlib
import re
import urllib.request

from tests.support import processes

BODY = "hello from nginx\n"

CONFIGURATION = """\
daemon off;
{user}
worker_processes 1;
{affinity}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections {connections}; multi_accept on; }}
worker_rlimit_nofile {descriptors};
http {{
    access_log {access_log};
    default_type text/plain;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests {keepalive_requests};
    keepalive_timeout 75s;
    tcp_nodelay on;
    {http}
    server {{
        {listen}
        {server}
        location / {{ {location} return 200 "{body}"; }}
        location = /status {{ stub_status; }}
        location /code/404 {{ return 404 "no\\n"; }}
        location /code/500 {{ return 500 "no\\n"; }}
        location /code/503 {{ return 503 "no\\n"; }}
        location /code/429 {{ return 429 "no\\n"; }}
        location = /empty {{ return 204; }}
        location = /redirect {{ return 302 /; }}
        location = /close {{ keepalive_timeout 0; return 200 "{body}"; }}
        location /files/ {{ alias {folder}/files/; }}
    }}
    server {{ listen 127.0.0.1:{status_port}; access_log off; location = /status {{ stub_status; }} }}
}}
"""


class Nginx(processes.Server):
    """One nginx with one worker. `port` serves what `listen_options` says ("", "http2", "ssl", "ssl http2")."""

    def __init__(self, folder, port, listen_options="", certificate=None, unix_socket=False, core=None, location="",
                 server="", http="", keepalive_requests=100_000_000, connections=16_384):
        self.folder = pathlib.Path(folder)
        self.port = port
        self.status_port = processes.free_port()
        self.socket_path = str(self.folder / "nginx.sock")
        (self.folder / "files").mkdir(exist_ok=True)
        listen = [f"listen 127.0.0.1:{port} backlog=16384 {listen_options};"]
        if unix_socket:
            listen.append(f"listen unix:{self.socket_path};")
        if certificate:
            listen.append(f"ssl_certificate {certificate.chain}; ssl_certificate_key {certificate.key};")
        pinned = core is not None  # only benchmarks pin, and they do without an access log
        text = CONFIGURATION.format(
            folder=self.folder, connections=connections, descriptors=connections + 64, location=location, server=server,
            http=http, keepalive_requests=keepalive_requests, listen="\n        ".join(listen),
            body=BODY.strip() + "\\n", status_port=self.status_port,
            access_log="off" if pinned else self.folder / "access.log",
            affinity=f"worker_cpu_affinity {1 << core:b};" if pinned else "",
            # Started by root, a worker must still read below the private folder of the test.
            user="user root;" if os.geteuid() == 0 else "")
        (self.folder / "nginx.conf").write_text(text)
        super().__init__(["nginx", "-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf"],
                         folder, "nginx")
        self.wait_ready(("127.0.0.1", port), ("127.0.0.1", self.status_port))

    def requests(self):
        """How many requests nginx has answered, this question and its predecessors not counted."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.status_port}/status") as answer:
            handled = re.search(r"\n\s*(\d+) (\d+) (\d+)", answer.read().decode())
        self._asked = getattr(self, "_asked", 0) + 1
        return int(handled.group(3)) - self._asked

    def access_log(self):
        return (self.folder / "access.log").read_text().splitlines()


def start(folder, **options):
    return processes.start_on_free_port(lambda port: Nginx(folder, port, **options))
