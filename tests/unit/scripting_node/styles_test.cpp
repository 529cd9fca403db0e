// Each style in which a function can be written. Which of them wait for done() follows Artillery 2.0.21,
// where the constructor of the function decides; what differs is named in docs/processors.md.
#include "processor_fixture.hpp"

namespace loadgen::scripting {
namespace {

/// The functions that set `by` to their own name, whatever their style.
const std::vector<std::string> kStyles = {
    "synchronous",        "arrow", "callback",      "callbackAtOnce", "asynchronous",     "promise",
    "promiseAndCallback", "rest",  "withArguments", "asyncWithDone",  "returnsSomething", "method"};

TEST(ProcessorStyles, EveryStyleEndsWhenItIsDone) {
    Calls calls(options_for("styles.js", kStyles));
    for (std::uint32_t i = 0; i < kStyles.size(); ++i) {
        const ProcessorReply reply = calls.call(i, i);
        EXPECT_TRUE(reply.ok) << kStyles[i] << ": " << reply.detail;
        EXPECT_EQ(changed(reply.variables, "by"), '"' + kStyles[i] + '"');
        EXPECT_GT(reply.took.count(), 0);
    }
    EXPECT_EQ(calls.processor().statistics().calls, kStyles.size());
    EXPECT_EQ(calls.processor().statistics().failed, 0U);
}

TEST(ProcessorStyles, GeneratorsAreRefused) {
    Calls calls(options_for("styles.js", {"generator"}));
    const ProcessorReply reply = calls.call(1, 0);
    EXPECT_FALSE(reply.ok);
    EXPECT_EQ(reply.error, "it is a generator, which a hook cannot be");
}

TEST(ProcessorStyles, ThisIsUndefinedInStrictCodeAsInArtillery) {
    Calls calls(options_for("styles.js", {"seesThis"}));
    EXPECT_EQ(changed(calls.call(1, 0).variables, "isUndefined"), "true");
}

TEST(ProcessorStyles, ASecondDoneChangesNothing) {
    Calls calls(options_for("styles.js", {"doneTwice", "arrow"}));
    EXPECT_TRUE(calls.call(1, 0).ok);
    EXPECT_TRUE(calls.call(1, 1).ok);
    EXPECT_EQ(calls.replies.size(), 2U);
}

TEST(ProcessorStyles, AnUnknownFunctionFails) {
    Calls calls(options_for("styles.js", {"nobody"}));
    const ProcessorReply reply = calls.call(1, 0);
    EXPECT_FALSE(reply.ok);
    EXPECT_EQ(reply.error, script("styles.js") + " exports no function \"nobody\"");
}

TEST(ProcessorStyles, ModulesOfEveryKind) {
    Calls package(options_for("package.cjs", {"useIt"}));
    EXPECT_EQ(changed(package.call(1, 0, {{"name", text::Value("Ada")}}).variables, "greeting"),
              "\"good day, Ada\"");
    Calls module(options_for("module.mjs", {"named", "inDefault"}));
    EXPECT_EQ(changed(module.call(1, 0).variables, "from"), "\"an .mjs file\"");
    EXPECT_EQ(changed(module.call(1, 1).variables, "from"), "\"the default export\"");
    Calls by_type(options_for("module_type/processor.js", {"plain", "asyncArrow"}));
    EXPECT_EQ(changed(by_type.call(1, 0).variables, "from"), "\"a module by type\"");
    EXPECT_EQ(changed(by_type.call(1, 1).variables, "greeting"), "\"good day, you\"");
}

TEST(ProcessorStyles, CallsOfManyUsersAtOnce) {
    Calls calls(options_for("styles.js", kStyles));
    constexpr std::uint64_t kUsers = 500;
    for (std::uint64_t user = 0; user < kUsers; ++user) {
        calls.begin(user, static_cast<std::uint32_t>(user % kStyles.size()));
    }
    calls.run_until_replies(kUsers);
    for (const auto& [token, reply] : calls.replies) {
        EXPECT_EQ(changed(reply.variables, "by"), '"' + kStyles[token % kStyles.size()] + '"');
    }
}

}  // namespace
}  // namespace loadgen::scripting
