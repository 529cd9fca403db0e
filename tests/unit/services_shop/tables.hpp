// A service's database without the service: for tests of its tables and of what it does in a transaction.
#pragma once

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <vector>

#include "services/runtime/messaging/outbox.hpp"
#include "services/runtime/store_transaction.hpp"
#include "services/store/query.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::shop_test {

class TablesTest : public ::testing::Test {
  protected:
    using Work = std::function<Result<void>(runtime::Transaction&)>;

    explicit TablesTest(std::span<const std::string_view> migrations) {
        store::StoreOptions options;
        options.path = folder_.file("tables.db");
        auto opened = store::open_sqlite_store(options, migrations);
        EXPECT_TRUE(opened.has_value()) << opened.error().message;
        if (!opened) return;
        store_ = std::move(*opened);
        EXPECT_TRUE(
            change([](store::Statements& tables) { return tables.run(runtime::kOutboxSchema); }).has_value());
        auto reader = store_->open_reader();
        EXPECT_TRUE(reader.has_value());
        if (reader) reader_ = std::move(*reader);
    }

    /// One change, committed when this returns.
    Result<void> change(const store::Store::Change& work) {
        std::promise<Result<void>> told;
        store_->write(work, [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
        return told.get_future().get();
    }
    /// The same with what services are given.
    Result<void> transact(const Work& work) {
        return change([this, &work](store::Statements& tables) {
            telemetry::Span span;
            const telemetry::SpanContext none;
            runtime::StoreTransaction::Effects effects;
            runtime::StoreTransaction transaction(parts_, tables, span, none, nullptr, effects);
            return work(transaction);
        });
    }
    /// "type data" of the events that wait in the outbox, in order.
    std::vector<std::string> told() {
        auto rows = store::find_all(
            *reader_, "SELECT type, data FROM outbox ORDER BY id", store::params(),
            [](const store::Row& row) { return std::string(row.text(0)) + ' ' + std::string(row.text(1)); });
        EXPECT_TRUE(rows.has_value()) << rows.error().message;
        return rows.value_or(std::vector<std::string>());
    }
    store::Statements& reader() { return *reader_; }

  private:
    const test::Folder folder_;
    const runtime::TransactionParts parts_{system_clock(), 1, nullptr};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
};

}  // namespace loadgen::services::shop_test
