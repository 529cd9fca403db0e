#include "common/text/needed_reads.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "common/text/detail/language/expression_math.hpp"
#include "common/text/detail/language/expression_parser.hpp"
#include "common/text/detail/language/template_segment.hpp"

namespace loadgen::text {
namespace {

constexpr std::string_view kFirstThatIsThere = "$coalesce";

class Collector {
  public:
    explicit Collector(const FunctionTable& functions) {
        if (const FunctionEntry* entry = functions.find(kFirstThatIsThere)) asking_[0] = entry->call;
        std::size_t next = 1;
        for (const std::string_view name : {"exists", "empty"})
            if (const auto entry = find_math_function(name, 1, functions)) asking_[next++] = (*entry)->call;
    }

    void collect(const ExpressionNode& node) {
        if (node.op == ExpressionOperator::kVariable) need(node.path);
        const bool asks = node.op == ExpressionOperator::kCall && is_asking(node.function);
        for (const ExpressionNode& child : node.children)
            if (!asks || child.op != ExpressionOperator::kVariable) collect(child);
    }

    void collect(const TemplateCall& call) {
        for (const TemplateCall::Argument& argument : call.arguments) {
            if (const auto* nested = std::get_if<TemplateCall>(&argument)) collect(*nested);
            if (const auto* path = std::get_if<ValuePath>(&argument); path && !is_asking(call.function->call))
                need(*path);
        }
    }

    void need(const ValuePath& path) {
        if (std::find(needed_.begin(), needed_.end(), path.head) == needed_.end())
            needed_.push_back(path.head);
    }

    std::vector<Slot> take() { return std::move(needed_); }

  private:
    bool is_asking(Function function) const {
        return std::find(asking_.begin(), asking_.end(), function) != asking_.end();
    }

    std::array<Function, 3> asking_{};
    std::vector<Slot> needed_;
};

}  // namespace

std::vector<Slot> needed_by_expression(std::string_view text, SlotTable& slots,
                                       const FunctionTable& functions) {
    const auto parsed = parse_expression(text, slots, functions, DottedNames::kPaths);
    if (!parsed) return {};
    Collector collector(functions);
    collector.collect(parsed->root);
    return collector.take();
}

std::vector<Slot> needed_by_template(std::string_view text, SlotTable& slots,
                                     const FunctionTable& functions) {
    const auto parts = parse_template(text, slots, functions);
    if (!parts) return {};
    Collector collector(functions);
    for (const TemplateSegment& segment : parts->segments) {
        if (const auto* path = std::get_if<ValuePath>(&segment)) collector.need(*path);
        if (const auto* call = std::get_if<TemplateCall>(&segment)) collector.collect(*call);
    }
    return collector.take();
}

}  // namespace loadgen::text
