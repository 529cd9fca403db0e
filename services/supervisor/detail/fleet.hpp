// All groups of a supervisor.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/supervisor/detail/deploy.hpp"
#include "services/supervisor/supervisor.hpp"

namespace loadgen::services::supervisor::detail {

/// What a whole deploy did.
struct DeployOutcome {
    Result<void> result;
    Nanos refused{0};
    Nanos unavailable{0};
    Nanos took{0};
};

/// Loop thread only.
class Fleet {
  public:
    Fleet(boost::asio::io_context& loop, const telemetry::Logger& logger, const SupervisorOptions& options);

    /// Opens all sockets. A port that is in use is tried for two seconds: the processes of a supervisor that
    /// was killed need a moment to leave it.
    void open(Done done);
    /// Starts everything; the first failure ends it.
    void start(Done done);
    void stop(Done done);
    void kill();

    struct DeployListener {
        std::function<void(const Phase&)> phase;
        std::function<void(const DeployOutcome&)> done;
    };
    /// An error when it cannot begin: another one is under way, or no such service.
    Result<void> deploy(const DeployRequest& request, DeployListener listener);
    bool deploying() const { return deploy_ != nullptr; }

    std::vector<std::unique_ptr<Group>>& groups() { return groups_; }
    Ready listening() const;

  private:
    struct Running;  ///< the deploy under way

    Result<std::vector<Group*>> groups_for(const std::string& service);
    void open_attempt(unsigned attempts_left, Done done);
    void next_group();
    void group_deployed(Result<void> outcome);

    boost::asio::io_context& loop_;
    const telemetry::Logger& logger_;
    const SupervisorOptions& options_;
    boost::asio::steady_timer retry_;
    std::vector<std::unique_ptr<Group>> groups_;
    std::shared_ptr<Running> deploy_;
};

}  // namespace loadgen::services::supervisor::detail
