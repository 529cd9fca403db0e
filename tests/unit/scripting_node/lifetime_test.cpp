// Users and processors that end while calls are under way.
#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

TEST(ProcessorLifetime, DestroyedBeforeItIsReady) {
    for (int i = 0; i < 3; ++i) {
        Calls calls(options_for("styles.js", {"arrow"}));
        calls.begin(1, 0);
        calls.turn();
    }
}

TEST(ProcessorLifetime, DestroyedWithCallsUnderWay) {
    Calls calls(options_for("errors.js", {"works", "afterTime", "neverCallsBack"}));
    ASSERT_TRUE(calls.call(1, 0).ok);
    for (std::uint64_t user = 0; user < 100; ++user) calls.begin(user, 1 + user % 2);
    calls.turn();
    EXPECT_LE(calls.replies.size(), 101U);
}

TEST(ProcessorLifetime, AUserEndsWhileItsCallIsUnderWay) {
    Calls calls(options_for("errors.js", {"afterTime", "works"}));
    calls.begin(1, 0);
    calls.processor().end_user(1);
    calls.run_until_replies(1);
    EXPECT_TRUE(calls.replies[0].ok);
    EXPECT_EQ(changed(calls.call(1, 1).variables, "count"), "1");
}

/// Makes a call from inside of a reply.
class Chain final : public ProcessorReplies {
  public:
    explicit Chain(Processor& processor) : processor_(processor) {}
    void on_reply(ProcessorReply&& reply) override {
        EXPECT_TRUE(reply.ok) << reply.detail;
        if (++replies == 100) return;
        ProcessorCall call;
        call.token = replies;
        processor_.call(call);
    }
    void on_metric(const EmittedMetric&) override {}

    std::uint64_t replies = 0;

  private:
    Processor& processor_;
};

TEST(ProcessorLifetime, RepliesMayCallAgain) {
    io::Loop loop;
    const auto processor = make_node_processor(loop, options_for("errors.js", {"works"}));
    Chain chain(*processor);
    processor->answer_to(chain);
    processor->call({});
    while (chain.replies < 100) loop.poll();
    EXPECT_EQ(processor->statistics().calls, 100U);
}

}  // namespace
}  // namespace loadgen::scripting
