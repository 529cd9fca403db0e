// The fixture of the contract tests: what every engine must do, whatever it is built on.
#pragma once

#include <gtest/gtest.h>

#include "services/store/query.hpp"
#include "tests/unit/services_store/engines.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::store::test {

class StoreContract : public ::testing::TestWithParam<Engine> {
  protected:
    StoreOptions options() const { return options_at(folder_.database()); }
    /// Another store on the same data, as a second process has.
    std::unique_ptr<Store> open(const StoreOptions& options,
                                std::span<const std::string_view> migrations = kNumbersTable) const {
        auto store = GetParam().open(options, migrations);
        EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().message);
        return store ? std::move(*store) : nullptr;
    }
    std::unique_ptr<Store> open() const { return open(options()); }

    const ScratchFolder folder_;
};

inline std::string engine_name(const ::testing::TestParamInfo<Engine>& tested) {
    return std::string(tested.param.name);
}

#define INSTANTIATE_FOR_ALL_ENGINES(Suite) \
    INSTANTIATE_TEST_SUITE_P(Engines, Suite, ::testing::ValuesIn(kEngines), engine_name)

}  // namespace loadgen::services::store::test
