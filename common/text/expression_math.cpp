#include "common/text/expression_math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace loadgen::text {
namespace {

using Arguments = std::span<const Value>;

template <double (*Of)(double)>
Value apply(CallContext&, Arguments arguments) {
    return Value(Of(arguments[0].to_number()));
}

double absolute(double x) {
    return std::fabs(x);
}
double ceiling(double x) {
    return std::ceil(x);
}
double floor_of(double x) {
    return std::floor(x);
}
double logarithm(double x) {
    return std::log(x);
}
double square_root(double x) {
    return std::sqrt(x);
}
/// JavaScript's: halves go up.
double rounded(double x) {
    return std::floor(x + 0.5);
}

Value largest(CallContext&, Arguments arguments) {
    double most = -std::numeric_limits<double>::infinity();
    for (const Value& one : arguments)
        most = std::isnan(one.to_number()) ? one.to_number() : std::max(most, one.to_number());
    return Value(most);
}

Value smallest(CallContext&, Arguments arguments) {
    double least = std::numeric_limits<double>::infinity();
    for (const Value& one : arguments)
        least = std::isnan(one.to_number()) ? one.to_number() : std::min(least, one.to_number());
    return Value(least);
}

/// random(): [0, 1); random(n): [0, n).
Value random_number(CallContext& context, Arguments arguments) {
    const double scale = arguments.empty() ? 1 : arguments[0].to_number();
    return Value(context.random.uniform() * scale);
}

Value length_of(CallContext&, Arguments arguments) {
    const Value& one = arguments[0];
    if (one.is_string()) return Value(static_cast<double>(one.string().size()));
    if (one.is_array()) return Value(static_cast<double>(one.elements().size()));
    return Value(0.0);
}

Value exists(CallContext&, Arguments arguments) {
    return Value(!arguments[0].is_undefined() && !arguments[0].is_null());
}

Value is_empty(CallContext&, Arguments arguments) {
    const Value& one = arguments[0];
    if (one.is_array()) return Value(one.elements().empty());
    if (one.is_object()) return Value(one.members().empty());
    return Value(one.is_undefined() || one.is_null() || (one.is_string() && one.string().empty()));
}

constexpr std::array<MathFunction, 12> kFunctions{{{"abs", 1, apply<absolute>},
                                                   {"ceil", 1, apply<ceiling>},
                                                   {"empty", 1, is_empty},
                                                   {"exists", 1, exists},
                                                   {"floor", 1, apply<floor_of>},
                                                   {"length", 1, length_of},
                                                   {"log", 1, apply<logarithm>},
                                                   {"max", 1, largest},
                                                   {"min", 1, smallest},
                                                   {"random", 0, random_number},
                                                   {"round", 1, apply<rounded>},
                                                   {"sqrt", 1, apply<square_root>}}};

}  // namespace

const MathFunction* find_math_function(std::string_view name) {
    const auto found =
        std::find_if(kFunctions.begin(), kFunctions.end(), [name](const auto& f) { return f.name == name; });
    return found == kFunctions.end() ? nullptr : found;
}

}  // namespace loadgen::text
