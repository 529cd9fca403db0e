#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

using plan::Op;

/// Operations with their jumps: "loop>4 think next>1 end".
std::string listing(const plan::Program& program) {
    static const std::vector<std::string> kNames{
        "request", "think",    "log",        "call",   "set",     "assert", "guard",  "loop",
        "next",    "parallel", "branch-end", "pacing", "connect", "send",   "events", "end"};
    std::string text;
    for (const plan::Instruction& instruction : program.code) {
        if (!text.empty()) text += ' ';
        text += kNames.at(static_cast<std::size_t>(instruction.op));
        if (instruction.jump != 0) text += ">" + std::to_string(instruction.jump);
    }
    return text;
}

Loaded load_flow(const std::string& flow, const std::string& config = "") {
    Loaded loaded = testing::load(testing::script_with_flow(flow, config));
    EXPECT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    return loaded;
}

TEST(Flow, StepsBecomeInstructions) {
    const Loaded loaded =
        load_flow("      - think: 1\n      - log: hi\n      - - get: {url: /}\n        - - think: 2\n");
    EXPECT_EQ(listing(loaded.plan->program), "think log request think end");
    EXPECT_EQ(loaded.plan->program.marks.size(), loaded.plan->program.code.size());
    EXPECT_EQ(loaded.plan->program.marks[0], (text::Mark{5, 9}));
}

TEST(Flow, LoopsJumpBackAndOut) {
    const Loaded loaded = load_flow(
        "      - loop:\n          - think: 1\n          - loop: [{think: 2}]\n            count: 2\n        "
        "count: 3\n");
    EXPECT_EQ(listing(loaded.plan->program), "loop>6 think loop>5 think next>3 next>1 end");
}

TEST(Flow, GuardsJumpBehindTheirStep) {
    const Loaded loaded = load_flow(
        "      - get: {url: /, probability: 25}\n      - think: 1\n        ifTrue: target\n"
        "      - get: {url: /, ifTrue: target == 1}\n        probability: 50\n");
    EXPECT_EQ(listing(loaded.plan->program), "guard>2 request guard>4 think guard>7 guard>7 request end");
    EXPECT_EQ(loaded.plan->program.guards[0].probability, 0.25);
    EXPECT_TRUE(loaded.plan->program.guards[1].condition.has_value());
}

