// Input that may be slow: a pipe from a running attack.
#pragma once

#include <functional>

#include "common/base/time.hpp"
#include "common/runlog/byte_stream.hpp"

namespace loadgen::cli {

/// Does something at a steady pace while other work goes on. A pace of 0 never does.
class Ticker {
  public:
    Ticker(Nanos pace, std::function<void()> action);
    /// Runs the action when it is due.
    void poll();
    /// Milliseconds until the action is due, rounded up; -1 when it never is.
    int milliseconds_left() const;

  private:
    Nanos pace_;
    std::function<void()> action_;
    Instant due_;
};

/// A descriptor whose reads end early, as if the input had ended, when the user interrupts; while it waits it
/// keeps the ticker (may be null) going.
class PatientInput final : public runlog::FdInput {
  public:
    PatientInput(int fd, Ticker* ticker) : FdInput(fd), ticker_(ticker) {}
    Result<std::size_t> read(std::span<char> space) override;

  private:
    Ticker* ticker_;
};

}  // namespace loadgen::cli
