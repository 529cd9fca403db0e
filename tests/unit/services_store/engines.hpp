// The engines that the contract tests run against. A new engine is a row here.
#pragma once

#include <array>
#include <ostream>
#include <string_view>

#include "services/store/store.hpp"

namespace loadgen::services::store::test {

struct Engine {
    std::string_view name;
    Result<std::unique_ptr<Store>> (*open)(const StoreOptions&, std::span<const std::string_view>);
    bool keeps_local_files;  ///< its disk can be filled up by limiting the sizes of this process's files
};

inline constexpr std::array<Engine, 1> kEngines = {{{"sqlite", &open_sqlite_store, true}}};

inline const Engine* engine_named(std::string_view name) {
    for (const Engine& engine : kEngines) {
        if (engine.name == name) return &engine;
    }
    return nullptr;
}

inline void PrintTo(const Engine& engine, std::ostream* out) {
    *out << engine.name;
}

}  // namespace loadgen::services::store::test
