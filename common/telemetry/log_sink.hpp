// Where log lines go.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace loadgen::telemetry {

/// Takes whole lines from any thread and must not keep the caller waiting.
class LogSink {
  public:
    virtual ~LogSink() = default;
    /// `line` ends with its newline.
    virtual void write_line(std::string_view line) = 0;
};

/// Writes to a file descriptor from a thread of its own, so that a reader who stops reading never stops a
/// service. When too much is waiting, lines are dropped; how many is said in a line as soon as there is room
/// again.
class DescriptorLogSink final : public LogSink {
  public:
    static constexpr std::size_t kDefaultMaxWaitingBytes = 4 << 20;

    /// `descriptor` stays the caller's and must outlive the sink.
    explicit DescriptorLogSink(int descriptor, std::size_t max_waiting_bytes = kDefaultMaxWaitingBytes);
    /// Writes what is waiting, giving up on a reader who takes nothing for a second.
    ~DescriptorLogSink() override;
    DescriptorLogSink(const DescriptorLogSink&) = delete;
    DescriptorLogSink& operator=(const DescriptorLogSink&) = delete;

    void write_line(std::string_view line) override;

  private:
    void run();
    bool write_all(std::string_view bytes);
    bool wait_until_writable();

    const int descriptor_;
    const std::size_t max_waiting_bytes_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string waiting_;        // guarded by mutex_
    std::uint64_t dropped_ = 0;  // guarded by mutex_
    bool stopping_ = false;      // guarded by mutex_
    std::thread thread_;
};

}  // namespace loadgen::telemetry
