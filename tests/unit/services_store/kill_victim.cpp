// Writes numbers through a store as fast as it can and prints each, as eight raw bytes, when it is
// acknowledged. The contract tests kill it. Arguments: engine, database.
#include <unistd.h>

#include <atomic>

#include "tests/unit/services_store/engines.hpp"
#include "tests/unit/services_store/scratch.hpp"

int main(int argc, char** argv) {
    using namespace loadgen::services::store;
    const test::Engine* engine = argc == 3 ? test::engine_named(argv[1]) : nullptr;
    if (engine == nullptr) return 2;
    StoreOptions options = test::options_at(argv[2]);
    options.checkpoint_pages = 50;
    auto store = engine->open(options, test::kNumbersTable);
    if (!store) return 1;
    std::atomic<int> open_changes{0};
    for (std::int64_t value = 0;; ++value) {
        while (open_changes >= 64) open_changes.wait(64);
        ++open_changes;
        (*store)->write(test::insert_number(value), [value, &open_changes](loadgen::Result<void> result) {
            // Pipe writes this small are whole or not at all.
            if (result && ::write(STDOUT_FILENO, &value, sizeof value) != sizeof value) ::_exit(3);
            --open_changes;
            open_changes.notify_one();
        });
    }
}
