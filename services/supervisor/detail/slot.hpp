// A place for one instance: filled, refilled when what is there dies, handed on in a deploy.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/supervisor/detail/instance.hpp"

namespace loadgen::services::supervisor::detail {

using Done = std::function<void(Result<void>)>;

/// What slots are told by their group.
struct SlotRules {
    /// Starts a process of a version.
    std::function<Result<std::shared_ptr<Instance>>(const std::string& version)> start;
    Nanos start_limit;  ///< from the start of a process to its ready line
    Nanos leave_limit;  ///< from SIGTERM to its end
};

/// Loop thread only. One operation at a time; each `done` is called once, from the loop or from the call.
class Slot {
  public:
    Slot(boost::asio::io_context& loop, const telemetry::Logger& logger, const SlotRules& rules)
        : logger_(logger), rules_(rules), restart_(loop) {}

    /// Starts a process of `version`; when it is ready it is the one that waits for its promotion.
    void prepare(const std::string& version, Done done);
    /// Makes the prepared one the current one. What was there stays until `retire`.
    void promote();
    /// Lets what was current before the last promotion drain and go.
    void retire(Done done);
    /// The current one leaves (or is killed), and nothing takes its place.
    void clear(bool kill, Done done);
    /// Everything leaves; running operations are forgotten, their `done` is not called.
    void stop_all(Done done);
    void kill_all();

    /// The one that serves, or null. `previous`: the one that `retire` is for.
    const std::shared_ptr<Instance>& current() const { return current_; }
    const std::shared_ptr<Instance>& prepared() const { return prepared_; }
    const std::shared_ptr<Instance>& previous() const { return previous_; }
    unsigned restarts() const { return restarts_; }
    /// Instances that are not gone, the current one first.
    std::vector<std::shared_ptr<Instance>> instances() const;
    /// Tries again to have a process of `version` here; for a deploy that has to go on without one.
    void keep_trying(const std::string& version);

  private:
    void launch(const std::string& version, Done done);
    void let_go(std::shared_ptr<Instance> instance, bool kill, Done done);
    void watch_current();
    void current_died();
    void restart(const std::string& version);

    const telemetry::Logger& logger_;
    const SlotRules& rules_;
    boost::asio::steady_timer restart_;
    std::shared_ptr<Instance> current_;
    std::shared_ptr<Instance> prepared_;  // starting, or ready and not promoted
    std::shared_ptr<Instance> previous_;
    std::vector<std::shared_ptr<Instance>> stopping_;  // after stop_all
    unsigned restarts_ = 0;
    unsigned failures_ = 0;  // in a row; decides the back-off
};

}  // namespace loadgen::services::supervisor::detail
