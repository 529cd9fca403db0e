// What was acknowledged survives SIGKILL and a full disk; what was settled does not come again.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "common/base/random.hpp"
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;

/// A kill_victim.cpp that says numbers through a pipe.
class Victim {
  public:
    Victim(const char* work, const std::string& folder) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::execl(KILL_VICTIM, KILL_VICTIM, work, folder.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        said_ = ends[0];
    }
    ~Victim() { ::close(said_); }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    /// Reads until it has said `enough`, kills it, and reads what it still managed to say.
    std::set<std::int64_t> kill_after(std::size_t enough) {
        std::set<std::int64_t> numbers;
        std::int64_t number = 0;
        bool killed = false;
        while (::read(said_, &number, sizeof number) == static_cast<ssize_t>(sizeof number)) {
            numbers.insert(number);
            if (!killed && numbers.size() >= enough) {
                ::kill(pid_, SIGKILL);
                killed = true;
            }
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "status " << status;
        return numbers;
    }

  private:
    pid_t pid_ = -1;
    int said_ = -1;
};

class Durability : public BusTest {
  protected:
    QueueSettings queue() {
        QueueSettings queue = queue_named("q");
        // Short, for a killed consumer's batch must come again soon; long enough for a starved disk to settle
        // one.
        queue.visibility_timeout = seconds(1);
        queue.max_receives = 1000;
        return queue;
    }
    /// Everything that a new process still finds.
    std::set<std::int64_t> drain() {
        auto bus = open();
        Recorder recorder;
        const auto consumer = consume(*bus, "q", recorder);
        EXPECT_TRUE(eventually([&] {
            const QueueDepth depth = depth_of(*bus, "q");
            return depth.waiting + depth.in_flight == 0;
        }));
        std::set<std::int64_t> numbers;
        for (const std::string& id : recorder.ids()) numbers.insert(std::stoll(id.substr(1)));
        return numbers;
    }
};
INSTANTIATE_BUS_TESTS(Durability);

TEST_P(Durability, AKilledPublisherLosesNothingAcknowledged) {
    declare(*open(), queue());
    Random random(20240229);
    for (int round = 0; round < 4; ++round) {
        Victim victim("publish", folder());
        const auto acknowledged = victim.kill_after(1 + random.below(1500));
        const auto found = drain();
        for (const std::int64_t number : acknowledged) {
            ASSERT_TRUE(found.contains(number)) << "e" << number << " of round " << round << " is lost";
        }
    }
}

TEST_P(Durability, AKilledConsumerLosesNothingAndSettledStaysSettled) {
    constexpr std::size_t kEvents = 600;
    constexpr std::size_t kBatch = 10;
    Random random(7);
    for (int round = 0; round < 4; ++round) {
        {
            auto bus = open();
            declare(*bus, queue());
            publish_numbered(*bus, kEvents);
        }
        Victim victim("consume", folder());
        const auto settled = victim.kill_after(1 + random.below(kEvents / 2));
        const auto found = drain();
        for (const std::int64_t number : settled) {
            ASSERT_FALSE(found.contains(number)) << "e" << number << " comes again, round " << round;
        }
        // A batch can have been settled without the victim having found the time to say so.
        EXPECT_GE(settled.size() + found.size() + kBatch, kEvents);
    }
}

/// No file of this process may grow beyond it, as on a full disk.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        ignored_ = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, ignored_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
    sighandler_t ignored_ = nullptr;
};

TEST_P(Durability, AFullDiskRefusesAndLosesNothing) {
    auto bus = open();
    declare(*bus, queue());
    std::set<std::string> acknowledged;
    std::size_t refused = 0;
    Recorder recorder;
    std::unique_ptr<Consumer> consumer;
    {
        const FullDisk full(256 * 1024);
        for (std::size_t i = 0; i < 2000 && refused < 5; ++i) {
            const std::string id = "e" + std::to_string(i);
            const auto done = publish(*bus, {event(id)});
            if (done) {
                acknowledged.insert(id);
            } else {
                EXPECT_EQ(done.error().code, ErrorCode::kIo) << done.error().message;
                ++refused;
            }
        }
        ASSERT_EQ(refused, 5U);
        consumer = consume(*bus, "q", recorder);  // cannot claim: that needs the disk, too
    }
    ASSERT_TRUE(publish(*bus, {event("after")}).has_value());
    acknowledged.insert("after");
    ASSERT_TRUE(eventually([&] { return bus->counters().settled == acknowledged.size(); }));
    const auto ids = recorder.ids();
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), acknowledged);
}

}  // namespace
}  // namespace loadgen::services::bus
