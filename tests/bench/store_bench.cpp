// The embedded store: durable changes and point reads a second, and what open stores cost that nobody uses.
//   bench_store changes [--writers N] [--seconds S] [--folder DIR]   an order row and an outbox row each
//   bench_store reads [--seconds S] [--folder DIR]
//   bench_store idle [--stores N] [--seconds S] [--folder DIR]       memory, threads, wake-ups
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "common/base/random.hpp"
#include "services/store/query.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::services::store;
using Clock = std::chrono::steady_clock;

struct Options {
    std::string mode;
    int writers = 64;
    int stores = 14;
    double seconds = 3;
    std::filesystem::path folder;
};

constexpr std::int64_t kRows = 100'000;
const std::array<std::string_view, 1> kTables = {
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL) STRICT;"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;"};

std::unique_ptr<Store> open(const std::filesystem::path& path) {
    StoreOptions options;
    options.path = path.string();
    auto store = open_sqlite_store(options, kTables);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        std::exit(1);
    }
    return std::move(*store);
}

Store::Change add_order(const std::string& body) {
    return [&body](Statements& tables) {
        auto done = tables.run("INSERT INTO orders (body, version) VALUES (?, 1)", params(body));
        return done ? tables.run("INSERT INTO outbox (body) VALUES (?)", params(body)) : done;
    };
}

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Each of the writers has one change under way.
void measure_changes(const Options& options) {
    const auto store = open(options.folder / "changes.db");
    const std::string body(300, 'x');
    std::counting_semaphore<4096> free_writers(options.writers);
    std::atomic<std::uint64_t> durable{0};
    const auto start = Clock::now();
    while (since(start) < options.seconds) {
        free_writers.acquire();
        store->write(add_order(body), [&](Result<void> done) {
            if (done) ++durable;
            free_writers.release();
        });
    }
    for (int i = 0; i < options.writers; ++i) free_writers.acquire();
    const double seconds = since(start);
    const StoreCounters counters = store->counters();
    std::printf("%d writers: %.0f durable changes/s, %.1f a commit\n", options.writers,
                static_cast<double>(durable) / seconds,
                static_cast<double>(counters.changes) / static_cast<double>(counters.commits));
}

void measure_reads(const Options& options) {
    const auto store = open(options.folder / "reads.db");
    const std::string body(300, 'x');
    std::latch filled(1);
    store->write(
        [&](Statements& tables) {
            return tables.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " INSERT INTO orders SELECT i, ?, 1 FROM n",
                params(kRows, body));
        },
        [&](const Result<void>&) { filled.count_down(); });
    filled.wait();
    auto reader = std::move(*store->open_reader());
    Random random(1);
    std::uint64_t reads = 0;
    std::size_t bytes = 0;
    const auto start = Clock::now();
    while (since(start) < options.seconds) {
        for (int i = 0; i < 100; ++i, ++reads) {
            const auto id = static_cast<std::int64_t>(1 + random.below(kRows));
            auto found = find_one(*reader, "SELECT body, version FROM orders WHERE id = ?", params(id),
                                  [](const Row& row) { return std::string(row.text(0)); });
            bytes += found.value().value().size();
        }
    }
    const double seconds = since(start);
    std::printf("point reads: %.0f/s, one thread, %lld rows of %zu bytes\n",
                static_cast<double>(reads) / seconds, static_cast<long long>(kRows), bytes / reads);
}

/// A figure of a status file of /proc.
long status_of(const std::filesystem::path& file, const std::string& key) {
    std::ifstream status(file);
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(key + ":")) return std::strtol(line.c_str() + key.size() + 1, nullptr, 10);
    }
    return 0;
}

long wakeups() {
    long switches = 0;
    const auto self = std::to_string(::gettid());
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        if (task.path().filename() != self)
            switches += status_of(task.path() / "status", "voluntary_ctxt_switches");
    }
    return switches;
}

void measure_idle(const Options& options) {
    const long before = status_of("/proc/self/status", "VmRSS");
    std::vector<std::unique_ptr<Store>> stores;
    std::vector<std::unique_ptr<Statements>> readers;
    const std::string body(300, 'x');
    for (int i = 0; i < options.stores; ++i) {
        stores.push_back(open(options.folder / ("idle" + std::to_string(i) + ".db")));
        readers.push_back(std::move(*stores.back()->open_reader()));
        std::latch written(1);
        stores.back()->write(add_order(body), [&](const Result<void>&) { written.count_down(); });
        written.wait();
        static_cast<void>(find_one(*readers.back(), "SELECT count(*) FROM orders", {},
                                   [](const Row& row) { return row.integer(0); }));
    }
    // The first timeout after the last change still wakes the watchdogs; behind it nothing may.
    std::this_thread::sleep_for(std::chrono::seconds(6));
    const long settled = wakeups();
    std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
    std::printf(
        "%d idle stores with a reader each: %ld KiB resident (%ld before), %ld threads, %ld wake-ups in %.0f "
        "s\n",
        options.stores, status_of("/proc/self/status", "VmRSS"), before,
        status_of("/proc/self/status", "Threads"), wakeups() - settled, options.seconds);
}

Options parse(int argc, char** argv) {
    Options options;
    options.mode = argc > 1 ? argv[1] : "";
    options.folder = std::filesystem::temp_directory_path();
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--writers") options.writers = std::atoi(argv[i + 1]);
        if (name == "--stores") options.stores = std::atoi(argv[i + 1]);
        if (name == "--seconds") options.seconds = std::atof(argv[i + 1]);
        if (name == "--folder") options.folder = argv[i + 1];
    }
    // A folder of its own, because it is removed at the end.
    options.folder /= "bench-store-" + std::to_string(::getpid());
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    std::filesystem::create_directories(options.folder);
    if (options.mode == "changes") {
        measure_changes(options);
    } else if (options.mode == "reads") {
        measure_reads(options);
    } else if (options.mode == "idle") {
        measure_idle(options);
    } else {
        std::fprintf(stderr, "modes: changes, reads, idle\n");
    }
    std::filesystem::remove_all(options.folder);
}
