#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "common/base/random.hpp"
#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using std::chrono::seconds;
using ::testing::AnyOf;

/// What the world does to an execution of kOrderLike, and what must have happened in the end.
struct Story {
    std::string name;
    bool first_answer = false;
    bool second_answer = false;
    bool success = true;
    int failures = 0;  ///< of the step that confirms
    std::string effects;
    std::size_t transactions;  ///< of the engine, when nobody dies
};

void PrintTo(const Story& story, std::ostream* out) {
    *out << story.name;
}

class Killed : public ::testing::TestWithParam<Story> {
  protected:
    std::unique_ptr<Process> process() {
        auto made = std::make_unique<Process>(folder_->database(), clock_);
        define_order_like(made->engine(), [this](Transaction& transaction, const Execution& execution) {
            // A failure is the world's, so it happens once however often the process dies.
            if (execution.attempt <= GetParam().failures) return Result<void>(Error{ErrorCode::kIo, "no"});
            return note(transaction, execution, "confirmed");
        });
        made->open();
        return made;
    }
    static bool waits(Process& service) {
        return !service.column("SELECT 1 FROM workflow_executions WHERE waiting = 1").empty();
    }
    /// Plays the world's part until the execution has ended or the process is dead.
    void play(Process& service) {
        for (int turn = 0; turn < 20 && !service.dead(); ++turn) {
            service.settle();
            if (service.dead()) return;
            if (waits(service)) {
                const bool first = effects_of(service, "order") == "asked";
                if (first ? GetParam().first_answer : GetParam().second_answer) {
                    service.answer(last_token(service, "order"), GetParam().success);
                    service.settle();
                } else {
                    service.pass(kAnswerTime);
                }
            }
            service.pass(seconds(3));
        }
    }
    void begin() {
        folder_ = std::make_unique<ScratchFolder>();
        auto service = process();
        service->die({.at = 1, .moment = Death::Moment::kBeforeCommit});
        ASSERT_TRUE(service->start(kOrderLike, "order"));
        service->settle();
    }
    void expect_the_end(Process& service) {
        EXPECT_EQ(effects_of(service, "order"), GetParam().effects);
        EXPECT_EQ(service.one("SELECT outcome FROM workflow_executions"), "succeeded");
        EXPECT_EQ(service.one("SELECT COUNT(DISTINCT event_id) FROM effects"), "1");
    }

    std::unique_ptr<ScratchFolder> folder_;
    ManualClock clock_;
};

TEST_P(Killed, AtAnyStepItIsContinuedByTheNextProcess) {
    for (const auto moment : {Death::Moment::kBeforeCommit, Death::Moment::kAfterCommit}) {
        for (std::size_t at = 1; at <= GetParam().transactions; ++at) {
            SCOPED_TRACE("killed at " + std::to_string(at));
            begin();
            auto service = process();
            service->die({at, moment});
            play(*service);
            EXPECT_TRUE(service->dead());
            service = process();
            play(*service);
            expect_the_end(*service);
        }
    }
}

TEST_P(Killed, WithOneStepALifeItArrivesToo) {
    begin();
    for (std::size_t life = 0; life < GetParam().transactions; ++life) {
        auto service = process();
        service->die({.at = 1, .moment = Death::Moment::kAfterCommit});
        play(*service);
        EXPECT_TRUE(service->dead()) << "life " << life;
    }
    auto service = process();
    expect_the_end(*service);
}

// Transactions: to ask; to leave a question that timed out; to do a step; to write down that it failed.
INSTANTIATE_TEST_SUITE_P(
    Stories, Killed,
    ::testing::Values(
        Story{.name = "Answered", .first_answer = true, .effects = "asked confirmed", .transactions = 2},
        Story{.name = "Refused",
              .first_answer = true,
              .success = false,
              .effects = "asked no-stock",
              .transactions = 2},
        Story{.name = "AnsweredLate",
              .second_answer = true,
              .effects = "asked asked-again confirmed",
              .transactions = 4},
        Story{.name = "NeverAnswered", .effects = "asked asked-again no-stock", .transactions = 5},
        Story{.name = "ConfirmedAtTheThirdTry",
              .first_answer = true,
              .failures = 2,
              .effects = "asked confirmed",
              .transactions = 4},
        Story{.name = "NeverConfirmed",
              .first_answer = true,
              .failures = 4,
              .effects = "asked failed",
              .transactions = 6}),
    [](const auto& story) { return story.param.name; });

/// A process of the victim.
class Victim {
  public:
    Victim(const std::string& database, std::int64_t first_id) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            const std::string id = std::to_string(first_id);
            ::execl(KILL_VICTIM, KILL_VICTIM, database.c_str(), id.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        acknowledged_ = ends[0];
    }
    ~Victim() {
        ::kill(pid_, SIGKILL);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
        ::close(acknowledged_);
    }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    std::int64_t next_acknowledged() {
        std::int64_t id = 0;
        EXPECT_EQ(::read(acknowledged_, &id, sizeof id), static_cast<ssize_t>(sizeof id));
        return id;
    }

  private:
    pid_t pid_ = -1;
    int acknowledged_ = -1;
};

TEST(KilledForReal, NothingAcknowledgedIsLostAndNothingHappensTwice) {
    constexpr int kLives = 12;
    constexpr std::int64_t kIdsALife = 1'000'000;
    const ScratchFolder folder;
    Random random(entropy_seed());
    std::set<std::string> acknowledged;
    for (int life = 1; life <= kLives; ++life) {
        Victim victim(folder.database(), life * kIdsALife);
        const std::uint64_t many = 5 + random.below(20);
        for (std::uint64_t i = 0; i < many; ++i)
            acknowledged.insert(std::to_string(victim.next_acknowledged()));
    }

    ManualClock clock(system_clock().wall_now().unix_ns);
    clock.advance(std::chrono::hours(1));
    Process last(folder.database(), clock);
    define_order_like(last.engine());
    last.open();
    last.pass(3 * kAnswerTime);
    EXPECT_EQ(last.one("SELECT COUNT(*) FROM workflow_executions WHERE outcome IS NOT 'succeeded'"), "0");
    const auto known = last.column("SELECT id FROM workflow_executions");
    EXPECT_GE(known.size(), acknowledged.size());
    for (const std::string& id : known) {
        EXPECT_THAT(effects_of(last, id),
                    AnyOf("asked confirmed", "asked asked-again no-stock", "asked asked-again confirmed"));
        acknowledged.erase(id);
    }
    EXPECT_TRUE(acknowledged.empty()) << acknowledged.size() << " acknowledged starts are lost";
}

}  // namespace
}  // namespace loadgen::services::runtime::test
