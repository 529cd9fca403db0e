#include "loadgen/cli/run/scenario_dry_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "common/base/duration_text.hpp"
#include "loadgen/cli/run/dry_user.hpp"
#include "loadgen/engine/exchanges/trace_mint.hpp"

namespace loadgen::cli {
namespace {

// Behind the users that are shown, when those still wait for their turns.
constexpr std::uint64_t kMostUnseenArrivals = 300'000;
constexpr std::size_t kMostUnseen = 200;  // at a time; without the rest turns may come a little sooner

class DryRun {
  public:
    DryRun(const plan::ScenarioPlan& plan, const pacing::Load& load, std::uint64_t limit, bool traceparent)
        : plan_(plan), load_(load), limit_(limit), mint_(plan.seed, 0, 0), traceparent_(traceparent) {}

    std::string text() {
        out_ = "# -seed " + std::to_string(plan_.seed) + "\n";
        for (std::size_t index = 0; index < load_.phases.size(); ++index) print_phase(index);
        if (traceparent_) out_ += "# -traceparent: these ids are examples, a run makes new ones\n";
        if (plan_.before) once(*plan_.before, "before, once");
        arrivals();
        for (const std::string& text : texts_) out_ += text;
        if (more_) out_ += "# cut at the limit of " + std::to_string(limit_) + " (-dry-run-limit)\n";
        if (plan_.after) once(*plan_.after, "after, once");
        return std::move(out_);
    }

  private:
    /// Somebody whose journey is not over.
    struct Present {
        std::unique_ptr<DryUser> user;
        bool unseen = false;  // beyond the limit: only takes turns
    };

    bool per_request(std::size_t phase) const {
        return phase < plan_.phases.size() && plan_.phases[phase].per_request;
    }
    std::string rate_at(Nanos offset) const {
        char text[32];
        std::snprintf(text, sizeof text, "%.10g",
                      std::round(load_.schedule->rate_at(offset) * 1'000) / 1'000);
        return text;
    }

    void print_phase(std::size_t index) {
        const pacing::PhaseInfo& phase = load_.phases[index];
        out_ += "# phase " + phase.label + ": " + display_duration(phase.start);
        out_ += phase.end ? " to " + display_duration(*phase.end) : " on";
        const std::string first = rate_at(phase.start + Nanos(1));
        const std::string last = phase.end ? rate_at(*phase.end - Nanos(1)) : first;
        out_ += ", " + first + (first == last ? "" : " to " + last);
        out_ += per_request(index) ? " requests/s" : " users/s";
        out_ += phase.warm_up ? ", warm-up\n" : "\n";
    }

    /// As a run has it: one user, whose variables the others begin with.
    void once(const plan::Journey& journey, const std::string& heading) {
        plan::ScenarioPlan alone(plan_);
        alone.journeys = {journey};
        alone.journeys.front().name = "one user";
        alone.phases.clear();
        alone.keeps_values = true;
        alone.segment = {};
        steps::UserCounts counts;
        out_ += heading;
        DryUser user(out_, alone, load_, counts, mint());
        user.arrive(0, Instant());
        user.run_until(Instant::max());
        if (!user.values().empty()) plan_.initial = user.values();
    }

    void arrivals() {
        // Then users matter to each other: they take turns, or leave no room.
        const bool together = std::any_of(plan_.phases.begin(), plan_.phases.end(), [](const auto& phase) {
            return phase.per_request || phase.max_users != 0;
        });
        const auto schedule = load_.schedule->clone();
        for (std::uint64_t number = 0;; ++number) {
            const auto offset = schedule->next();
            if (!offset) break;
            const Instant due = Instant() + *offset;
            advance(due);
            const bool all_shown = texts_.size() >= limit_;
            if (all_shown && (!together || present_.size() == unseen_)) {
                more_ = true;
                break;
            }
            if (number >= limit_ + kMostUnseenArrivals) {
                texts_.emplace_back("# cut at " + dry_seconds(*offset) + ": too many arrivals by then\n");
                return;
            }
            if (!give_turn(number, *offset)) arrive(number, *offset, all_shown);
            if (counts_.out_of_data) break;
            if (!together) {
                advance(Instant::max());
                counts_.active = 0;  // one after the other
            }
        }
        advance(Instant::max());
    }

    void advance(Instant limit) {
        for (const Present& one : present_) one.user->run_until(limit);
        std::erase_if(present_, [this](const Present& one) {
            const bool over = one.user->over();
            if (over && one.unseen) --unseen_;
            return over;
        });
        scratch_.clear();
    }

    /// To who has waited longest.
    bool give_turn(std::uint64_t number, Nanos offset) {
        const auto phase = load_.phase_index_at(offset);
        if (!phase || !per_request(*phase)) return false;
        DryUser* first = nullptr;
        for (const Present& one : present_) {
            const auto since = one.user->waiting_since();
            if (since && (first == nullptr || *since < *first->waiting_since())) first = one.user.get();
        }
        if (first != nullptr) first->arrive(number, Instant() + offset);
        return first != nullptr;
    }

    void arrive(std::uint64_t number, Nanos offset, bool unseen) {
        more_ = more_ || unseen;
        if (unseen && unseen_ == kMostUnseen) return;
        std::string& out = unseen ? scratch_ : texts_.emplace_back();
        const pacing::PhaseInfo* phase = load_.phase_at(offset);
        out += "user " + std::to_string(plan_.segment.in_whole(number)) + " at " + dry_seconds(offset);
        if (phase != nullptr) out += ", phase " + phase->label;
        auto user = std::make_unique<DryUser>(out, plan_, load_, counts_, unseen ? nullptr : mint());
        user->arrive(number, Instant() + offset);
        if (counts_.out_of_data) {
            out = "# no further arrivals: all rows of the data have been dealt out\n";
        } else if (!user->came()) {
            out += ": skipped, there are maxVusers\n";
        }
        unseen_ += unseen ? 1U : 0U;
        present_.push_back({std::move(user), unseen});
    }

    engine::TraceMint* mint() { return traceparent_ ? &mint_ : nullptr; }

    plan::ScenarioPlan plan_;  // with what `before` leaves
    const pacing::Load& load_;
    std::uint64_t limit_;
    engine::TraceMint mint_;
    bool traceparent_;
    std::string out_;
    steps::UserCounts counts_;
    std::deque<std::string> texts_;  // of the users that are shown
    std::string scratch_;            // of the others
    std::vector<Present> present_;   // in the order of arrival
    std::size_t unseen_ = 0;         // of them
    bool more_ = false;
};

}  // namespace

std::string scenario_dry_run(const plan::ScenarioPlan& plan, const pacing::Load& load, std::uint64_t limit,
                             bool traceparent) {
    return DryRun(plan, load, limit, traceparent).text();
}

}  // namespace loadgen::cli
