// One hop of the embedded bus: how many events a second go through a queue, and how long one event takes.
//   bench_bus hop [--processes 1|2] [--events N] [--batch N] [--folder DIR]
//   bench_bus latency [--processes 1|2] [--events N] [--folder DIR]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/uuid.hpp"
#include "services/bus/bus.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::services::bus;

struct Options {
    std::string mode;
    int processes = 1;
    std::size_t events = 200'000;
    std::size_t batch = 10;      // events in one publication
    std::size_t under_way = 32;  // publications not answered yet
    std::string folder;
};

constexpr std::string_view kQueue = "Bench-dev";

/// An order event as the services write it: about 800 bytes with its envelope.
std::string detail_of(std::string_view id) {
    return R"({"specversion":"1.0","id":")" + std::string(id) +
           R"(","source":"dev.orders","type":"orders.orderCreated.v1","time":"2025-01-01T10:00:00.123Z",)"
           R"("datacontenttype":"application/json",)"
           R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
           R"("_datadog":{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
           R"("x-datadog-trace-id":"9532127138774266268","x-datadog-parent-id":"13235353014750950193",)"
           R"("x-datadog-sampling-priority":"1","x-datadog-tags":"_dd.p.tid=0af7651916cd43dd"},)"
           R"("data":{"orderNumber":"0d9c1f6e-38a1-4f55-8d6c-3d1b2a0c9f11","userId":"15684379648573481564",)"
           R"("products":["FLAT-WHITE","ESPRESSO"]}})";
}

std::unique_ptr<Bus> open_bus(const Options& options) {
    auto bus = open_embedded_bus({.folder = options.folder});
    if (!bus) {
        std::fprintf(stderr, "%s\n", bus.error().message.c_str());
        std::exit(1);
    }
    return std::move(*bus);
}

void declare(Bus& bus, const Options& options) {
    QueueSettings queue;
    queue.name = kQueue;
    queue.batch_size = options.batch;
    queue.rules.push_back({.types = {"orders.orderCreated.v1"}, .sources = {"dev.orders"}});
    if (const auto done = bus.declare(queue); !done) {
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
        std::exit(1);
    }
}

Publication event() {
    Publication publication;
    publication.id = new_uuid();
    publication.type = "orders.orderCreated.v1";
    publication.source = "dev.orders";
    publication.detail = detail_of(publication.id);
    return publication;
}

/// A bounded number of publications under way, and a wait for all of them.
class Window {
  public:
    explicit Window(std::size_t most) : most_(most) {}
    void enter() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return under_way_ < most_; });
        ++under_way_;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        --under_way_;
        changed_.notify_all();
    }
    void wait_empty() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return under_way_ == 0; });
    }

  private:
    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t under_way_ = 0;
};

void publish_all(Bus& bus, const Options& options) {
    Window window(options.under_way);
    for (std::size_t sent = 0; sent < options.events; sent += options.batch) {
        std::vector<Publication> events;
        for (std::size_t i = 0; i < options.batch; ++i) events.push_back(event());
        window.enter();
        bus.publish(std::move(events), [&window](Result<void> done) {
            if (!done) std::fprintf(stderr, "publish: %s\n", done.error().message.c_str());
            window.leave();
        });
    }
    window.wait_empty();
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
    double total = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        getrusage(who, &usage);
        for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
            total += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        }
    }
    return total;
}

/// Runs `work` on a bus of its own: in a child process, or on a thread with `shared`.
template <typename Work>
int in_child(const Options& options, Work work) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    {
        auto bus = open_bus(options);
        work(*bus);
    }
    std::_Exit(0);
}

void hop(const Options& options) {
    {
        auto bus = open_bus(options);
        declare(*bus, options);
    }
    const pid_t child =
        options.processes == 2 ? in_child(options, [&](Bus& bus) { publish_all(bus, options); }) : 0;
    auto bus = open_bus(options);
    std::atomic<std::uint64_t> batches{0};
    auto consumer = bus->consume(kQueue,
                                 [&](std::shared_ptr<Batch> batch) {
                                     ++batches;
                                     batch->settle({});
                                 },
                                 {.max_batches = 32});
    const auto start = std::chrono::steady_clock::now();
    std::thread publisher;
    double published = 0;
    if (child == 0) {
        publisher = std::thread([&] {
            publish_all(*bus, options);
            published = seconds_since(start);
        });
    }
    while (bus->counters().settled < options.events)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const double all = seconds_since(start);
    if (publisher.joinable()) publisher.join();
    if (child != 0) ::waitpid(child, nullptr, 0);
    const auto events = static_cast<double>(options.events);
    std::printf(
        "%d process(es), publications of %zu: %zu events in %.2f s = %.0f events/s; %.1f per batch; "
        "%.1f us of CPU an event (publishing took %.2f s)\n",
        options.processes, options.batch, options.events, all, events / all,
        events / static_cast<double>(batches.load()), cpu_seconds() * 1e6 / events, published);
}

double percentile(std::vector<double>& sorted, double share) {
    return sorted[std::min(sorted.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

/// One event at a time on an idle machine: from the call of `publish` to the call of the handler.
void latency(const Options& options) {
    {
        auto bus = open_bus(options);
        declare(*bus, options);
    }
    const pid_t child = options.processes == 2
                            ? in_child(options,
                                       [&](Bus& bus) {
                                           Window one(1);
                                           for (std::size_t i = 0; i < options.events; ++i) {
                                               std::this_thread::sleep_for(std::chrono::milliseconds(3));
                                               one.enter();
                                               bus.publish({event()}, [&](Result<void>) { one.leave(); });
                                           }
                                           one.wait_empty();
                                       })
                            : 0;
    auto bus = open_bus(options);
    std::vector<double> ms;
    std::atomic<std::size_t> received{0};
    auto consumer = bus->consume(kQueue, [&](std::shared_ptr<Batch> batch) {
        const std::int64_t now = system_clock().wall_now().unix_ns;
        for (const Delivery& delivery : batch->deliveries()) {
            ms.push_back(static_cast<double>(now - delivery.enqueued.unix_ns) / 1e6);
        }
        batch->settle({});
        received += batch->deliveries().size();
    });
    for (std::size_t i = 0; i < options.events; ++i) {
        if (child == 0) bus->publish({event()}, [](Result<void>) {});
        while (received.load() <= i) std::this_thread::sleep_for(std::chrono::microseconds(500));
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    if (child != 0) ::waitpid(child, nullptr, 0);
    std::sort(ms.begin(), ms.end());
    std::printf("%d process(es): publish to handler p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms\n",
                options.processes, percentile(ms, 0.5), percentile(ms, 0.9), percentile(ms, 0.99), ms.back());
}

Options read_options(int argc, char** argv) {
    Options options;
    options.mode = argc > 1 ? argv[1] : "hop";
    if (options.mode == "latency") options.events = 1000;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--processes") options.processes = std::atoi(argv[i + 1]);
        if (name == "--events") options.events = static_cast<std::size_t>(std::atoll(argv[i + 1]));
        if (name == "--batch") options.batch = static_cast<std::size_t>(std::atoll(argv[i + 1]));
        if (name == "--folder") options.folder = argv[i + 1];
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    Options options = read_options(argc, argv);
    const std::filesystem::path parent = options.folder.empty() ? std::filesystem::temp_directory_path()
                                                                : std::filesystem::path(options.folder);
    std::string pattern = (parent / "bench-bus-XXXXXX").string();
    options.folder = ::mkdtemp(pattern.data());
    if (options.mode == "latency") {
        latency(options);
    } else {
        hop(options);
    }
    std::filesystem::remove_all(options.folder);
    return 0;
}