TEST(Flow, ParallelStepsAreBranches) {
    const Loaded loaded = load_flow(
        "      - parallel:\n          - get: {url: /a}\n          - - get: {url: /b}\n            - think: "
        "1\n"
        "        limit: 5\n      - think: 2\n");
    EXPECT_EQ(listing(loaded.plan->program),
              "parallel>6 request branch-end request think branch-end think end");
    EXPECT_EQ(loaded.plan->program.parallels[0].branches, (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(loaded.plan->program.parallels[0].limit, 5U);
}

std::string count_of(const Loaded& loaded, std::size_t index) {
    return loaded.plan->program.loops.at(index).count.constant();
}

// A missing count and the number 0 mean for ever in Artillery, a text "0" no round at all.
TEST(Flow, CountsFollowArtillery) {
    const Loaded loaded = load_flow(
        "      - loop: [{think: 1}]\n        count: \"2-5\"\n"
        "      - loop: [{think: 1}]\n        count: \"0\"\n"
        "      - parallel:\n          - loop: [{think: 1}]\n            count: 0\n"
        "          - loop: [{think: 1}]\n          - loop: [{think: 1}]\n            count: -1\n");
    EXPECT_EQ(count_of(loaded, 0), "2-5");
    EXPECT_EQ(count_of(loaded, 1), "0");
    EXPECT_EQ(count_of(loaded, 2), "-1");
    EXPECT_EQ(count_of(loaded, 3), "");
    EXPECT_EQ(count_of(loaded, 4), "-1");
}

TEST(Flow, LoopsOverNamesListsAndTemplates) {
    const Loaded loaded = load_flow(
        "      - loop: [{think: 1}]\n        over: things\n"
        "      - loop: [{think: 1}]\n        over: [1, \"{{ things[0] }}\"]\n"
        "      - loop: [{log: \"{{ i }} {{ e }}\"}]\n        over: \"{{ things }}\"\n        loopValue: i\n  "
        "      loopElement: e\n",
        "  variables: {things: [[a, b]]}\n");
    const auto& loops = loaded.plan->program.loops;
    const text::Value things(text::Value::Array{text::Value("a"), text::Value("b")});
    EXPECT_EQ(testing::evaluate(*loaded.plan, *loops[0].over, {{"things", things}}), things);
    EXPECT_EQ(testing::evaluate(*loaded.plan, *loops[1].over, {{"things", things}}),
              text::Value(text::Value::Array{text::Value(1.0), text::Value("a")}));
    EXPECT_EQ(testing::evaluate(*loaded.plan, *loops[2].over, {{"things", things}}), things);
    EXPECT_EQ(loops[0].index_slot, loaded.plan->known.loop_count);
    EXPECT_EQ(loaded.plan->slots.name(loops[2].index_slot), "i");
    EXPECT_EQ(loaded.plan->slots.name(loops[2].element_slot), "e");
}

TEST(Flow, ThinkTimes) {
    const Loaded loaded = load_flow(
        "      - think: 3\n      - think: 250ms\n        jitter: 20%\n      - think: \"{{ target }}\"\n      "
        "  jitter: 5s\n"
        "      - think: 1\n        jitter: \"500\"\n",
        "  http: {defaults: {think: {jitter: 10%}}}\n");
    const auto& thinks = loaded.plan->program.thinks;
    EXPECT_EQ(thinks[0].fixed, Nanos(3'000'000'000));
    EXPECT_EQ(thinks[0].jitter->share, 0.1);
    EXPECT_EQ(thinks[1].fixed, Nanos(250'000'000));
    EXPECT_EQ(thinks[1].jitter->share, 0.2);
    EXPECT_FALSE(thinks[2].fixed.has_value());
    EXPECT_EQ(thinks[2].jitter->absolute, Nanos(5'000'000'000));
    EXPECT_EQ(thinks[3].jitter->absolute, Nanos(500'000'000));
}

TEST(Flow, SetTellsTemplatesExpressionsAndLiteralsApart) {
    const Loaded loaded = load_flow(
        "      - set:\n          sum: 1 + 2\n          text: \"a{{ sum }}\"\n          number: 5\n          "
        "flag: true\n"
        "          user.names[0]: [x, \"{{ sum }}\"]\n");
    const auto& assignments = loaded.plan->program.sets[0].assignments;
    ASSERT_EQ(assignments.size(), 5U);
    EXPECT_EQ(assignments[0].value.index(), 0U);
    EXPECT_EQ(assignments[1].value.index(), 1U);
    const auto value = [&](std::size_t i) {
        return testing::evaluate(*loaded.plan, std::get<1>(assignments[i].value),
                                 {{"sum", text::Value(3.0)}});
    };
    EXPECT_EQ(value(1), text::Value("a3"));
    EXPECT_EQ(value(2), text::Value(5.0));
    EXPECT_EQ(value(3), text::Value(true));
    EXPECT_EQ(value(4), text::Value(text::Value::Array{text::Value("x"), text::Value(3.0)}));
    EXPECT_EQ(loaded.plan->slots.name(assignments[4].target.slot), "user");
    EXPECT_EQ(assignments[4].target.members, (std::vector<std::string>{"names", "0"}));
}

TEST(Flow, HooksOfTheScenarioAreCallsAroundTheFlow) {
    const Loaded loaded = testing::load(
        "config: {target: http://127.0.0.1:1, processor: p.js}\n"
        "scenarios:\n  - beforeScenario: [a, b]\n    afterScenario: c\n    onError: d\n    pacing: 2s\n"
        "    flow: [{function: b}, {think: 1}]\n",
        {}, {{"p.js", ""}});
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(listing(loaded.plan->program), "pacing call call call think call end");
    EXPECT_EQ(loaded.plan->functions, (std::vector<std::string>{"d", "a", "b", "c"}));
    EXPECT_EQ(loaded.plan->program.calls[2].function, 2U);
    EXPECT_EQ(loaded.plan->journeys[0].on_error, (std::vector<plan::FunctionIndex>{0}));
    EXPECT_EQ(loaded.plan->program.pacings[0].interval, Nanos(2'000'000'000));
}

TEST(Flow, SocketScenariosConnectFirst) {
    const Loaded loaded = testing::load(
        "config: {target: ws://127.0.0.1:1/x, ws: {subprotocols: [a], headers: {b: c}}}\n"
        "scenarios:\n  - engine: ws\n    flow: [{send: hello}]\n  - engine: ws\n    flow:\n"
        "      - connect: {target: ws://127.0.0.1:2, subprotocols: [d]}\n"
        "      - send: {payload: 1, match: {json: $.a, value: 2}}\n      - wait: {capture: {json: $.b, as: "
        "b}}\n"
        "      - send: {payload: \"{{ b }}\"}\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(listing(loaded.plan->program), "connect send end connect send send send end");
    const auto& connects = loaded.plan->program.socket_connects;
    EXPECT_EQ(connects[0].url.constant(), "ws://127.0.0.1:1/x");
    EXPECT_EQ(connects[0].protocols, (std::vector<std::string>{"a"}));
    EXPECT_EQ(connects[0].headers[0].first.constant(), "b");
    EXPECT_EQ(connects[1].url.constant(), "ws://127.0.0.1:2");
    EXPECT_EQ(connects[1].protocols, (std::vector<std::string>{"d"}));
    const auto& sends = loaded.plan->program.socket_sends;
    EXPECT_FALSE(sends[0].expects_answer);
    EXPECT_TRUE(sends[1].expects_answer);
    EXPECT_EQ(testing::evaluate(*loaded.plan, sends[1].payload), text::Value(1.0));
    EXPECT_FALSE(sends[2].sends);
    // Without capture or match the whole map is the message, as in Artillery.
    EXPECT_EQ(testing::evaluate(*loaded.plan, sends[3].payload, {{"b", text::Value(7.0)}}),
              text::Value(text::Value::Object{{"payload", text::Value(7.0)}}));
    EXPECT_TRUE(loaded.plan->journeys[0].websocket);
}

TEST(Flow, BeforeAndAfterAreFlowsOfTheirOwn) {
    const Loaded loaded = testing::load(
        "config: {target: http://127.0.0.1:1}\nbefore: {flow: [{think: 1}]}\nafter: {flow: [{log: x}]}\n"
        "scenarios: [{name: a, flow: [{think: 2}]}, {weight: 3, flow: [{think: 3}]}]\n");
    ASSERT_TRUE(loaded.ok);
    EXPECT_EQ(listing(loaded.plan->program), "think end think end think end log end");
    EXPECT_EQ(loaded.plan->before->begin, 0U);
    EXPECT_EQ(loaded.plan->after->begin, 6U);
    ASSERT_EQ(loaded.plan->journeys.size(), 2U);
    EXPECT_EQ(loaded.plan->journeys[0].name, "a");
    EXPECT_EQ(loaded.plan->journeys[1].name, "1");
    EXPECT_EQ(loaded.plan->journeys[1].begin, 4U);
    EXPECT_EQ(loaded.plan->journeys[1].weight, 3);
}

TEST(Flow, StreamsHaveConnectionsOfTheirOwn) {
    const auto sockets = [](const std::string& flow, const std::string& config = "") {
        return load_flow(flow, config).plan->http.sockets_per_user;
    };
    EXPECT_EQ(sockets("      - get: {url: /}\n      - sse: {url: /}\n"), 1U);
    EXPECT_EQ(sockets("      - parallel: [{sse: {url: /}}, {get: {url: /}}]\n"), 2U);
    EXPECT_EQ(
        sockets("      - parallel: [{sse: {url: /}}, [{think: 1}, {sse: {url: /}}], {get: {url: /}}]\n"), 3U);
    EXPECT_EQ(sockets("      - parallel: [{sse: {url: /}}, {sse: {url: /}}]\n        limit: 1\n"), 2U);
    EXPECT_EQ(sockets("      - parallel: [[parallel: [sse: {url: /}, sse: {url: /}]], {sse: {url: /}}, {get: "
                      "{url: /}}]\n"),
              4U);
    EXPECT_EQ(sockets("      - parallel: [[{loop: [sse: {url: /}]}, {sse: {url: /}}], {get: {url: /}}]\n"),
              2U);
    EXPECT_EQ(sockets("      - parallel: [{sse: {url: /}}, {get: {url: /}}]\n", "  http: {maxSockets: 1}\n"),
              1U);
}

TEST(Flow, HeaderCapturesOfStreamsLookAtTheAnswer) {
    const Loaded loaded = load_flow(
        "      - sse: {url: /, capture: [{header: a, as: a}, {json: $.b, as: b}, {header: c, as: c}]}\n"
        "      - log: \"{{ a }} {{ b }} {{ c }}\"\n");
    const plan::EventStreamStep& step = loaded.plan->program.event_streams.at(0);
    ASSERT_EQ(step.head_captures.size(), 2U);
    EXPECT_EQ(step.head_captures[0].expression.constant(), "a");
    EXPECT_EQ(step.head_captures[1].expression.constant(), "c");
    ASSERT_EQ(step.request.captures.size(), 1U);
    EXPECT_EQ(step.request.captures[0].kind, plan::Capture::Kind::kJson);
}

TEST(Flow, EventsAreTakenByNumberAndTime) {
    const Loaded loaded = load_flow("      - sse: {url: /events, events: 5, timeout: 2s}\n");
    const plan::EventStreamStep& step = loaded.plan->program.event_streams.at(0);
    EXPECT_EQ(step.events, 5U);
    EXPECT_EQ(step.timeout, Nanos(2'000'000'000));
    EXPECT_EQ(step.request.url.constant(), "/events");
}

}  // namespace
}  // namespace loadgen::scenario
