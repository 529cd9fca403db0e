#include "common/text/detail/language/expression_math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/text/detail/language/function_lookup.hpp"
#include "common/text/value_path.hpp"

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
double logarithm_2(double x) {
    return std::log2(x);
}
double logarithm_10(double x) {
    return std::log10(x);
}
double square_root(double x) {
    return std::sqrt(x);
}

Value largest(CallContext&, Arguments arguments) {
    double most = -std::numeric_limits<double>::infinity();
    for (const Value& one : arguments) {
        const double number = one.to_number();
        if (std::isnan(number)) return Value(number);
        most = std::max(most, number);
    }
    return Value(most);
}

Value smallest(CallContext&, Arguments arguments) {
    double least = std::numeric_limits<double>::infinity();
    for (const Value& one : arguments) {
        const double number = one.to_number();
        if (std::isnan(number)) return Value(number);
        least = std::min(least, number);
    }
    return Value(least);
}

/// That of v3: never negative for a positive divisor.
Value modulo(CallContext&, Arguments arguments) {
    const double divisor = arguments[1].to_number();
    return Value(std::fmod(std::fmod(arguments[0].to_number(), divisor) + divisor, divisor));
}

Value random_number(CallContext& context, Arguments arguments) {
    return Value(context.random.uniform() * (arguments.empty() ? 1 : arguments[0].to_number()));
}

Value length_of(CallContext&, Arguments arguments) {
    const Value& one = arguments[0];
    if (one.is_string()) return Value(static_cast<double>(utf16_length(one.string())));
    if (one.is_array()) return Value(static_cast<double>(one.elements().size()));
    return Value(static_cast<double>(one.is_object() ? one.members().size() : 0));
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

constexpr std::array kFunctions{
    FunctionEntry{"abs", apply<absolute>, 1, 1, "abs(x): without its sign"},
    FunctionEntry{"ceil", apply<ceiling>, 1, 1, "ceil(x): the next whole number, or x"},
    FunctionEntry{"empty", is_empty, 1, 1, "empty(x): whether x is missing, null, or has nothing in it"},
    FunctionEntry{"exists", exists, 1, 1, "exists(x): whether x is neither missing nor null"},
    FunctionEntry{"floor", apply<floor_of>, 1, 1, "floor(x): the whole number before x, or x"},
    FunctionEntry{"length", length_of, 1, 1, "length(x): characters of a text, elements, members"},
    FunctionEntry{"log", apply<logarithm>, 1, 1, "log(x): to base e"},
    FunctionEntry{"log10", apply<logarithm_10>, 1, 1, "log10(x): to base 10"},
    FunctionEntry{"log2", apply<logarithm_2>, 1, 1, "log2(x): to base 2"},
    FunctionEntry{"max", largest, 1, kMostArguments, "max(x, …): the largest"},
    FunctionEntry{"min", smallest, 1, kMostArguments, "min(x, …): the smallest"},
    FunctionEntry{"mod", modulo, 2, 2, "mod(x, y): what is left of x, from 0 to y"},
    FunctionEntry{"random", random_number, 0, 1, "random(limit): from 0 to below the limit, 1 unless told"},
    FunctionEntry{"round", apply<round_half_up>, 1, 1, "round(x): the nearest whole number, halves up"},
    FunctionEntry{"sqrt", apply<square_root>, 1, 1, "sqrt(x): the square root"},
};

}  // namespace

Result<const FunctionEntry*> find_math_function(std::string_view name, std::size_t arguments,
                                                const FunctionTable& functions) {
    static const FunctionTable kTable(kFunctions);
    if (kTable.find(name) != nullptr) return find_function(kTable, name, arguments);
    std::string nearest = nearest_function(kTable, name);
    if (nearest.empty()) nearest = nearest_function(functions, '$' + std::string(name));
    return unknown_function(name, nearest);
}

double round_half_up(double number) {
    const double below = std::floor(number);
    return number - below >= 0.5 ? below + 1 : below;
}

}  // namespace loadgen::text
