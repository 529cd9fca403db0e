#!/usr/bin/env python3
"""Scripts: one written for vegeta with the name in a variable, pipes, and completion in a real bash."""

import datetime
import json
import os
import pathlib
import re
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))
from tests.e2e.command_line import program
from tests.support import processes

VEGETA = shutil.which("vegeta", path=f"{os.environ['PATH']}:{processes.REPOSITORY / '.peers' / 'bin'}")

# The same words for both programs; nothing in it knows which one runs.
STATUS_CHECK = r"""
tool=$1 host=$2 mode=$3
printf '{"dateOfBirth":"2019-04-04"}' > body.json
cat > targets.txt <<END
PUT $host/hello/foo
Content-Type: application/json
@body.json

GET $host/hello/foo
END
echo "checking ($mode)"
"$tool" attack -duration=1s -rate=20/1s -targets=targets.txt > report.bin
case $mode in
report) "$tool" report report.bin ;;
plot) "$tool" plot -title="Status Checks" report.bin > results.html ;;
hist) "$tool" report -type='hist[0,10ms,1s]' report.bin ;;
json) "$tool" report -type=json -buckets='[0,10ms,1s]' report.bin ;;
csv) "$tool" encode -to csv report.bin ;;
esac
"""

COMPLETE = r"""
source <(loadgen completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
spec=$(complete -p loadgen)
[[ $spec =~ -F\ ([^ ]+) ]] || exit 9
"${BASH_REMATCH[1]}" loadgen "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def greeter(seen):
    if seen.method == "PUT":
        return 204, (("Content-Type", "application/json"),), b""
    return 200, (("Content-Type", "application/json"),), b'{"message":"Hello, foo! Your birthday is in 5 day(s)"}\n'


class Scripts(program.ProgramTest):
    def check(self, mode, tool="loadgen"):
        server = self.serve(greeter)
        done = self.bash(STATUS_CHECK, tool, server.url.rstrip("/"), mode)
        # 4 of attack doesn't end the script; the report is there all the same.
        self.assertEqual(done.returncode, 0, done.stderr)
        bodies = [seen.body for seen in server.seen if seen.method == "PUT"]
        self.assertEqual(bodies, [b'{"dateOfBirth":"2019-04-04"}'] * 10)
        return done.stdout

    def assert_report(self, text):
        rows = [re.split(r"  +", line.rstrip(), maxsplit=2) for line in text.splitlines()[1:9]]
        self.assertEqual([row[0] for row in rows], ["Requests", "Duration", "Latencies", "Bytes In", "Bytes Out", "Success",
                                                    "Status Codes", "Error Set:"])
        self.assertRegex(rows[0][2], r"^20, 2[01]\.\d\d, [12]\d\.\d\d$")
        self.assertEqual([row[2] for row in rows[3:7]], ["550, 27.50", "280, 14.00", "100.00%", "200:10  204:10"])

    def test_report(self):
        self.assert_report(self.check("report"))

    def test_other_modes(self):
        self.assertEqual(len(self.check("csv").splitlines()), 21)
        self.assertIn("[10ms,", self.check("hist"))
        self.assertEqual(json.loads(self.check("json").splitlines()[1])["requests"], 20)
        self.check("plot")
        self.assertIn("Status Checks", (self.folder / "results.html").read_text())

    @unittest.skipUnless(VEGETA, "vegeta is not installed: its half of the comparison is left out")
    def test_with_vegeta_itself(self):
        self.assert_report(self.check("report", VEGETA))

    @unittest.skipUnless(VEGETA, "vegeta is not installed: its half of the comparison is left out")
    def test_files_go_both_ways(self):
        """Either program reads what the other wrote, in each encoding, with the same figures."""
        figures = ("requests", "status_codes", "bytes_in", "bytes_out", "earliest", "latest", "end", "duration", "wait",
                   "rate", "throughput", "success", "errors")
        for writer, other in (("loadgen", VEGETA), (VEGETA, "loadgen")):
            self.check("report", writer)
            for encoding in ("gob", "json", "csv"):
                with self.subTest(writer=writer, encoding=encoding):
                    done = self.bash('"$1" encode -to "$3" report.bin > copy && "$1" report -type json copy'
                                     ' && "$2" report -type json copy', writer, other, encoding)
                    own, foreign = map(json.loads, done.stdout.splitlines())
                    self.assertEqual(*[{name: self.plain(report[name]) for name in figures} for report in (own, foreign)])

    @staticmethod
    def plain(figure):
        """Times without the zone they are written in, and floating-point numbers without their last digits."""
        if isinstance(figure, float):
            return round(figure, 6)
        return figure if not isinstance(figure, str) else datetime.datetime.fromisoformat(figure).timestamp()

    def test_flags_with_two_dashes(self):
        """Every flag of vegeta's attack is known with one dash and with two."""
        flags = ("body cert chunked connect-to connections dns-ttl duration format h2c header http2 insecure keepalive key "
                 "laddr lazy max-body max-connections max-workers name output prometheus-addr proxy-header rate redirects "
                 "resolvers root-certs session-tickets targets timeout unix-socket workers").split()
        help_text = self.loadgen("attack", "--help").stdout
        for flag in flags:
            self.assertRegex(help_text, rf"(?m)^  -{flag}\b")
            for dashes in ("-", "--"):
                # What comes last is no flag of anybody: the parser got there, so it took what came before.
                done = self.loadgen("attack", f"{dashes}{flag}={self.value_of(flag)}", "-no-such-flag")
                self.assertIn("unknown flag -no-such-flag", done.stderr, (flag, done.stderr))

    @staticmethod
    def value_of(flag):
        if flag in {"chunked", "h2c", "http2", "insecure", "keepalive", "lazy", "session-tickets"}:
            return "true"
        numbers = {"connections": "5", "dns-ttl": "1s", "duration": "1s", "format": "json", "max-body": "1KB",
                   "max-connections": "5", "max-workers": "5", "redirects": "3", "timeout": "1s", "workers": "3"}
        return numbers.get(flag, "x")

    def test_pipes(self):
        server = self.serve()
        done = self.bash(f"echo 'GET {server.url}' | loadgen attack -rate 20/1s -duration 500ms --quiet | tee kept.bin"
                         " | loadgen encode | loadgen report -type json")
        self.assertEqual(json.loads(done.stdout)["requests"], 10, done.stderr)
        again = json.loads(self.loadgen("report", "-type", "json", "kept.bin").stdout)
        del again["loadgen"]  # what encode leaves out unless it is asked for the detail
        self.assertEqual(again, json.loads(done.stdout))

    def test_reader_that_leaves(self):
        """`| head` closes the pipe: the attack ends, says so in one line, and does not run on for nothing."""
        server = self.serve()
        done = self.bash(f"loadgen attack -rate 200/1s -duration 30s -encoding csv --quiet {server.url} | head -1")
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertLess(server.requests, 3000)
        self.assertIn("Broken pipe", done.stderr)

    def test_merge(self):
        """Two halves of one run, made by two processes, amount to the whole."""
        server = self.serve()
        for half in (1, 2):
            self.loadgen("attack", "-rate", "40/1s", "-duration", "1s", "-segment", f"{half}/2", "-output", f"{half}.bin",
                         "--quiet", server.url)
        self.loadgen("merge", "-output", "all.bin", "1.bin", "2.bin")
        merged = json.loads(self.loadgen("report", "-type", "json", "all.bin").stdout)
        both = json.loads(self.loadgen("report", "-type", "json", "1.bin", "2.bin").stdout)
        self.assertEqual(merged, both)
        self.assertEqual((merged["requests"], merged["status_codes"]), (40, {"200": 40}))


