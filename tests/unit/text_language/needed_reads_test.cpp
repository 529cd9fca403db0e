#include "common/text/needed_reads.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace loadgen::text {
namespace {

using Names = std::vector<std::string>;

Value first(CallContext&, std::span<const Value> arguments) {
    return arguments[0];
}

Value size(CallContext&, std::span<const Value>) {
    return Value(1.0);
}

constexpr FunctionEntry kFunctions[] = {{"$coalesce", first, 1, 16, "$coalesce(value, …)"},
                                        {"$length", size, 1, 1, "$length(value)"}};

class NeededReads : public ::testing::Test {
  protected:
    Names of_expression(std::string_view text) {
        return names(needed_by_expression(text, slots_, functions_));
    }
    Names of_template(std::string_view text) { return names(needed_by_template(text, slots_, functions_)); }

  private:
    Names names(const std::vector<Slot>& slots) const {
        Names found;
        for (const Slot slot : slots) found.push_back(slots_.name(slot));
        return found;
    }
    SlotTable slots_;
    FunctionTable functions_{kFunctions};
};

TEST_F(NeededReads, AskingWhetherAVariableIsThereNeedsNone) {
    EXPECT_EQ(of_expression("exists(a) and not empty(b.c[0]) or exists('d e')"), Names{});
    EXPECT_EQ(of_expression("$coalesce(a, b.c, 1) + 1"), Names{});
    EXPECT_EQ(of_expression("exists(c of a)"), Names{});
    EXPECT_EQ(of_template("{{ $coalesce(a, b['c'], 'd') }}"), Names{});
}

TEST_F(NeededReads, AllElseDoes) {
    EXPECT_EQ(of_expression("a + b.c > length(d)"), (Names{"a", "b", "d"}));
    EXPECT_EQ(of_expression("exists(a) and a > 1"), Names{"a"});
    EXPECT_EQ(of_expression("exists(a + 1) or empty(b[c])"), (Names{"a", "b", "c"}));
    EXPECT_EQ(of_expression("$coalesce($length(a), b)"), Names{"a"});
    EXPECT_EQ(of_template("{{ a.b }}/{{ $length(c) }}/{{ $coalesce(d, $length(e)) }}"),
              (Names{"a", "c", "e"}));
    EXPECT_EQ(of_template("{{ $coalesce(a, 1) }}{{ a }}"), Names{"a"});
}

TEST_F(NeededReads, OfWhatDoesNotCompileNone) {
    EXPECT_EQ(of_expression("a +"), Names{});
    EXPECT_EQ(of_template("{{ $length() }}{{ a }}"), Names{});
    EXPECT_EQ(of_template("plain"), Names{});
}

}  // namespace
}  // namespace loadgen::text
