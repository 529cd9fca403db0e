// Works on a bus until it is killed, and says what is certain.
//   publish FOLDER: publishes e0, e1, ... and writes each number once it was acknowledged
//   consume FOLDER: takes batches and writes the numbers of a batch once it is settled on disk
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "services/bus/bus.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::services::bus;

void say(std::int64_t number) {
    if (::write(STDOUT_FILENO, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) std::_Exit(1);
}

void publish_for_ever(Bus& bus) {
    for (std::int64_t number = 0;; number += 3) {
        std::vector<Publication> events;
        for (std::int64_t i = number; i < number + 3; ++i) {
            Publication event;
            event.id = "e" + std::to_string(i);
            event.type = "t.v1";
            event.source = "dev.s";
            event.detail = "{}";
            events.push_back(std::move(event));
        }
        bus.publish(std::move(events), [number](const Result<void>& done) {
            if (!done) std::_Exit(2);
            for (std::int64_t i = number; i < number + 3; ++i) say(i);
        });
        while (bus.counters().published + 30 < static_cast<std::uint64_t>(number)) std::this_thread::yield();
    }
}

void consume_for_ever(Bus& bus) {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::shared_ptr<Batch>> batches;
    auto consumer = bus.consume("q",
                                [&](std::shared_ptr<Batch> batch) {
                                    const std::lock_guard lock(mutex);
                                    batches.push_back(std::move(batch));
                                    changed.notify_one();
                                },
                                {.max_batches = 1});
    if (!consumer) std::_Exit(3);
    for (std::uint64_t settled = 0;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return !batches.empty(); });
        const auto batch = std::move(batches.front());
        batches.pop_front();
        lock.unlock();
        settled += batch->deliveries().size();
        batch->settle({});
        while (bus.counters().settled < settled) std::this_thread::yield();
        for (const Delivery& delivery : batch->deliveries()) say(std::atoll(delivery.id.c_str() + 1));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    auto bus = open_embedded_bus({.folder = argv[2]});
    if (!bus) return 65;
    if (argv[1] == std::string("publish")) publish_for_ever(**bus);
    consume_for_ever(**bus);
}
