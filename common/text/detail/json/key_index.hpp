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
        if (const auto known = find(key)) return known;
        if (many_.empty() && few_.size() < kFew) {
            few_.emplace_back(key, place);
            return std::nullopt;
        }
        many_.insert(few_.begin(), few_.end());
        few_.clear();
        many_.emplace(key, place);
        return std::nullopt;
    }

    std::optional<std::size_t> find(std::string_view key) const {
        if (!many_.empty()) {
            const auto known = many_.find(key);
            return known == many_.end() ? std::nullopt : std::optional(known->second);
        }
        const auto known =
            std::find_if(few_.begin(), few_.end(), [key](const auto& entry) { return entry.first == key; });
        return known == few_.end() ? std::nullopt : std::optional(known->second);
    }

  private:
    static constexpr std::size_t kFew = 16;
    std::vector<std::pair<std::string_view, std::size_t>> few_;
    std::map<std::string_view, std::size_t> many_;
};

}  // namespace loadgen::text
