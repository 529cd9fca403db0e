"""Servers that answer the same bytes as a service does, and one that throws telemetry away."""

import json
import pathlib
import shutil
import urllib.request

from tests.support import nginx, processes

HERE = pathlib.Path(__file__).resolve().parent


class Captured:
    """An answer of a service, to be given by others: its body, and the fields it chooses itself."""

    def __init__(self, url):
        with urllib.request.urlopen(url) as answer:
            self.body = answer.read().decode()
            fields = {name.lower(): value for name, value in answer.headers.items()}
            self.headers = {name: fields[name] for name in fields.keys() - {"date", "connection", "content-length"}}


def start_nginx(folder, core, captured):
    fields = "".join(f"add_header {name} '{value}'; " for name, value in captured.headers.items()
                     if name != "content-type")
    location = (f"default_type {captured.headers['content-type']}; {fields}"
                f"return 200 '{captured.body}';")
    return nginx.start(folder, core=core, location=location)


def start_discarding(folder, core, metrics):
    """Takes every span and keeps none of it: an empty answer is a whole ExportTraceServiceResponse. The few requests with
    metrics go on to the URL `metrics`."""
    server = ("client_max_body_size 64m; client_body_in_single_buffer on; client_body_buffer_size 4m;"
              f" location = /v1/metrics {{ proxy_pass {metrics}; }}")
    return nginx.start(folder, core=core, server=server, location="default_type application/x-protobuf; return 200 '';")


class Node(processes.Server):
    def __init__(self, folder, port, core, path, captured):
        self.port = port
        response = pathlib.Path(folder) / "response.json"
        response.write_text(json.dumps({"headers": captured.headers, "body": captured.body}))
        super().__init__(["taskset", "-c", core, "node", HERE / "peer.js", port, path, response], folder, "node")
        self.wait_ready(("127.0.0.1", port))


def start_node(folder, core, path, captured):
    """None where there is no node."""
    if shutil.which("node") is None:
        return None
    return processes.start_on_free_port(lambda port: Node(folder, port, core, path, captured))


def worker_pids(server):
    """The process and its children: nginx's work is done by a child."""
    children = pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [server.pid, *map(int, children.split())]
