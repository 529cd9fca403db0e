#include "tests/unit/services_bus/support.hpp"

#include <cstdlib>
#include <future>
#include <thread>

namespace loadgen::services::bus::test {

ScratchFolder::ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "loadgen-bus-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<Engine> engines() {
    return {{"Embedded", [](const std::string& folder, Nanos sweep, const Clock& clock) {
                 return open_embedded_bus(
                     {.folder = folder, .sweep = sweep, .answer_within = kPatience, .clock = &clock});
             }}};
}

std::unique_ptr<Bus> BusTest::open(Nanos sweep) {
    auto bus = GetParam().open(folder(), sweep, clock_);
    EXPECT_TRUE(bus.has_value()) << bus.error().message;
    return bus ? std::move(*bus) : nullptr;
}

Publication event(std::string id, std::string type, std::string source) {
    Publication publication;
    publication.detail = "{\"id\":\"" + id + "\"}";
    publication.id = std::move(id);
    publication.type = std::move(type);
    publication.source = std::move(source);
    return publication;
}

QueueSettings queue_named(std::string name) {
    QueueSettings queue;
    queue.name = std::move(name);
    queue.rules.push_back({.types = {"t.v1"}, .sources = {}});
    return queue;
}

void declare(Bus& bus, const QueueSettings& queue) {
    const auto done = bus.declare(queue);
    ASSERT_TRUE(done.has_value()) << done.error().message;
}

Result<void> publish(Bus& bus, std::vector<Publication> events) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto answer = promise->get_future();
    bus.publish(std::move(events), [promise](Result<void> done) { promise->set_value(std::move(done)); });
    return answer.get();
}

void publish_numbered(Bus& bus, std::size_t count, std::size_t first) {
    std::vector<Publication> events;
    for (std::size_t i = first; i < first + count; ++i) events.push_back(event("e" + std::to_string(i)));
    const auto done = publish(bus, std::move(events));
    ASSERT_TRUE(done.has_value()) << done.error().message;
}

QueueDepth depth_of(Bus& bus, const std::string& queue) {
    const auto depths = bus.depths();
    EXPECT_TRUE(depths.has_value()) << depths.error().message;
    if (depths) {
        for (const QueueDepth& depth : *depths) {
            if (depth.queue == queue) return depth;
        }
    }
    ADD_FAILURE() << "no queue " << queue;
    return {};
}

bool eventually(const std::function<bool()>& condition) {
    const Instant end = system_clock().now() + kPatience;
    while (!condition()) {
        if (system_clock().now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

BatchHandler Recorder::handler() {
    return [this](std::shared_ptr<Batch> batch) { take(std::move(batch)); };
}

void Recorder::set_mode(Mode mode) {
    const std::lock_guard lock(mutex_);
    mode_ = mode;
}

void Recorder::take(std::shared_ptr<Batch> batch) {
    const std::lock_guard lock(mutex_);
    const auto deliveries = batch->deliveries();
    deliveries_.insert(deliveries_.end(), deliveries.begin(), deliveries.end());
    batch_sizes_.push_back(deliveries.size());
    std::vector<std::size_t> all(deliveries.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    if (mode_ == Mode::kSettle) batch->settle({});
    if (mode_ == Mode::kFail) batch->settle(all, retry_);
    if (mode_ == Mode::kKeep) kept_.push_back(std::move(batch));
    changed_.notify_all();
}

bool Recorder::wait_for(std::size_t events) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return deliveries_.size() >= events; });
}

std::vector<Delivery> Recorder::deliveries() {
    const std::lock_guard lock(mutex_);
    return deliveries_;
}

std::vector<std::string> Recorder::ids() {
    std::vector<std::string> ids;
    for (const Delivery& delivery : deliveries()) ids.push_back(delivery.id);
    return ids;
}

std::vector<std::size_t> Recorder::batch_sizes() {
    const std::lock_guard lock(mutex_);
    return batch_sizes_;
}

std::shared_ptr<Batch> Recorder::take_kept() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return nullptr;
    auto batch = std::move(kept_.front());
    kept_.pop_front();
    return batch;
}

std::size_t Recorder::kept() {
    const std::lock_guard lock(mutex_);
    return kept_.size();
}

std::unique_ptr<Consumer> consume(Bus& bus, std::string_view queue, Recorder& recorder,
                                  std::size_t max_batches) {
    auto consumer = bus.consume(queue, recorder.handler(), {.max_batches = max_batches});
    EXPECT_TRUE(consumer.has_value()) << consumer.error().message;
    return consumer ? std::move(*consumer) : nullptr;
}

}  // namespace loadgen::services::bus::test
