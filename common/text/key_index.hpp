// Which keys of an object have been seen. Bounded by n log n whatever a stranger names his keys.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace loadgen::text {

/// Keys and their places. The texts must outlive it. Most objects are small: up to 16 keys it compares one by
/// one, beyond that it keeps a tree (no hash table, which a hostile document could fill with collisions).
class KeyIndex {
  public:
    /// The place of this key; adds it with `place` and gives nothing when it is new.
    std::optional<std::size_t> find_or_add(std::string_view key, std::size_t place) {
        if (!few_.empty() || many_.empty()) {
            const auto known =
                std::find_if(few_.begin(), few_.end(), [&](const auto& entry) { return entry.first == key; });
            if (known != few_.end()) return known->second;
            few_.emplace_back(key, place);
            if (few_.size() <= kFew) return std::nullopt;
            many_.insert(few_.begin(), few_.end());
            few_.clear();
            return std::nullopt;
        }
        const auto [entry, is_new] = many_.try_emplace(key, place);
        if (is_new) return std::nullopt;
        return entry->second;
    }

  private:
    static constexpr std::size_t kFew = 16;
    std::vector<std::pair<std::string_view, std::size_t>> few_;
    std::map<std::string_view, std::size_t> many_;
};

}  // namespace loadgen::text
