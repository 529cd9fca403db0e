// Finished spans on their way to a receiver.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// Encoded spans, sorted by scope, in order of their ends within it. A value.
class SpanBatch {
  public:
    void add(const EncodedSpan& span);
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    /// Forgets the spans, keeps memory for about as many, up to 1 MiB a scope.
    void clear();

    /// One past the largest scope there ever was.
    std::size_t scopes() const { return by_scope_.size(); }
    /// As the field `spans` of a ScopeSpans message, repeated; empty for none.
    std::string_view of_scope(std::size_t scope) const { return by_scope_[scope]; }

    /// For whoever wants to look into them.
    std::vector<SpanData> decoded() const;

  private:
    std::vector<std::string> by_scope_;
    std::size_t size_ = 0;
};

}  // namespace loadgen::telemetry
