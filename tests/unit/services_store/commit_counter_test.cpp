#include "services/store/detail/commit_counter.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {
namespace {

using detail::CommitCounter;

std::unique_ptr<CommitCounter> open_counter(const std::string& path) {
    auto counter = CommitCounter::open(path);
    EXPECT_TRUE(counter.has_value()) << (counter ? "" : counter.error().message);
    return std::move(*counter);
}

TEST(CommitCounter, HasNoStateDuringACommitAndAnotherAfterwards) {
    const auto counter = open_counter("");
    const auto before = counter->state();
    ASSERT_TRUE(before.has_value());
    {
        const CommitCounter::Commit commit(*counter);
        EXPECT_EQ(counter->state(), std::nullopt);
    }
    ASSERT_TRUE(counter->state().has_value());
    EXPECT_NE(counter->state(), before);
}

TEST(CommitCounter, OfOneFileCountsForEverybody) {
    const ScratchFolder folder;
    const auto mine = open_counter(folder.database() + ".turn");
    const auto theirs = open_counter(folder.database() + ".turn");
    const auto before = theirs->state();
    { const CommitCounter::Commit commit(*mine); }
    EXPECT_NE(theirs->state(), before);
    EXPECT_EQ(theirs->state(), mine->state());
}

TEST(CommitCounter, ADeathWithinACommitLeavesNoStateUntilTheNext) {
    const ScratchFolder folder;
    const std::string path = folder.database() + ".turn";
    const auto counter = open_counter(path);
    const auto before = counter->state();
    const pid_t child = ::fork();
    if (child == 0) {
        const auto own = CommitCounter::open(path);
        const CommitCounter::Commit commit(**own);
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(counter->state(), std::nullopt);
    { const CommitCounter::Commit commit(*counter); }
    ASSERT_TRUE(counter->state().has_value());
    EXPECT_NE(counter->state(), before);
}

TEST(CommitCounter, SaysWhyItCannotOpen) {
    const ScratchFolder folder;
    const std::string path = folder.database() + "/none";
    EXPECT_EQ(CommitCounter::open(path).error().message,
              "store: cannot open " + path + ": No such file or directory");
}

}  // namespace
}  // namespace loadgen::services::store::test
