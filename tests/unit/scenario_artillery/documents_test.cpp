#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kFlow = "scenarios:\n  - flow:\n      - get: {url: /}\n";

TEST(Documents, EnvironmentsAreMergedOverConfig) {
    LoadOptions options;
    options.environment = "staging";
    const Loaded loaded = testing::load(
        std::string("config:\n  target: http://127.0.0.1:1\n  http: {timeout: 5, pool: 3}\n"
                    "  environments:\n    staging: {target: http://127.0.0.1:2, http: {timeout: 7}}\n") +
            kFlow,
        options);
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.plan->target, "http://127.0.0.1:2");
    EXPECT_EQ(loaded.connections.timeout, Nanos(7'000'000'000));
    EXPECT_EQ(loaded.plan->http.pool, 3U);
}

TEST(Documents, AnUnknownEnvironmentIsAMistake) {
    LoadOptions options;
    options.environment = "stagin";
    EXPECT_EQ(
        testing::texts_of(testing::load(
            std::string("config:\n  target: http://127.0.0.1:1\n  environments: {staging: {}, prod: {}}\n") +
                kFlow,
            options)),
        (Texts{"3:17: config.environments: there is no environment \"stagin\"; there are staging or prod"}));
    const Loaded loaded =
        testing::load(std::string("config:\n  target: http://127.0.0.1:1\n") + kFlow, options);
    EXPECT_TRUE(loaded.ok);
    EXPECT_EQ(testing::texts_of(loaded),
              (Texts{"2:3: warning: config: there are no environments, so \"stagin\" changes nothing"}));
}

TEST(Documents, TheTargetOfTheCommandLineWins) {
    LoadOptions options;
    options.environment = "a";
    options.target = "http://127.0.0.1:9";
    const Loaded loaded = testing::load(
        std::string(
            "config: {target: http://127.0.0.1:1, environments: {a: {target: http://127.0.0.1:2}}}\n") +
            kFlow,
        options);
    EXPECT_EQ(loaded.plan->target, "http://127.0.0.1:9");
}

TEST(Documents, OverridesReplaceLists) {
    LoadOptions options;
    options.overrides =
        R"({"config": {"phases": [{"duration": 1, "arrivalCount": 2}], "http": {"pool": 2}}})";
    const Loaded loaded =
        testing::load(std::string("config:\n  target: http://127.0.0.1:1\n  http: {timeout: 3}\n"
                                  "  phases: [{duration: 5, arrivalRate: 1}, {pause: 3}]\n") +
                          kFlow,
                      options);
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.load.phases.size(), 1U);
    EXPECT_EQ(loaded.connections.timeout, Nanos(3'000'000'000));
    EXPECT_EQ(loaded.plan->http.pool, 2U);
}

TEST(Documents, WhatTheCommandLineSaysIsLocatedThere) {
    LoadOptions options;
    options.overrides = R"({"config": {"phases": [{"duration": "x", "arrivalCount": 2}]}})";
    EXPECT_EQ(
        testing::texts_of(
            testing::load(std::string("config:\n  target: http://127.0.0.1:1\n") + kFlow, options),
            "--overrides"),
        (Texts{"1:37: config.phases[0].duration: found \"x\", expected a duration such as 30 or \"500ms\""}));
    options.overrides = "[]";
    EXPECT_EQ(testing::texts_of(
                  testing::load(std::string("config:\n  target: http://127.0.0.1:1\n") + kFlow, options),
                  "--overrides"),
              (Texts{"1:1: found a list, expected a JSON object"}));
}

TEST(Documents, SeveralFilesMakeOneScript) {
    LoadOptions options;
    options.inputs = {"more.yml"};
    options.config = "conf/config.yml";
    const Loaded loaded =
        testing::load(kFlow, options,
                      {{"more.yml", "before: {flow: [{log: hi}]}\n"},
                       {"conf/config.yml", "config: {target: http://127.0.0.1:1, processor: p.js}\n"},
                       {"conf/p.js", ""}});
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.plan->processor, "conf/p.js");
    EXPECT_TRUE(loaded.plan->before.has_value());
    EXPECT_TRUE(loaded.plan->initial.at(*loaded.plan->slots.find("$dirname")).string().ends_with("/conf"));
}

TEST(Documents, FilesThatCannotBeReadAreNamed) {
    LoadOptions options;
    options.config = "config.yml";
    EXPECT_EQ(
        testing::texts_of(testing::load(kFlow, options), "config.yml"),
        (Texts{"load.yml:3:20: scenarios[0].flow[0].get.url: found \"/\", which needs a target: there is no "
               "config.target and no -t",
               "no such file"}));
}

TEST(Documents, ConfigIsFilledInFromTheEnvironment) {
    LoadOptions options;
    options.process_environment = {{"PORT", "8080"}, {"RATE", "5"}};
    options.variables = R"({"seconds": 3})";
    const Loaded loaded = testing::load(
        std::string("config:\n  target: \"http://127.0.0.1:{{ $processEnvironment.PORT }}\"\n"
                    "  phases: [{duration: \"{{ seconds }}\", arrivalRate: \"{{ $env.RATE }}\"}]\n"
                    "  variables: {key: \"{{ $randomString(3) }}\"}\n"
                    "  http: {defaults: {headers: {a: \"{{ key }}\"}}}\n") +
            kFlow,
        options);
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.plan->target, "http://127.0.0.1:8080");
    EXPECT_EQ(loaded.load.phases[0].end, Nanos(3'000'000'000));
    EXPECT_EQ(loaded.plan->variables[0].choices[0], text::Value("xyz"));
    EXPECT_EQ(testing::render(*loaded.plan, loaded.plan->program.requests[0].headers[0].second,
                              {{"key", text::Value("k")}}),
              "k");
}

TEST(Documents, DotenvAddsToTheEnvironment) {
    LoadOptions options;
    options.dotenv = ".env";
    options.process_environment = {{"SET", "before"}};
    const Loaded loaded = testing::load(
        std::string(
            "config:\n  target: http://127.0.0.1:1\n  variables: {a: \"{{ $env.A }}\", b: \"{{ $env.B }}\", "
            "c: \"{{ $env.C }}\", d: \"{{ $env.SET }}\"}\n") +
            kFlow,
        options, {{".env", "# comment\nA=1 # one\nexport B=\"x y\\nz\"\nC='#'\nSET=after\nnonsense\n"}});
    ASSERT_TRUE(loaded.ok);
    const auto value = [&](std::size_t i) { return loaded.plan->variables[i].choices[0]; };
    EXPECT_EQ(value(0), text::Value("1"));
    EXPECT_EQ(value(1), text::Value("x y\nz"));
    EXPECT_EQ(value(2), text::Value("#"));
    EXPECT_EQ(value(3), text::Value("before"));
    EXPECT_EQ(testing::texts_of(loaded, ".env"),
              (Texts{"6:1: warning: found \"nonsense\", expected NAME=value"}));
}

TEST(Documents, OneScenarioMayBeChosen) {
    const std::string script =
        "config: {target: http://127.0.0.1:1}\nscenarios:\n  - {name: buy, weight: 0, flow: [{think: 1}]}\n"
        "  - {name: buy more, flow: [{think: 1}]}\n  - {name: sell, flow: [{think: 1}]}\n";
    const auto chosen = [&](const std::string& name) {
        LoadOptions options;
        options.scenario_name = name;
        const Loaded loaded = testing::load(script, options);
        return loaded.ok ? Texts{loaded.plan->journeys.at(0).name} : testing::texts_of(loaded);
    };
    EXPECT_EQ(chosen("buy"), (Texts{"buy"}));
    EXPECT_EQ(chosen("^s"), (Texts{"sell"}));
    EXPECT_EQ(chosen("u"), (Texts{"2:1: scenarios: 2 scenarios fit the name \"u\"; one must"}));
    EXPECT_EQ(
        chosen("x"),
        (Texts{"2:1: scenarios: there is no scenario \"x\"; there are \"buy\", \"buy more\" or \"sell\""}));
}

TEST(Documents, HostileYamlIsToldAndDoesNoHarm) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 0; j < 9; ++j) bomb += ", " + before;
        bomb += "]\n";
    }
    EXPECT_FALSE(testing::load(bomb).ok);
    EXPECT_FALSE(testing::load("a: &a [*a]\n").ok);
    EXPECT_FALSE(testing::load(std::string(5U << 20U, ' ')).ok);
    EXPECT_FALSE(testing::load("{").ok);
    EXPECT_FALSE(testing::load(std::string("\0\xFF", 2)).ok);
}

// Ends soon, though every step is wrong, and tells no more than a reader can use.
TEST(Documents, FindingsAreLimited) {
    std::string script = "config: {target: http://127.0.0.1:1}\nscenarios:\n  - flow:\n";
    for (int i = 0; i < 10'000; ++i) {
        const std::string number = std::to_string(i);
        script += "    - get: {url: \"/{{ a" + number + " }}\", capture: {json: $.a, as: b" + number + "}}\n";
    }
    const Loaded loaded = testing::load(script);
    EXPECT_FALSE(loaded.ok);
    EXPECT_EQ(loaded.findings.size(), 500U);
}

}  // namespace
}  // namespace loadgen::scenario
