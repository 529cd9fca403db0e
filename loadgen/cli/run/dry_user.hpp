// One user of a dry run: what it would send, and when.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/text/value.hpp"
#include "loadgen/engine/exchanges/trace_mint.hpp"
#include "loadgen/pacing/load.hpp"
#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/steps/users.hpp"

namespace loadgen::cli {

/// "1.500000 s"
std::string dry_seconds(Nanos offset);

/// One arrival, with a time of its own; it begins at Instant(). Borrows what it is given.
class DryUser {
  public:
    /// What it does is added to `out`. `mint` may be null: requests carry no traceparent but the script's.
    DryUser(std::string& out, const plan::ScenarioPlan& plan, const pacing::Load& load,
            steps::UserCounts& counts, engine::TraceMint* mint);
    ~DryUser();
    DryUser(const DryUser&) = delete;
    DryUser& operator=(const DryUser&) = delete;

    /// Its arrival, or a due instant of a per-request phase for whoever waits for it.
    void arrive(std::uint64_t number, Instant due);
    /// Lets what is due by then happen.
    void run_until(Instant limit);
    bool over() const;
    /// Its arrival made a user.
    bool came() const { return came_; }
    /// Its variables, when it came to its end and the plan keeps them.
    const std::vector<text::Value>& values() const;
    /// Since when it waits for a due instant of a per-request phase; none when it does not.
    std::optional<Instant> waiting_since() const;

  private:
    class Host;

    bool came_ = false;
    std::unique_ptr<Host> host_;
    std::unique_ptr<steps::Users> users_;
    std::optional<Instant> waiting_since_;
};

}  // namespace loadgen::cli
