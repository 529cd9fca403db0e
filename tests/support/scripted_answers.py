"""Answers for a WebServer from a table: by method and path, in turn when there are several for one."""

import threading


class Scripted:
    """Rows are added with `add`; a row's pattern is "METHOD /path" without query, "*" matches any of the two."""

    def __init__(self):
        self.rows = {}
        self.lock = threading.Lock()

    def add(self, pattern, lines):
        """Lines: the status (and "after N ms"), fields, an empty line, the body."""
        first, *rest = lines
        status, _, pause = first.partition(" after ")
        blank = rest.index("") if "" in rest else len(rest)
        fields = tuple(tuple(part.strip() for part in line.split(":", 1)) for line in rest[:blank])
        body = "\n".join(rest[blank + 1:]).encode()
        seconds = int(pause.removesuffix(" ms")) / 1000 if pause else 0
        self.rows.setdefault(pattern, []).append((int(status), fields, body, seconds))

    def take(self, seen):
        path = seen.path.split("?")[0]
        with self.lock:
            for pattern in (f"{seen.method} {path}", f"* {path}", f"{seen.method} *", "* *"):
                rows = self.rows.get(pattern)
                if rows:
                    return rows.pop(0) if len(rows) > 1 else rows[0]
        return 200, (), b"{}", 0

    def __call__(self, seen):
        status, fields, body, seconds = self.take(seen)
        if seconds:
            threading.Event().wait(seconds)  # the answer that a script asked to be late
        return status, fields, body
