// What was acknowledged survives: SIGKILL at a random instant, a power cut at every step, a failing disk.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "common/base/random.hpp"
#include "tests/unit/services_store/power_loss_vfs.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {
namespace {

/// Starts tests/unit/services_store/kill_victim.cpp, which writes each number to `out` once it is
/// acknowledged.
pid_t start_victim(const std::string& database, int out) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out, STDOUT_FILENO);
        ::execl(KILL_VICTIM, KILL_VICTIM, database.c_str(), nullptr);
        ::_exit(127);
    }
    return child;
}

/// Reads acknowledged numbers until `enough` have come, kills the child, and reads what it still managed to
/// say.
std::set<std::int64_t> acknowledged_before_kill(pid_t child, int in, std::size_t enough) {
    std::set<std::int64_t> acknowledged;
    std::int64_t value = 0;
    bool killed = false;
    while (::read(in, &value, sizeof value) == static_cast<ssize_t>(sizeof value)) {
        acknowledged.insert(value);
        if (!killed && acknowledged.size() >= enough) {
            ::kill(child, SIGKILL);
            killed = true;
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return acknowledged;
}

TEST(Durability, SigkillLosesNothingAcknowledged) {
    Random random(20240229);
    for (int round = 0; round < 6; ++round) {
        const ScratchFolder folder;
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = start_victim(folder.database(), ends[1]);
        ::close(ends[1]);
        const auto acknowledged = acknowledged_before_kill(child, ends[0], 1 + random.below(3000));
        ::close(ends[0]);
        ASSERT_FALSE(acknowledged.empty());
        auto store = open_sqlite_store(options_at(folder.database()), kNumbersTable);
        ASSERT_TRUE(store.has_value()) << store.error().message;
        const auto found = numbers_in(**store);
        for (const std::int64_t value : acknowledged) {
            ASSERT_TRUE(found.contains(value)) << value << " of round " << round << " is lost";
        }
    }
}

/// Writes numbers in small groups until the disk fails; returns the acknowledged ones.
std::set<std::int64_t> write_until_failure(const std::string& path, bool& opened) {
    std::set<std::int64_t> acknowledged;
    StoreOptions options = options_at(path);
    options.checkpoint_pages = 5;  // checkpoints must fail too
    auto store = open_sqlite_store(options, kNumbersTable);
    opened = store.has_value();
    if (!opened) return acknowledged;
    for (std::int64_t base = 0; base < 36; base += 3) {
        std::vector<std::future<Result<void>>> answers;
        for (std::int64_t i = 0; i < 3; ++i) answers.push_back(write(**store, insert_number(base + i)));
        for (std::int64_t i = 0; i < 3; ++i) {
            if (answers[static_cast<std::size_t>(i)].get()) acknowledged.insert(base + i);
        }
    }
    return acknowledged;
}

TEST(Durability, PowerCutAtEveryStepLosesNothingAcknowledged) {
    bool reached_the_end = false;
    int step = 1;
    for (; !reached_the_end; ++step) {
        const ScratchFolder folder;
        std::set<std::int64_t> acknowledged;
        {
            const PowerLossVfs disk(step);
            bool opened = false;
            acknowledged = write_until_failure(folder.database(), opened);
            reached_the_end = !disk.failed();
        }
        PowerLossVfs::restore_synced(folder.database());
        auto store = open_sqlite_store(options_at(folder.database()), kNumbersTable);
        ASSERT_TRUE(store.has_value()) << "step " << step << ": " << store.error().message;
        const auto found = numbers_in(**store);
        for (const std::int64_t value : acknowledged) {
            ASSERT_TRUE(found.contains(value)) << value << " is lost after a power cut at step " << step;
        }
    }
    EXPECT_GT(step, 60);  // the loop must really have met the disk
}

TEST(Durability, OneFailedOperationFailsItsCallersAndNothingElse) {
    for (int step = 1;; ++step) {
        const ScratchFolder folder;
        PowerLossVfs disk(step);
        disk.heal_after_failure();
        bool opened = false;
        const auto acknowledged = write_until_failure(folder.database(), opened);
        if (!disk.failed()) break;
        if (!opened) continue;  // it failed while opening, and said so
        EXPECT_GE(acknowledged.size(), 30U)
            << "step " << step;  // one group, or two when the log must be reopened
        auto store = open_sqlite_store(options_at(folder.database()), kNumbersTable);
        ASSERT_TRUE(store.has_value()) << "step " << step << ": " << store.error().message;
        EXPECT_EQ(numbers_in(**store), acknowledged) << "step " << step;
    }
}

}  // namespace
}  // namespace loadgen::services::store::test
