// What the store's tests share: a folder of their own and a table of integers.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <set>
#include <string>

#include "services/store/store.hpp"

namespace loadgen::services::store::test {

class ScratchFolder {
  public:
    ScratchFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "loadgen-store-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::string database() const { return (path_ / "test.db").string(); }

  private:
    std::filesystem::path path_;
};

inline constexpr std::array<std::string_view, 1> kNumbersTable = {
    "CREATE TABLE numbers (value INTEGER PRIMARY KEY) STRICT"};

inline StoreOptions options_at(std::string path) {
    StoreOptions options;
    options.path = std::move(path);
    return options;
}

inline Store::Change insert_number(std::int64_t value) {
    return [value](Statements& statements) {
        const std::array<Parameter, 1> parameters = {value};
        return statements.run("INSERT INTO numbers (value) VALUES (?)", parameters);
    };
}

/// Queues a change; the future is its answer.
inline std::future<Result<void>> write(Store& store, Store::Change change) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto future = promise->get_future();
    store.write(std::move(change), [promise](Result<void> result) { promise->set_value(std::move(result)); });
    return future;
}

inline std::set<std::int64_t> numbers_in(Store& store) {
    std::set<std::int64_t> found;
    auto reader = store.open_reader();
    EXPECT_TRUE(reader.has_value());
    if (!reader) return found;
    auto done = (*reader)->run("SELECT value FROM numbers", {},
                               [&found](const Row& row) { found.insert(row.integer(0)); });
    EXPECT_TRUE(done.has_value());
    return found;
}

}  // namespace loadgen::services::store::test
