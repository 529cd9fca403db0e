// Accepts connections and deals them out to the workers in turn.
#pragma once

#include <memory>
#include <vector>

#include "common/base/result.hpp"
#include "common/io/address.hpp"
#include "services/platform/detail/worker.hpp"

namespace loadgen::services::platform::detail {

/// Runs on the first worker's loop: one queue of pending connections, so that draining can empty it before it
/// closes the port. Loop thread only, except `open` before the threads start.
class Listener {
  public:
    static Result<std::unique_ptr<Listener>> open(Shared& shared, std::vector<Worker*> workers);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    io::Address address() const;
    void start();
    /// Accepts what the system has queued, then closes the port.
    void drain();

  private:
    struct Native;
    Listener(Shared& shared, std::vector<Worker*> workers, std::unique_ptr<Native> native);

    void accept_next();
    void pause();
    void deal(int socket);

    Shared& shared_;
    std::vector<Worker*> workers_;
    std::size_t next_ = 0;
    std::unique_ptr<Native> native_;
};

}  // namespace loadgen::services::platform::detail
