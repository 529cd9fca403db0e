// All virtual users of one thread: they arrive, run their journeys step by step, and leave.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "loadgen/pacing/load.hpp"
#include "loadgen/steps/calls.hpp"
#include "loadgen/steps/first_failures.hpp"
#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"
#include "loadgen/steps/streams/event_intake.hpp"

namespace loadgen::steps {

/// What the threads of a run share about users.
struct UserCounts {
    std::atomic<std::int64_t> active{0};
    std::atomic<std::uint64_t> created{0};
    std::atomic<std::uint64_t> completed{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> rows{0};    ///< of unique data dealt out, where arrivals may not become users
    std::atomic<bool> out_of_data{false};  ///< unique rows ran out and the policy says stop, or fail
    FirstFailures first_failures;
};

/// Belongs to the thread of its host, like everything in here.
class Users {
  public:
    /// `processor` may be null when the plan has no functions.
    Users(const plan::ScenarioPlan& plan, const pacing::Load& load, Host& host, UserCounts& counts,
          scripting::Processor* processor);
    ~Users();

    void begin(Instant start);
    /// A dry run: captures give the names of their variables, nothing is expected, functions are passed over.
    /// `arrived` is told of each user's journey.
    void pretend(std::function<void(const plan::Journey&)> arrived);
    /// The arrival with this number (from 0, over all threads of this machine) is due.
    void arrive(std::uint64_t number, Instant due);
    /// Takes the answer, and whatever comes next. False: it failed, as Stage::answer_failed says.
    bool on_answer(Strand& strand, const Answer& answer);
    /// A piece of the body of an event stream on its way; `fault` says why when it is broken.
    Intake on_events(Strand& strand, std::uint16_t status, const http::Headers& headers,
                     std::string_view bytes, std::string& fault);
    /// A WebSocket message came when nobody waited for one.
    void on_unasked_message() { stage_.meter.message_dropped(stage_.host.now()); }
    /// A Set-Cookie field of an answer on its way.
    void on_cookie(Strand& strand, const http::Url& url, std::string_view value);
    /// The Cookie field for another request of the same exchange (a redirect); empty when there is none.
    std::string cookies_for(Strand& strand, const http::Url& url) const;
    /// Host::wake_at has come.
    void on_due();
    /// No further steps: who thinks leaves, who waits for an answer leaves with it.
    void stop();
    bool idle() const { return active_ == 0; }
    std::size_t active() const { return active_; }
    /// Somebody waits for a due instant of a per-request phase.
    bool awaits_turn() const { return !tokenless_.empty(); }
    /// Ran to the end of the journey of the only user: what its variables were (before, after).
    const std::vector<text::Value>& last_values() const { return last_values_; }
    const stats::MetricBook& book() const { return stage_.meter.book(); }

  private:
    User& create(std::uint64_t number, const plan::Journey& journey, Instant due);
    std::uint64_t unique_row(const User& user);
    bool set_variables(User& user);
    const plan::Journey& pick_journey(Random& random) const;
    const plan::ScenarioPhase* phase_at(Instant due) const;
    bool give_token(Instant due);
    bool deals_requests(const Strand& strand) const;
    Next take(Strand& strand, const Answer& answer);
    void release_waiting();
    void resume(Strand& strand);
    void run_ready();
    void run(Strand& strand);
    Next step(Strand& strand);
    void settle(User& user);
    void end(User& user);
    void tell_failure(const User& user);
    void wake();
    Instant end_of_dealing() const;

    Stage stage_;
    const pacing::Load& load_;
    UserCounts& counts_;
    std::unique_ptr<Calls> calls_;
    BodyTools tools_;
    User* first_ = nullptr;  // of all
    std::size_t active_ = 0;
    double weights_ = 0;
    bool running_ = false;
    Instant start_;
    std::vector<std::string> known_failures_;  ///< that need not be asked about
    std::vector<Strand*> tokenless_;           // wait for a due instant of a per-request phase, longest first
    std::vector<std::unique_ptr<User>> gone_;
    std::vector<text::Value> last_values_;
    std::function<void(const plan::Journey&)> arrived_;  // of a dry run
};

}  // namespace loadgen::steps
