// Answers of a store that are kept until anything is committed to it.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "services/store/store.hpp"

namespace loadgen::services::store {

/// Gives what a reader would give, to the commit: what this or another process commits empties it. Belongs to
/// one thread, as readers do; the store must outlive it.
template <std::copyable Value>
class ReadCache {
  public:
    /// Keeps up to `max_entries`, and starts over when they are full.
    ReadCache(const Store& store, std::size_t max_entries) : store_(store), max_entries_(max_entries) {}

    /// What `read`, a Result<Value>, gives for this key. Errors are not kept.
    template <std::invocable<> Read>
    Result<Value> get(std::string_view key, Read&& read) {
        // Looked up before reading: a value that is newer than its state is dropped too early, never too
        // late.
        const std::optional<std::uint64_t> state = store_.state();
        if (state != state_) {
            entries_.clear();
            state_ = state;
        }
        if (!state) return read();
        if (const auto found = entries_.find(key); found != entries_.end()) return found->second;
        Result<Value> value = read();
        if (value) remember(key, *value);
        return value;
    }

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void remember(std::string_view key, const Value& value) {
        if (entries_.size() >= max_entries_) entries_.clear();
        entries_.emplace(key, value);
    }

    const Store& store_;
    const std::size_t max_entries_;
    std::optional<std::uint64_t> state_;  // that the entries are of
    std::unordered_map<std::string, Value, Hash, std::equal_to<>> entries_;
};

}  // namespace loadgen::services::store
