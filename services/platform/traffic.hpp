// What servers have to do at the moment, in memory that another process may watch, and read once this one is
// gone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "common/base/result.hpp"

namespace loadgen::services::platform {

/// Thread-safe; also between processes that share the memory. Only the owner of the servers writes.
struct Traffic {
    std::atomic<std::uint64_t> connections{0};  ///< open
    std::atomic<std::uint64_t> requests{0};     ///< received whole and handed to a handler
    std::atomic<std::uint64_t> answers{0};      ///< given by the handlers
    std::uint64_t in_flight() const {
        // Read in this order the difference may be too great for an instant, never negative.
        const std::uint64_t answered = answers.load(std::memory_order_acquire);
        return requests.load(std::memory_order_acquire) - answered;
    }
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "shared between processes");

/// A Traffic in a memory file that children inherit.
class SharedTraffic {
  public:
    static Result<std::unique_ptr<SharedTraffic>> create();
    /// Takes over the descriptor of one made by another process.
    static Result<std::unique_ptr<SharedTraffic>> open(int descriptor);
    ~SharedTraffic();
    SharedTraffic(const SharedTraffic&) = delete;
    SharedTraffic& operator=(const SharedTraffic&) = delete;

    Traffic& traffic() { return *traffic_; }
    int descriptor() const { return descriptor_; }

  private:
    SharedTraffic(int descriptor, Traffic* traffic) : descriptor_(descriptor), traffic_(traffic) {}
    int descriptor_;
    Traffic* traffic_;
};

}  // namespace loadgen::services::platform
