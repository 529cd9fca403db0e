// The few largest of any number of items.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::stats {

/// Keeps the `kKept` items with the largest keys, in a heap of fixed size whose smallest is in front: most
/// items of a long stream cost the one comparison of `admits`, and adding a plain item allocates nothing. Of
/// equal keys the one that came first stays. Not thread-safe; shards merge into what one would have kept.
template <typename Item>
class Largest {
  public:
    static constexpr std::size_t kKept = 10;

    /// True when an item with this key would be kept now.
    bool admits(Nanos key) const { return count_ < kKept || key > entries_.front().key; }

    void add(Nanos key, Item item) {
        if (!admits(key)) return;
        const auto first = entries_.begin();
        if (count_ == kKept) {
            std::pop_heap(first, first + kKept, larger);
        } else {
            ++count_;
        }
        const auto last = first + static_cast<std::ptrdiff_t>(count_);
        *(last - 1) = {key, std::move(item)};
        std::push_heap(first, last, larger);
    }

    void merge(const Largest& other) {
        for (std::size_t i = 0; i < other.count_; ++i) add(other.entries_[i].key, other.entries_[i].item);
    }

    bool empty() const { return count_ == 0; }

    /// The items, largest first.
    std::vector<Item> sorted() const {
        std::vector<Entry> entries(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count_));
        std::stable_sort(entries.begin(), entries.end(), larger);
        std::vector<Item> items;
        for (Entry& entry : entries) items.push_back(std::move(entry.item));
        return items;
    }

  private:
    struct Entry {
        Nanos key{0};
        Item item;
    };

    static bool larger(const Entry& a, const Entry& b) { return a.key > b.key; }

    std::array<Entry, kKept> entries_;
    std::size_t count_ = 0;
};

}  // namespace loadgen::stats
