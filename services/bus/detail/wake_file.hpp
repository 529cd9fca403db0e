// Wakes the processes that share a bus: a small file in memory, with a futex word and a counter a queue
// (docs/bus.md has the layout). A hint only: what is lost with a process is found by the sweep.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::bus::detail {

/// Maps the file. Thread-safe, but only one thread waits. The memory stays valid while the object lives,
/// provided that nobody shortens the file.
class WakeFile {
  public:
    /// Which sleepers a call is for.
    using Mask = std::uint32_t;

    static Result<std::shared_ptr<WakeFile>> open(const std::string& path);
    ~WakeFile();
    WakeFile(const WakeFile&) = delete;
    WakeFile& operator=(const WakeFile&) = delete;

    /// Counts up with every call below. Read it before looking for work, and pass it to `wait`.
    std::uint32_t generation() const;

    /// Events came into these queues: counts, and wakes who waits for one of them, in any process.
    void announce(std::span<const std::int64_t> queues);
    /// Wakes this object's waiting thread (and a few strangers, who fall asleep again).
    void wake_self();

    /// Counts the announcements of a queue; queues whose ids are 512 apart share a counter.
    std::uint32_t news(std::int64_t queue) const;
    static Mask mask_of(std::int64_t queue);

    /// Sleeps until a wake-up for `mask` or for this object comes, the generation is not `seen` any more, or
    /// `timeout` of the monotonic clock is over. May also return without a reason.
    void wait(std::uint32_t seen, Mask mask, Nanos timeout);

  private:
    struct Layout;
    explicit WakeFile(Layout* layout);
    void wake(Mask mask);

    Layout* layout_;
    const Mask own_bit_;
};

}  // namespace loadgen::services::bus::detail
