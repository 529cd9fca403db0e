#!/usr/bin/env python3
"""Every check script must find its own bad sample, and must be content without it."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[3] / "scripts"


class CheckTest(unittest.TestCase):
    """A small tree per test; `check` runs a script on it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def check(self, script):
        done = subprocess.run([SCRIPTS / script, "--root", self.root], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def assert_finds(self, script, *patterns):
        code, output = self.check(script)
        self.assertEqual(code, 1, output)
        for pattern in patterns:
            self.assertRegex(output, pattern)

    def assert_content(self, script):
        code, output = self.check(script)
        self.assertEqual(code, 0, output)


class Format(CheckTest):
    """A tree with only some of the house's folders, as it was when the check failed for the missing ones."""

    def check(self, script):
        (self.root / ".clang-format").write_text((SCRIPTS.parent / ".clang-format").read_text())
        done = subprocess.run([SCRIPTS / script, "--check"], capture_output=True, text=True,
                              env={**os.environ, "LOADGEN_ROOT": str(self.root)})
        return int(done.returncode != 0), done.stdout + done.stderr

    def test_unformatted(self):
        self.write("common/base/a.cpp", "int  a ;\n")
        self.assert_finds("format", r"a\.cpp:1.*code should be clang-formatted")

    def test_formatted(self):
        self.write("common/base/a.cpp", "int a;\n")
        self.assert_content("format")


class Includes(CheckTest):
    def test_upward_include(self):
        self.write("common/base/a.cpp", '#include "common/io/loop.hpp"\n')
        self.assert_finds("check-includes", r"common/base/a\.cpp:1: common/base may not know common/io")

    def test_service_may_not_know_the_generator(self):
        self.write("services/birthday/a.cpp", '\n#include "loadgen/plan/request.hpp"\n')
        self.assert_finds("check-includes", r"a\.cpp:2: services/birthday may not know loadgen/plan")

    def test_services_may_not_know_each_other(self):
        self.write("services/birthday/a.cpp", '#include "services/orders/order.hpp"\n')
        self.assert_finds("check-includes", r"services/birthday may not know services/orders")

    def test_private_folder(self):
        self.write("loadgen/engine/a.cpp", '#include "common/io/detail/x.hpp"\n')
        self.assert_finds("check-includes", r"private to common/io")

    def test_component_without_a_row(self):
        self.write("common/novelty/a.hpp", "#pragma once\n")
        self.assert_finds("check-includes", r"common/novelty has no row")

    def test_protocol_code_does_no_io(self):
        self.write("common/text/a.cpp", "#include <sys/socket.h>\n")
        self.assert_finds("check-includes", r"common/text does no input or output")

    def test_good_tree(self):
        self.write("common/stats/a.cpp", '#include <vector>\n#include "common/base/result.hpp"\n')
        self.write("tests/unit/stats/a_test.cpp", '#include "common/stats/detail/x.hpp"\n')
        self.assert_content("check-includes")


class Sizes(CheckTest):
    def function(self, lines, head="int f(int x)"):
        return f"{head} {{\n" + "    ++x;\n" * (lines - 2) + "}\n"

    def test_long_file(self):
        self.write("common/base/a.cpp", "int x;\n" * 601)
        self.assert_finds("check-sizes", r"a\.cpp: 601 lines; at most 600")

    def test_long_functions_of_every_kind(self):
        for number, head in enumerate(("int f(int x)", "Foo::Foo(int x) : a_{x}, b_(x)", "auto C::g(int x) const -> int",
                                       "template <typename T>\nbool operator()(T x) noexcept", "TEST(Suite, name)")):
            with self.subTest(head):
                self.write("common/base/a.cpp", f"namespace n {{\nstruct S {{ int v = {{1}}; }};\n{self.function(81, head)}}}\n")
                self.assert_finds("check-sizes", r"at most 80")
                self.write("common/base/a.cpp", f"namespace n {{\n{self.function(30, head)}}}\n" + "int ok() {}\n" * 30)
                self.assert_content("check-sizes")

    def test_main_is_shorter(self):
        self.write("loadgen/cli/main.cpp", self.function(50, "int main()") + "int ok() { return 1; }\n" * 40)
        self.assert_finds("check-sizes", r"main\.cpp:1: main has 50 lines; at most 49")

    def test_too_many_middling_functions(self):
        self.write("common/base/a.cpp", self.function(41) * 2 + "int ok() { return 1; }\n" * 30)
        self.assert_finds("check-sizes", r"2 of 32 functions have more than 40 lines")

    def test_braces_in_literals_do_not_count(self):
        self.write("common/base/a.cpp", 'const char* t = "{{{";\n// {\nchar c = \'{\';\n' + self.function(81))
        self.assert_finds("check-sizes", r"a\.cpp:4: f has 81 lines")

    def test_exception_needs_a_reason_and_a_use(self):
        self.write("common/base/a.cpp", "int x;\n" * 601)
        self.write("scripts/size-exceptions.txt", "common/base/a.cpp a table from a standard\n")
        self.assert_content("check-sizes")
        self.write("scripts/size-exceptions.txt", "common/base/a.cpp\ncommon/base/b.cpp gone\n")
        self.assert_finds("check-sizes", r"a\.cpp has no reason", r"b\.cpp needs no exception")

    def test_python_functions(self):
        self.write("tests/a.py", "def long():\n" + "    x = 1\n" * 80)
        self.assert_finds("check-sizes", r"tests/a\.py:1: long has 81 lines")


class Coroutines(CheckTest):
    def body(self, statement):
        self.write("common/io/a.cpp", "Task<int> f() {\n    " + statement + "\n    co_return 1;\n}\n")

    def test_bad_statements(self):
        for statement, message in {
            "co_await run([x] { return x; });": "capturing lambda",
            "co_await run(Options{1, 2});": "braced temporary",
            "co_await run({.retries = 3});": "braced temporary",
            "auto y = ready ? co_await a() : co_await b();": "conditional operator",
            "auto y = co_await (a()) ? 1 : 2;": "conditional operator",
            "auto c = [x]() -> Task<int> { co_return x; };": "pass its state",
            "spawn([&]() -> Task<void> { co_await a(); });": "pass its state",
        }.items():
            with self.subTest(statement):
                self.body(statement)
                self.assert_finds("check-coroutines", r"a\.cpp:2: .*" + message)

    def test_good_statements(self):
        for statement in (
            "auto task = [x] { return x; };\n    co_await run(std::move(task));",
            "if (x) { y = ready ? 1 : 2; }\n    co_await run(y, [] { return 1; });",
            "if (co_await a()) {\n        b = {1};\n    }",
            "auto c = [](int x) -> Task<int> { co_return x; };",
            "auto c = [x]() -> Task<int> { co_return x; };  // closure-outlives: c is joined below",
            "// co_await run(Options{1});",
        ):
            with self.subTest(statement):
                self.body(statement)
                self.assert_content("check-coroutines")


class Banned(CheckTest):
    def test_each_rule(self):
        for name, text in {
            "common/text/a.cpp": "#include <regex>",
            "common/text/a.hpp": "using namespace std;",
            "tests/unit/a_test.cpp": "std::this_thread::sleep_for(1s);",
            "tests/interop/a.py": "time." "sleep(1)",
            "loadgen/engine/a.cpp": "auto t = std::chrono::system_clock::now();",
            "services/a/b.cpp": "int x = rand();",
            "loadgen/cli/c.cpp": "auto t = time(nullptr);",
            "cmake/a.cmake": "include(FetchContent)",
            "common/io/a.cpp": "// TO" + "DO: later",
        }.items():
            with self.subTest(name):
                self.write(name, text + "\n")
                self.assert_finds("check-banned", name.replace(".", r"\.") + ":1: ")
                (self.root / name).unlink()

    def test_what_is_allowed(self):
        self.write("common/base/time.cpp", "clock_gettime(CLOCK_MONOTONIC, &time);\n")
        self.write("common/text/a.cpp", '// #include <regex> is forbidden\nconst char* t = "rand()";\nx.time(0);\n')
        self.write("tests/support/waiting.py", "time." "sleep(0.01)\n")
        self.assert_content("check-banned")


class Headers(CheckTest):
    def test_header_that_needs_another(self):
        self.write("common/base/a.hpp", "#pragma once\nstd::string text();\n")
        self.assert_finds("check-headers", r"common/base/a\.hpp: does not compile alone")

    def test_a_source_file_that_the_build_knows_and_that_begins_with_the_header_shows_that_it_stands_alone(self):
        self.write("common/base/a.hpp", "#pragma once\nstd::string text();\n")
        self.write("common/base/detail/a.cpp", '// Why.\n\n#include "common/base/a.hpp"\n')
        self.write("common/base/CMakeLists.txt", "loadgen_component(common_base SOURCES detail/a.cpp)\n")
        self.assert_content("check-headers")

    def test_a_source_file_shows_nothing_about_a_header_behind_another_line_nor_when_it_is_not_built(self):
        self.write("common/base/a.hpp", "#pragma once\nstd::string text();\n")
        for source, lists in {
            '#include <string>\n#include "common/base/a.hpp"\n': "SOURCES a.cpp",
            '#define A\n#include "common/base/a.hpp"\n': "SOURCES a.cpp",
            '#include "common/base/a.hpp"\n': "SOURCES detail/a.cpp a.cpp.in aa.cpp",
        }.items():
            with self.subTest(source):
                self.write("common/base/a.cpp", source)
                self.write("common/base/CMakeLists.txt", f"loadgen_component(common_base {lists})\n")
                self.assert_finds("check-headers", r"common/base/a\.hpp: does not compile alone")

    def test_guard_and_number_of_includes(self):
        self.write("common/base/a.hpp", "#include <cstdint>\n" * 16)
        self.assert_finds("check-headers", r"has no #pragma once", r"16 includes; at most 15")

    def test_expensive_library_reaches_another_component(self):
        self.write("common/http/session.hpp", "#pragma once\n#include <nghttp2/nghttp2.h>\n")
        self.write("common/http/session.cpp", '#include "common/http/session.hpp"\n')
        self.assert_content("check-headers")
        self.write("loadgen/engine/a.cpp", '#include "common/http/session.hpp"\n')
        self.assert_finds("check-headers", r"brings <nghttp2/nghttp2\.h>.*into loadgen/engine/a\.cpp")

    def test_too_large(self):
        self.write("common/base/a.hpp", "#pragma once\n"
                   + "".join(f"extern int {'y' * 900}{n};\n" for n in range(3000)))
        self.assert_finds("check-headers", r"bytes preprocessed; at most")


if __name__ == "__main__":
    unittest.main()