class Completion(program.ProgramTest):
    def complete(self, *words):
        done = self.bash(COMPLETE, "loadgen", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def test_commands(self):
        self.assertEqual(self.complete("re"), ["report"])
        self.assertEqual(self.complete("help", "re"), ["report"])
        self.assertLessEqual({"attack", "report", "encode", "plot", "merge", "completion"}, set(self.complete("")))

    def test_flags_and_values(self):
        self.assertEqual(sorted(self.complete("attack", "-keep")), ["-keep-headers", "-keepalive"])
        self.assertEqual(self.complete("attack", "--redir"), ["--redirects"])
        self.assertEqual(sorted(self.complete("encode", "-to", "")), ["csv", "gob", "json"])
        self.assertEqual(self.complete("attack", "-pace", "sp"), ["spin"])
        self.assertEqual(self.complete("attack", "-pace", "=", "sp"), ["spin"])  # how bash splits -pace=sp
        self.assertEqual(sorted(self.complete("encode", "--to", "=")), ["csv", "gob", "json"])

    def test_files(self):
        (self.folder / "targets.txt").touch()
        self.assertEqual(self.complete("attack", "-targets", "targ"), ["targets.txt"])

    def test_every_shell(self):
        for shell, checker in (("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish -n")):
            text = self.loadgen("completion", shell).stdout
            self.assertIn("attack", text)
            if shutil.which(shell):
                (self.folder / "script").write_text(text)
                self.assertEqual(self.bash(f"{checker} script").returncode, 0, shell)


if __name__ == "__main__":
    unittest.main()
