// What virtual users need of the worker that they live on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "loadgen/engine/connections/pool.hpp"
#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/steps/host.hpp"

namespace loadgen::engine {

/// On the worker's thread.
class UserRequests {
  public:
    /// Puts a user's request on its way.
    virtual void send(std::shared_ptr<const CompiledRequest> request, steps::Strand& strand,
                      const steps::Outgoing& options) = 0;
    /// A pool of its own for a user.
    virtual std::unique_ptr<Pool> make_pool(std::uint32_t authority, std::size_t max_connections) = 0;
    /// A pool of one connection that becomes a WebSocket.
    virtual std::unique_ptr<Pool> make_socket_pool(std::uint32_t authority) = 0;

  protected:
    ~UserRequests() = default;
};

}  // namespace loadgen::engine
