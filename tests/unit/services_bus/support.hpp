// What the tests of the bus share: engines to run them against, a consumer that remembers, and waiting.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/bus/bus.hpp"

namespace loadgen::services::bus::test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Generous: only a broken bus reaches it. No longer than the visibility timeout of most tests, so that a bus
/// that lets events go out of sight does not pass.
inline constexpr Nanos kPatience = seconds(30);

class ScratchFolder {
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

/// The machine's clocks, with a wall clock that can be set.
class SteppedClock final : public Clock {
  public:
    Instant now() const override { return system_clock().now(); }
    WallTime wall_now() const override { return {system_clock().wall_now().unix_ns + offset_ns_.load()}; }
    void step(Nanos by) { offset_ns_ += by.count(); }

  private:
    std::atomic<std::int64_t> offset_ns_{0};
};

/// How an engine opens a bus that shares its events with every other one opened on the same folder.
struct Engine {
    const char* name;
    std::function<Result<std::unique_ptr<Bus>>(const std::string& folder, Nanos sweep, const Clock& clock)>
        open;
};
std::vector<Engine> engines();

/// Base of the contract tests: they see the interface only.
class BusTest : public testing::TestWithParam<Engine> {
  protected:
    std::unique_ptr<Bus> open(Nanos sweep = milliseconds(20));
    const std::string folder() const { return folder_.path(); }

    SteppedClock clock_;

  private:
    ScratchFolder folder_;
};

#define INSTANTIATE_BUS_TESTS(suite)                                             \
    INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::ValuesIn(test::engines()), \
                             [](const auto& engine) { return engine.param.name; })

Publication event(std::string id, std::string type = "t.v1", std::string source = "dev.s");
/// Wants events of "t.v1" from anybody.
QueueSettings queue_named(std::string name);
void declare(Bus& bus, const QueueSettings& queue);
/// Publishes and waits for the answer.
Result<void> publish(Bus& bus, std::vector<Publication> events);
/// e0, e1, ... in one call.
void publish_numbered(Bus& bus, std::size_t count, std::size_t first = 0);
QueueDepth depth_of(Bus& bus, const std::string& queue);

/// Asks again and again until it is true; false when patience runs out.
bool eventually(const std::function<bool()>& condition);

/// Remembers what was delivered. Settles as told, on the bus's thread, or keeps the batches.
class Recorder {
  public:
    enum class Mode { kSettle, kKeep, kFail, kDrop };
    explicit Recorder(Mode mode = Mode::kSettle, Nanos retry_after = {}) : mode_(mode), retry_(retry_after) {}

    BatchHandler handler();
    void set_mode(Mode mode);
    /// Waits until so many events were delivered.
    bool wait_for(std::size_t events);
    std::vector<Delivery> deliveries();
    std::vector<std::string> ids();
    std::vector<std::size_t> batch_sizes();
    /// The batch that was kept first; it is the caller's from here on.
    std::shared_ptr<Batch> take_kept();
    std::size_t kept();

  private:
    void take(std::shared_ptr<Batch> batch);

    std::mutex mutex_;
    std::condition_variable changed_;
    Mode mode_;
    const Nanos retry_;
    std::vector<Delivery> deliveries_;
    std::vector<std::size_t> batch_sizes_;
    std::deque<std::shared_ptr<Batch>> kept_;
};

/// Starts a consumer or fails the test.
std::unique_ptr<Consumer> consume(Bus& bus, std::string_view queue, Recorder& recorder,
                                  std::size_t max_batches = 8);

}  // namespace loadgen::services::bus::test
