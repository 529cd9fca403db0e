// What every engine acknowledged survives a kill, and a full disk costs nobody else anything.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/random.hpp"
#include "tests/unit/services_store/contract.hpp"

namespace loadgen::services::store::test {
namespace {

class StoreDurability : public StoreContract {};
INSTANTIATE_FOR_ALL_ENGINES(StoreDurability);

/// Starts tests/unit/services_store/kill_victim.cpp, which writes each number to `out` once it is
/// acknowledged.
pid_t start_victim(const Engine& engine, const std::string& database, int out) {
    const std::string name(engine.name);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out, STDOUT_FILENO);
        ::execl(KILL_VICTIM, KILL_VICTIM, name.c_str(), database.c_str(), nullptr);
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

TEST_P(StoreDurability, SigkillLosesNothingAcknowledged) {
    Random random(20240229);
    for (int round = 0; round < 6; ++round) {
        const ScratchFolder folder;
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = start_victim(GetParam(), folder.database(), ends[1]);
        ::close(ends[1]);
        const auto acknowledged = acknowledged_before_kill(child, ends[0], 1 + random.below(3000));
        ::close(ends[0]);
        ASSERT_FALSE(acknowledged.empty());
        const auto found = numbers_in(*open(options_at(folder.database())));
        for (const std::int64_t value : acknowledged) {
            ASSERT_TRUE(found.contains(value)) << value << " of round " << round << " is lost";
        }
    }
}

/// While it exists, this process's files cannot grow beyond `bytes`: writing there fails as on a full disk.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST_P(StoreDurability, AFullDiskRefusesChangesAndTakesNothingBack) {
    if (!GetParam().keeps_local_files) GTEST_SKIP() << "its disk is another machine's";
    std::unique_ptr<Store> store = open();
    std::set<std::int64_t> acknowledged;
    int refusals = 0;
    {
        const FullDisk disk(256 * 1024);
        for (std::int64_t value = 0; refusals < 3; ++value) {
            ASSERT_LT(value, 100'000);
            // Keys that lie far apart, so that each takes a page of its own before long.
            const std::int64_t number = value * 7919 % 100'003 * 1'000'000'007;
            const auto done = write(*store, insert_number(number)).get();
            if (done) {
                acknowledged.insert(number);
            } else {
                ++refusals;
                EXPECT_EQ(done.error().code, ErrorCode::kIo) << done.error().message;
            }
        }
        EXPECT_EQ(numbers_in(*store), acknowledged);
    }
    EXPECT_TRUE(write(*store, insert_number(-1)).get().has_value());
    acknowledged.insert(-1);
    EXPECT_EQ(numbers_in(*store), acknowledged);
    store.reset();
    EXPECT_EQ(numbers_in(*open()), acknowledged);
}

}  // namespace
}  // namespace loadgen::services::store::test
