// Shorter ways to run a statement: typed parameters, typed rows, conditional writes.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "services/store/store.hpp"

namespace loadgen::services::store {

/// One value as a parameter. Text is borrowed: it must live until the statement has run.
template <typename T>
Parameter parameter(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        return std::int64_t{value ? 1 : 0};
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (std::integral<T>) {
        return static_cast<std::int64_t>(value);
    } else {
        return Parameter(value);
    }
}
template <typename T>
Parameter parameter(const std::optional<T>& value) {
    return value ? parameter(*value) : Parameter();
}
inline Parameter parameter(const std::string& value) {
    return std::string_view(value);
}
inline Parameter parameter(const char* value) {
    return std::string_view(value);
}

/// params(id, name, 5): what `run` takes. The texts must outlive the call that it is written in.
template <typename... Values>
std::array<Parameter, sizeof...(Values)> params(const Values&... values) {
    return {parameter(values)...};
}

/// The first row as `read` makes it, or none. Errors of `run`.
template <std::invocable<const Row&> Read>
auto find_one(Statements& tables, std::string_view sql, std::span<const Parameter> parameters, Read&& read)
    -> Result<std::optional<std::invoke_result_t<Read, const Row&>>> {
    std::optional<std::invoke_result_t<Read, const Row&>> found;
    auto done = tables.run(sql, parameters, [&](const Row& row) {
        if (!found) found = read(row);
    });
    if (!done) return std::move(done).error();
    return found;
}

/// All rows as `read` makes them.
template <std::invocable<const Row&> Read>
auto find_all(Statements& tables, std::string_view sql, std::span<const Parameter> parameters, Read&& read)
    -> Result<std::vector<std::invoke_result_t<Read, const Row&>>> {
    std::vector<std::invoke_result_t<Read, const Row&>> all;
    auto done = tables.run(sql, parameters, [&](const Row& row) { all.push_back(read(row)); });
    if (!done) return std::move(done).error();
    return all;
}

/// A conditional write: whether it changed any row.
inline Result<bool> run_changed(Statements& tables, std::string_view sql,
                                std::span<const Parameter> parameters) {
    auto done = tables.run(sql, parameters);
    if (!done) return std::move(done).error();
    return tables.changes() > 0;
}

}  // namespace loadgen::services::store
