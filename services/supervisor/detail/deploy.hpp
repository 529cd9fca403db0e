// Replaces the instances of a group, in the order that a strategy says.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "services/supervisor/detail/group.hpp"
#include "services/supervisor/protocol.hpp"

namespace loadgen::services::supervisor::detail {

/// A step of a deploy that is over.
struct Phase {
    std::string_view name;  ///< "start", "drain", "kill", "open"
    std::string group;
    pid_t pid = 0;  ///< of the instance; 0 when the step is about none
    std::string version;
    Nanos took{0};
};

/// One group's part of a deploy. Loop thread only. Ends by itself; when the supervisor stops meanwhile it is
/// destroyed, and says nothing.
class Deploy {
  public:
    struct Listener {
        std::function<void(const Phase&)> phase;
        Done done;
    };
    /// `instances` 0: as many as there are.
    Deploy(boost::asio::io_context& loop, Group& group, const DeployRequest& request, Listener listener);
    void begin();
    /// How long clients were refused, and how long nobody answered them; 0 for rolling.
    Nanos refused() const { return refused_; }
    Nanos unavailable() const { return unavailable_; }

  private:
    void roll(std::size_t index);
    void roll_on(std::size_t index, Instant began);
    void replace_all(bool kill);
    void open_again(Instant began, unsigned attempts_left);
    void start_all();
    void started(std::size_t index, Instant began, Result<void> outcome);
    void finish(Result<void> outcome);
    void tell(std::string_view name, const Instance* instance, Instant began);
    Instant now() const { return system_clock().now(); }

    Group& group_;
    const DeployRequest request_;
    Listener listener_;
    boost::asio::steady_timer retry_;
    std::size_t wanted_;
    std::size_t missing_ = 0;  // slots that have not come to their end yet
    bool any_ready_ = false;
    Result<void> outcome_;
    Instant closed_at_;
    Nanos refused_{0};
    Nanos unavailable_{0};
};

}  // namespace loadgen::services::supervisor::detail
