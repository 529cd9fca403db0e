// Requests known in advance, round robin.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "loadgen/plan/request.hpp"

namespace loadgen::scenario {

/// Never ends. Not thread-safe; the engine uses `all` with its own sequence numbers.
class CycledTargets final : public plan::RequestSource {
  public:
    using Requests = std::vector<std::shared_ptr<const plan::Request>>;

    /// At least one request.
    explicit CycledTargets(Requests requests) : requests_(std::move(requests)) {}

    /// Drains `source`, which messages call `name`. Errors: its own; kSyntax "NAME: no targets to attack";
    /// kLimit past kMaxTargets or kMaxTargetMemory.
    static Result<std::unique_ptr<plan::RequestSource>> read_all(plan::RequestSource& source,
                                                                 const std::string& name);

    Result<std::shared_ptr<const plan::Request>> next() override;
    std::span<const std::shared_ptr<const plan::Request>> all() const override { return requests_; }

  private:
    Requests requests_;
    std::size_t at_ = 0;
};

}  // namespace loadgen::scenario
