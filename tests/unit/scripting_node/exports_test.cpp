// What a module exports, and why one cannot be loaded.
#include <stdlib.h>

#include <algorithm>

#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

Result<std::vector<ExportedFunction>> exports_of(std::string_view name) {
    ProcessorOptions options = options_for(name, {});
    options.print = [](std::string_view) {};
    return list_exports(options);
}

std::string problem_of(std::string_view name) {
    const auto exports = exports_of(name);
    return exports ? "none" : exports.error().message;
}

TEST(ProcessorExports, NamesKindsAndArities) {
    const auto exports = exports_of("styles.js");
    ASSERT_TRUE(exports) << exports.error().message;
    const auto find = [&](std::string_view name) {
        return std::find_if(exports->begin(), exports->end(), [&](const auto& f) { return f.name == name; });
    };
    using Kind = ExportedFunction::Kind;
    EXPECT_EQ(exports->front().name, "synchronous");
    EXPECT_EQ(find("callback")->kind, Kind::kPlain);
    EXPECT_EQ(find("callback")->arity, 3U);
    EXPECT_EQ(find("asynchronous")->kind, Kind::kAsync);
    EXPECT_EQ(find("asynchronous")->arity, 2U);
    EXPECT_EQ(find("generator")->kind, Kind::kGenerator);
    EXPECT_NE(find("method"), exports->end()) << "inherited";
    EXPECT_EQ(find("notAFunction"), exports->end());
}

TEST(ProcessorExports, EsModules) {
    const auto exports = exports_of("module.mjs");
    ASSERT_TRUE(exports) << exports.error().message;
    ASSERT_EQ(exports->size(), 2U);
    EXPECT_EQ((*exports)[0].name, "named");
    EXPECT_EQ((*exports)[1].name, "inDefault");
}

TEST(ProcessorExports, WhatIsWrongIsNamed) {
    EXPECT_NE(problem_of("broken.js").find("Error: not today"), std::string::npos);
    EXPECT_NE(problem_of("broken.js").find("broken.js:1"), std::string::npos);
    EXPECT_NE(problem_of("syntax.js").find("SyntaxError"), std::string::npos);
    EXPECT_NE(problem_of("missing_package.js").find("no-such-package-anywhere"), std::string::npos);
    EXPECT_NE(problem_of("nowhere.js").find("there is no file " + script("nowhere.js")), std::string::npos);
}

TEST(ProcessorExports, TypeScriptIsRefusedUnlessNodeRunsIt) {
    const std::string problem = problem_of("typed.ts");
    if (problem == "none") GTEST_SKIP() << "this Node strips types";
    EXPECT_NE(problem.find("typed.ts is TypeScript"), std::string::npos) << problem;
    EXPECT_NE(problem.find("use Node 22.18 or later"), std::string::npos) << problem;
}

TEST(ProcessorExports, AModuleThatNeverLoadsIsGivenUp) {
    ProcessorOptions options = options_for("endless.js", {});
    options.start_timeout = Nanos(500'000'000);
    const auto exports = list_exports(options);
    ASSERT_FALSE(exports);
    EXPECT_EQ(exports.error().message, script("endless.js") + " was not loaded within 500ms");
}

TEST(ProcessorExports, WithoutNodeTheFunctionsThatNeedItAreNamed) {
    const std::string path = getenv("PATH");
    setenv("PATH", "/nowhere", 1);
    ProcessorOptions options = options_for("styles.js", {"arrow", "callback"});
    const auto exports = list_exports(options);
    setenv("PATH", path.c_str(), 1);
    ASSERT_FALSE(exports);
    EXPECT_EQ(
        exports.error().message,
        script("styles.js") +
            " needs Node 18 or later for \"arrow\", \"callback\": there is no program \"node\" on PATH");
}

TEST(ProcessorExports, AProgramThatIsNotNode) {
    ProcessorOptions options = options_for("styles.js", {});
    options.node = "/bin/false";
    const auto exports = list_exports(options);
    ASSERT_FALSE(exports);
    EXPECT_EQ(exports.error().message, "Node exited with code 1");
}

}  // namespace
}  // namespace loadgen::scripting
