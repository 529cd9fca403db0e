// What SQLite acknowledged survives a power cut at every step and a failing disk.
#include <gtest/gtest.h>

#include "tests/unit/services_store/power_loss_vfs.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {
namespace {

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
