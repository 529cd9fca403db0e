// The first user that fails in each way, told to people; the counters have all of them.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/steps/user.hpp"

namespace loadgen::steps {

/// Shared by all threads of a run; each asks it once for each way to fail.
class FirstFailures {
  public:
    static constexpr std::size_t kMost = 20;  ///< ways to fail that are told

    /// Nobody has failed by this code before, and fewer than kMost others are told. Any thread.
    bool add(const std::string& code);

  private:
    std::mutex mutex_;
    std::vector<std::string> codes_;
};

/// "first errors.CODE: scenario NAME, STEP: why". Precondition: the user has failed.
std::string describe_failure(const plan::ScenarioPlan& plan, const User& user);

}  // namespace loadgen::steps
