#include "services/store/detail/turn_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {
namespace {

using detail::TurnLock;

std::unique_ptr<TurnLock> open_lock(const ScratchFolder& folder) {
    auto lock = TurnLock::open(folder.database() + ".turn");
    EXPECT_TRUE(lock.has_value()) << lock.error().message;
    return std::move(*lock);
}

TEST(TurnLock, OneAtATime) {
    constexpr int kTurns = 2000;
    const ScratchFolder folder;
    std::atomic<int> inside{0};
    std::atomic<int> met{0};
    const auto work = [&] {
        const auto lock = open_lock(folder);
        for (int i = 0; i < kTurns; ++i) {
            const TurnLock::Turn turn(lock.get());
            if (inside.fetch_add(1) != 0) ++met;
            inside.fetch_sub(1);
        }
    };
    std::thread first(work);
    std::thread second(work);
    first.join();
    second.join();
    EXPECT_EQ(met, 0);
}

TEST(TurnLock, ADeadProcessGivesItsTurnBack) {
    const ScratchFolder folder;
    const auto lock = open_lock(folder);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto own = TurnLock::open(folder.database() + ".turn");
        const TurnLock::Turn turn(own->get());
        ::_exit(own.has_value() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    const TurnLock::Turn turn(lock.get());
}

TEST(TurnLock, NoLockMeansNoTurns) {
    const TurnLock::Turn turn(nullptr);
}

TEST(TurnLock, SaysWhyItCannotOpen) {
    const ScratchFolder folder;
    const std::string path = folder.database() + "/none";
    EXPECT_EQ(TurnLock::open(path).error().message,
              "store: cannot open " + path + ": No such file or directory");
}

}  // namespace
}  // namespace loadgen::services::store::test
