// A clock that tests move, a scratch folder, and a service's tables on a real database.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>

#include "services/runtime/store_transaction.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::ninja::test {

class ManualClock final : public Clock {
  public:
    Instant now() const override { return Instant(Nanos(now_ns_.load())); }
    WallTime wall_now() const override { return {1'700'000'000'000'000'000 + now_ns_.load()}; }
    void advance(Nanos by) { now_ns_ += by.count(); }
    std::int64_t wall_ms() const { return wall_now().unix_ns / 1'000'000; }

  private:
    std::atomic<std::int64_t> now_ns_{1'000'000'000};
};

class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "loadgen-ninja-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path() const { return path_.string(); }
    void put(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    void erase(const std::string& name) const { std::filesystem::remove(path_ / name); }

  private:
    std::filesystem::path path_;
};

/// The database of one service.
class Tables {
  public:
    explicit Tables(std::span<const std::string_view> migrations) {
        store::StoreOptions options;
        options.path = folder_.path() + "/test.db";
        auto opened = store::open_sqlite_store(options, migrations);
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message);
        store_ = std::move(*opened);
        reader_ = std::move(*store_->open_reader());
    }

    store::Statements& reader() { return *reader_; }
    Result<void> write(const store::Store::Change& change) {
        std::promise<Result<void>> told;
        store_->write(change, [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
        return told.get_future().get();
    }
    /// A change in a transaction as services see it.
    Result<void> transact(const Clock& clock,
                          const std::function<Result<void>(runtime::Transaction&)>& work) {
        const runtime::TransactionParts parts{.clock = clock};
        telemetry::Span span;
        runtime::StoreTransaction::Effects effects;
        return write([&](store::Statements& tables) {
            runtime::StoreTransaction transaction(parts, tables, span, span.context(), nullptr, effects);
            return work(transaction);
        });
    }
    std::int64_t count(const std::string& table) {
        std::int64_t rows = -1;
        auto done = reader_->run("SELECT count(*) FROM " + table, {},
                                 [&rows](const store::Row& row) { rows = row.integer(0); });
        EXPECT_TRUE(done.has_value());
        return rows;
    }

  private:
    Folder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
};

}  // namespace loadgen::services::ninja::test
