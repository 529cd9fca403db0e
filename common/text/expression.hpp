// Expressions of scenarios and gates: the grammar of filtrex, which Artillery uses, compiled to a tree over
// slots.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// Immutable; any thread may evaluate. Evaluation allocates only for texts that it makes.
class Expression {
  public:
    /// The error says at which character of `text` (from 1) what was found and what is allowed.
    static Result<Expression> compile(std::string_view text, SlotTable& slots,
                                      const FunctionTable& functions);

    Value evaluate(const Scope& scope) const;
    /// The variables it reads, each once.
    const std::vector<Slot>& reads() const { return reads_; }

  private:
    friend class ExpressionParser;
    struct Node;
    std::shared_ptr<const Node> root_;
    std::vector<Slot> reads_;
};

}  // namespace loadgen::text
