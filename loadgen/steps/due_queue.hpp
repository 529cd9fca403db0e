// Who thinks until when: a heap of strands by their due instant.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::steps {

struct Strand;

/// 24 bytes an entry; nothing is allocated once it has been as long before. A strand that ends while it is in
/// here must be removed. Not thread-safe.
class DueQueue {
  public:
    void push(Instant due, Strand& strand);
    /// The instant of the first one, or none.
    std::optional<Instant> next() const;
    /// The first one when it is due by `now`, else nullptr. Equal instants come out in the order they went
    /// in.
    Strand* pop_due(Instant now);
    void remove(const Strand& strand);
    std::size_t size() const { return heap_.size(); }

  private:
    struct Entry {
        Instant due;
        std::uint64_t order;
        Strand* strand;
    };
    static bool later(const Entry& a, const Entry& b);

    std::vector<Entry> heap_;
    std::uint64_t order_ = 0;
};

}  // namespace loadgen::steps
