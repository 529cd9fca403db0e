// Frames and messages by themselves, byte by byte.
#include <gtest/gtest.h>

#include "loadgen/scripting/node/detail/frames.hpp"
#include "loadgen/scripting/node/detail/messages.hpp"
#include "loadgen/scripting/node/detail/waiting_calls.hpp"
#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

class Frames final : public FrameEvents {
  public:
    Result<void> on_frame(std::string_view payload) override {
        payloads.emplace_back(payload);
        return {};
    }
    std::vector<std::string> payloads;
};

std::string frame(std::string_view payload) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(payload.size() >> shift & 0xFFU);
    return bytes + std::string(payload);
}

TEST(ProcessorFrames, AreCutWhereverTheBytesAreSplit) {
    const std::string bytes = frame("[1]") + frame("") + frame(std::string(300, 'x')) + frame("[2]");
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        FrameCutter cutter(1000);
        Frames frames;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            ASSERT_TRUE(cutter.push(std::string_view(bytes).substr(at, step), frames));
        }
        EXPECT_EQ(frames.payloads, (std::vector<std::string>{"[1]", "", std::string(300, 'x'), "[2]"}));
    }
}

TEST(ProcessorFrames, TooLongAFrameIsRefused) {
    FrameCutter cutter(10);
    Frames frames;
    const Result<void> taken = cutter.push(frame("12345678901"), frames);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().message, "a frame of 11 bytes; at most 10 are allowed");
}

TEST(ProcessorFrames, BuilderJoinsMessagesAndLeavesOutTooLongOnes) {
    FrameBuilder builder;
    const auto add = [&](std::string_view text) {
        return builder.add(5, [&](std::string& out) { out += text; });
    };
    EXPECT_FALSE(add("123456"));
    EXPECT_TRUE(add("[1]"));
    EXPECT_FALSE(add("123456"));
    EXPECT_TRUE(add("[2]"));
    EXPECT_EQ(builder.frames(), frame("[[1],[2]]"));
    EXPECT_TRUE(add("[3]"));
    EXPECT_EQ(builder.frames(), frame("[[1],[2]]") + frame("[[3]]"));
    builder.clear();
    EXPECT_EQ(builder.frames(), "");
}

class Received final : public HostMessages {
  public:
    void on_ready(std::vector<ExportedFunction> functions) override { ready = functions.size(); }
    void on_cannot_start(std::string problem) override { trouble = std::move(problem); }
    void on_call_done(std::uint64_t id, ProcessorReply&& reply) override {
        last_id = id;
        last = std::move(reply);
    }
    void on_host_metric(const EmittedMetric& metric) override { name = metric.name; }

    std::size_t ready = 0;
    std::string trouble;
    std::uint64_t last_id = 0;
    ProcessorReply last;
    std::string name;
};

TEST(ProcessorMessages, StrangeOnesAreRefused) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"{}", "the host of the processor sent no array of messages"},
        {"[1]", "the host of the processor sent a message without a kind"},
        {"[[]]", "the host of the processor sent a message without a kind"},
        {"[[99]]", "the host of the processor sent a message of kind 99"},
        {"[[1,2]]", "the host of the processor sent a reply of an unknown form"},
        {"[[1,\"x\",0,0,0,0,0]]", "the host of the processor sent a reply of an unknown form"},
        {"[[1,1,0,0,0,[[\"a\"],[]],0]]", "the host of the processor sent members of an unknown form"},
        {"[[1,1,0,0,0,[],0]]", "the host of the processor sent members of an unknown form"},
        {"[[2,9,\"a\",1]]", "the host of the processor sent a metric of an unknown form"},
        {"[[10,1]]", "the host of the processor sent a greeting of an unknown form"},
        {"[[11]]", "the host of the processor sent a problem of an unknown form"},
    };
    for (const auto& [payload, message] : cases) {
        MessageReader reader(1000);
        Received received;
        const Result<void> taken = reader.read(payload, received);
        ASSERT_FALSE(taken) << payload;
        EXPECT_EQ(taken.error().message, message);
    }
    MessageReader reader(1000);
    Received received;
    EXPECT_FALSE(reader.read("[[1,", received));
}

TEST(ProcessorMessages, AreReadInOrder) {
    MessageReader reader(1000);
    Received received;
    const Result<void> taken = reader.read(
        R"([[10,"20.1.0",[["f",0,2]]],[2,0,"orders",1],[3,0],[1,7,"E","why",0,[["a",1],["b",1,0]],0],[11,"x"]])",
        received);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_EQ(received.ready, 1U);
    EXPECT_EQ(received.name, "orders");
    EXPECT_EQ(received.last_id, 7U);
    EXPECT_FALSE(received.last.ok);
    EXPECT_EQ(changed(received.last.variables, "a"), "1");
    EXPECT_EQ(changed(received.last.variables, "b"), "NaN");
    EXPECT_EQ(received.trouble, "x");
}

TEST(ProcessorWaitingCalls, AreTakenOnceInAnyOrder) {
    WaitingCalls calls;
    for (std::uint64_t i = 1; i <= 5; ++i) {
        EXPECT_EQ(calls.next_id(), i);
        calls.add({.token = i * 10, .since = {}, .deadline = Instant(Nanos(i))});
    }
    EXPECT_EQ(calls.take(3)->token, 30U);
    EXPECT_FALSE(calls.take(3));
    EXPECT_FALSE(calls.take(6));
    EXPECT_EQ(calls.take(1)->token, 10U);
    EXPECT_FALSE(calls.take(1));
    EXPECT_EQ(calls.next_deadline(), Instant(Nanos(2)));
    EXPECT_EQ(calls.take_expired(Instant(Nanos(4)))->token, 20U);
    EXPECT_EQ(calls.take_expired(Instant(Nanos(4)))->token, 40U);
    EXPECT_FALSE(calls.take_expired(Instant(Nanos(4))));
    EXPECT_EQ(calls.size(), 1U);
    EXPECT_EQ(calls.take_all().size(), 1U);
    EXPECT_EQ(calls.size(), 0U);
    EXPECT_EQ(calls.next_id(), 6U);
    EXPECT_FALSE(calls.next_deadline());
}

}  // namespace
}  // namespace loadgen::scripting
