// A store on a scratch folder for tests of what lies on top of the interface.
#pragma once

#include "services/store/query.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {

class Tables {
  public:
    /// Its tables; the text may be made for this call.
    explicit Tables(const std::string& schema) {
        const std::array<std::string_view, 1> migrations = {schema};
        auto opened = open_sqlite_store(options_at(folder_.database()), migrations);
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message);
        if (!opened) return;
        store_ = std::move(*opened);
        reader_ = std::move(*store_->open_reader());
    }

    Store& store() { return *store_; }
    Statements& reader() { return *reader_; }

    /// Runs a change to its end and expects it to succeed.
    void change(const Store::Change& change) {
        auto done = write(*store_, change).get();
        EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
    }
    void sql(std::string_view text) {
        change([text](Statements& tables) { return tables.run(text); });
    }
    /// Runs a change that returns a value.
    template <typename Work>
    auto result(Work work) {
        decltype(work(std::declval<Statements&>())) outcome = Error{ErrorCode::kInternal, "did not run"};
        change([&](Statements& tables) -> Result<void> {
            outcome = work(tables);
            if (!outcome) return outcome.error();
            return {};
        });
        EXPECT_TRUE(outcome.has_value());
        return std::move(*outcome);
    }
    /// The first column of all rows.
    std::vector<std::string> texts(std::string_view query) {
        auto found = find_all(*reader_, query, {}, [](const Row& row) { return std::string(row.text(0)); });
        EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
        return found ? *found : std::vector<std::string>{};
    }

  private:
    ScratchFolder folder_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<Statements> reader_;
};

}  // namespace loadgen::services::store::test
