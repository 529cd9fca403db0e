#!/usr/bin/env python3
"""Virtual users against a server that is out to hurt them: each attack has its counted end, memory stays bounded, and
users that meet honest answers are unhurt.

All attacks of a run are expected to end with the same code, so the report's one figure tells about each of them.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.support import fault_server, hostile_answers, loadgen

BAD_ANSWER = "HPE_INVALID_RESPONSE"
CAPTURES_MISSED = "Failed capture or match"
# Beyond what a run of honest answers takes: two users have an answer in hand at a time. The attacks try gigabytes.
MOST_GROWTH_KIB = 500 * 1024

JOURNEY = [
    {"get": {"url": "/login/{{ kind }}", "capture": {"json": "$.token", "as": "token"}}},
    {"get": {"url": "/hostile/{{ kind }}",
             "headers": {"x-token": "{{ token }}"},
             "expect": {"statusCode": 200},
             "capture": [
                 {"json": "$.x", "as": "x"},
                 {"json": "$..token", "as": "tokens", "multiple": False, "strict": False},
                 {"regexp": "x\": (\\d+)", "group": 1, "as": "matched", "strict": False},
                 {"header": "content-type", "as": "kind_of_body", "strict": False},
                 {"selector": "div > div a", "as": "selected", "strict": False},
                 {"xpath": "//x//x/@y", "as": "found", "strict": False}]}},
    {"get": {"url": "/after/{{ kind }}"}},
]


class Outcome:
    def __init__(self, code, narration, report, seen, peak_kib):
        self.exit_code = code
        self.narration = narration
        self.counters = report["aggregate"]["counters"] if report else {}
        self.seen = seen  # path -> Cookie fields of its requests
        self.peak_kib = peak_kib

    def __str__(self):
        return f"exit {self.exit_code}, {self.peak_kib} KiB\n{self.narration}\n{self.counters}"

    @property
    def errors(self):
        return {name.removeprefix("errors."): count for name, count in self.counters.items()
                if name.startswith("errors.")}


def run(kinds, journey=None, timeout="20s"):
    """One user for each kind, and before, between and behind them users that meet honest answers only."""
    rows = ["fine"]
    for kind in kinds:
        rows += [kind, "fine"]
    with tempfile.TemporaryDirectory() as folder, fault_server.FaultServer(hostile_answers.serve) as server:
        server.seen = []
        script = {
            "config": {"target": f"http://127.0.0.1:{server.port}", "http": {"timeout": timeout},
                       "phases": [{"duration": "300ms", "arrivalCount": len(rows), "maxVusers": 1000}],
                       "plugins": {"expect": {"outputFormat": "silent"}},
                       "payload": {"path": "kinds.csv", "fields": ["kind"], "order": "sequence"}},
            "scenarios": [{"flow": journey or JOURNEY}],
        }
        folder = pathlib.Path(folder)
        (folder / "script.json").write_text(json.dumps(script))
        (folder / "kinds.csv").write_text("\n".join(rows) + "\n")
        with open(folder / "output", "w+b") as output:
            child = subprocess.Popen([str(loadgen.BIN / "loadgen"), "run", "-q", "-o", "report.json",
                                      "script.json"], cwd=folder, stdout=output, stderr=output,
                                     stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            narration = output.read().decode(errors="replace")[-3000:]
        path = folder / "report.json"
        report = json.loads(path.read_text()) if path.exists() else None
        seen = collections.defaultdict(list)
        for request, cookie in server.seen:
            seen[request].append(cookie)
    return Outcome(child.returncode, narration, report, seen, usage.ru_maxrss)


class HostileServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.honest = run(["fine"])

    def assert_unhurt(self, outcome, kinds):
        """Each user with honest answers went its whole way, and its session with it."""
        users = len(kinds) + 1
        self.assertEqual(outcome.counters.get("vusers.created"), users + len(kinds), str(outcome))
        self.assertEqual(outcome.seen["/after/fine"], ["session=s"] * users, str(outcome))
        self.assertLess(outcome.peak_kib, self.honest.peak_kib + MOST_GROWTH_KIB, str(outcome))

    def assert_all_fail(self, kinds, code, exit_code=0, **options):
        outcome = run(kinds, **options)
        self.assertEqual(outcome.errors, {code: len(kinds)}, str(outcome))
        self.assertEqual(outcome.counters["vusers.failed"], len(kinds), str(outcome))
        self.assertEqual(outcome.counters["vusers.completed"], len(kinds) + 1, str(outcome))
        self.assertEqual([kind for kind in kinds if f"/after/{kind}" in outcome.seen], [], str(outcome))
        self.assert_exit(outcome, exit_code)
        self.assert_unhurt(outcome, kinds)
        return outcome

    def assert_exit(self, outcome, expected):
        """On a machine too busy to keep the schedule it says so instead; what became of the users is true all the same."""
        busy = outcome.exit_code == 4 and "measurement invalid" in outcome.narration
        self.assertTrue(busy or outcome.exit_code == expected, str(outcome))

    def test_honest_answers(self):
        self.assert_exit(self.honest, 0)
        self.assertEqual(self.honest.errors, {}, str(self.honest))
        self.assertEqual(self.honest.counters["vusers.completed"], 3, str(self.honest))

    def test_connections_that_end_too_early(self):
        self.assert_all_fail(["reset_at_once", "reset_in_head", "reset_in_body", "short_body", "short_chunk",
                              "no_last_chunk", "to_reset"], "ECONNRESET")

    def test_answers_that_are_not_http(self):
        early = {"reset_at_once", "reset_in_head", "reset_in_body", "short_body", "short_chunk", "no_last_chunk"}
        self.assert_all_fail(sorted(set(hostile_answers.BROKEN) - early), BAD_ANSWER)

    def test_answers_that_never_end(self):
        self.assert_all_fail(sorted(hostile_answers.UNENDING), "ETIMEDOUT", timeout="3s")

    def test_redirects_that_lead_nowhere(self):
        self.assert_all_fail(["to_nowhere"], "ECONNREFUSED")
        self.assert_all_fail(["loop"], "ERR_TOO_MANY_REDIRECTS")
        self.assert_all_fail(["to_another_scheme", "to_no_url"], "ERR_INVALID_URL")

    def test_bodies_that_captures_find_nothing_in(self):
        outcome = self.assert_all_fail(sorted(hostile_answers.BODIES), CAPTURES_MISSED)
        # Whatever the body, the answer was complete and its status as expected.
        self.assertEqual(outcome.counters["plugins.expect.ok.statusCode"], 2 * len(hostile_answers.BODIES) + 1)

    def test_what_does_not_hurt(self):
        kinds = ["trailing_bytes", "many_cookies", "to_huge_url"]
        outcome = run(kinds)
        self.assertEqual(outcome.errors, {}, str(outcome))
        self.assert_exit(outcome, 0)
        self.assertEqual([kind for kind in kinds if f"/after/{kind}" not in outcome.seen], [], str(outcome))
        # RFC 6265 section 6.1 wants room for 50 cookies a domain; there is no more.
        sent = outcome.seen["/after/many_cookies"][0].split("; ")
        self.assertEqual(len(sent), 50, sent)
        self.assert_unhurt(outcome, kinds)

    def test_expectations_are_broken_not_the_run(self):
        kinds = ["json_cut_off", "json_bad_utf8", "json_a_million_deep", "gzip_bomb", "no_body"]
        journey = [JOURNEY[0], {"get": {"url": "/hostile/{{ kind }}", "expect": [
            {"hasProperty": "x"}, {"matchesRegexp": "token"}, {"equals": ["{{ kind }}", "{{ kind }}"]}]}}, JOURNEY[2]]
        outcome = run(kinds, journey=journey)
        self.assertEqual(outcome.errors, {}, str(outcome))
        self.assertEqual(outcome.counters["plugins.expect.failed.hasProperty"], len(kinds), str(outcome))
        self.assertEqual(outcome.counters["plugins.expect.ok.equals"], 2 * len(kinds) + 1, str(outcome))
        self.assert_exit(outcome, 1)
        self.assert_unhurt(outcome, kinds)


if __name__ == "__main__":
    unittest.main()
