#include "common/base/cause.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace loadgen {
namespace {

TEST(Cause, NamesAreStableByTheirValueInFiles) {
    // The numbers are in result files of the past: this list is only ever appended to.
    const char* const names[] = {"ok",        "http-4xx",        "http-5xx",       "throttled",
                                 "refused",   "connect-timeout", "unreachable",    "dns",
                                 "tls",       "reset-idle",      "reset-inflight", "truncated",
                                 "timeout",   "h2-goaway-lost",  "h2-retryable",   "protocol",
                                 "ports",     "descriptors",     "unsent",         "cut-off",
                                 "no-targets"};
    ASSERT_EQ(std::size(names), kCauseCount);
    for (std::size_t i = 0; i < kCauseCount; ++i) EXPECT_EQ(cause_name(static_cast<Cause>(i)), names[i]);
}

TEST(Cause, EveryNameLeadsBackAndIsTheOnlyOneOfItsKind) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < kCauseCount; ++i) {
        const auto cause = static_cast<Cause>(i);
        names.emplace(cause_name(cause));
        EXPECT_EQ(cause_from_name(cause_name(cause)), cause);
    }
    EXPECT_EQ(names.size(), kCauseCount);
}

TEST(Cause, UnknownNamesAndValuesAreNotGuessed) {
    EXPECT_EQ(cause_from_name(""), std::nullopt);
    EXPECT_EQ(cause_from_name("OK"), std::nullopt);
    EXPECT_EQ(cause_from_name("unknown"), std::nullopt);
    EXPECT_EQ(cause_name(static_cast<Cause>(200)), "unknown");
}

TEST(Cause, OnlyTheGeneratorsOwnTroublesAreNotChargedToTheTarget) {
    std::set<Cause> own;
    for (std::size_t i = 0; i < kCauseCount; ++i) {
        if (is_own_fault(static_cast<Cause>(i))) own.insert(static_cast<Cause>(i));
    }
    // Cut-off is not among them: the target had the request and had not answered it.
    EXPECT_EQ(own, (std::set{Cause::kPorts, Cause::kDescriptors, Cause::kUnsent, Cause::kNoTargets}));
}

}  // namespace
}  // namespace loadgen
