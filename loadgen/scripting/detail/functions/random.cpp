// Chance: numbers, texts, and which element of a list.
#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/uuid.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

/// As lodash's `random`.
Value random_number(CallContext& context, Arguments arguments) {
    double least = std::ceil(arguments[0].to_number());
    double most = std::floor(arguments[1].to_number());
    if (least > most) std::swap(least, most);
    if (!(most - least < 9e15)) return refuse(context, "$randomNumber", "found no range of whole numbers");
    const auto span = static_cast<std::uint64_t>(most - least) + 1;
    return Value(least + static_cast<double>(context.random.below(span)));
}

Value random_string(CallContext& context, Arguments arguments) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const double length = arguments.empty() ? 10 : arguments[0].to_number();
    if (!(length >= 0 && length <= kMostMade))
        return refuse(context, "$randomString", "the length must be 0 to 1000000");
    return Value(drawn_from(context.random, kLetters, static_cast<std::size_t>(length)));
}

Value random_float(CallContext& context, Arguments arguments) {
    const double least = arguments[0].to_number();
    const double most = arguments[1].to_number();
    const double decimals = arguments.size() > 2 ? arguments[2].to_number() : 2;
    if (!std::isfinite(most - least)) return refuse(context, "$randomFloat", "found no range of numbers");
    if (!(decimals >= 0 && decimals <= 15))
        return refuse(context, "$randomFloat", "the decimals must be 0 to 15");
    const double scale = std::pow(10, std::floor(decimals));
    return Value(std::round((least + context.random.uniform() * (most - least)) * scale) / scale);
}

Value uuid(CallContext& context, Arguments) {
    return Value(new_uuid(context.random));
}

Value email(CallContext& context, Arguments) {
    return Value(new_uuid(context.random) + "@example.com");
}

const Value& any_element(CallContext& context, const Value::Array& elements) {
    static const Value kNone;
    return elements.empty() ? kNone : elements[context.random.below(elements.size())];
}

Value pick(CallContext& context, Arguments arguments) {
    if (arguments.size() > 1) return arguments[context.random.below(arguments.size())];
    if (!arguments[0].is_array()) return refuse_kind(context, "$pick", arguments[0], "a list");
    return any_element(context, arguments[0].elements());
}

Value pick_where(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$pickWhere", arguments[0], "a list");
    const auto fitting = with_member(arguments[0].elements(), arguments[1].to_text(), arguments[2]);
    return fitting.empty() ? Value() : *fitting[context.random.below(fitting.size())];
}

/// The first `count` steps of Fisher and Yates' shuffle.
Value drawn(CallContext& context, const Value::Array& elements, std::size_t count) {
    Value::Array made = elements;
    count = std::min(count, made.size());
    for (std::size_t i = 0; i < count; ++i)
        std::swap(made[i], made[i + context.random.below(made.size() - i)]);
    made.resize(count);
    return Value(std::move(made));
}

Value sample(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$sample", arguments[0], "a list");
    const double count = arguments[1].to_number();
    if (!(count >= 0)) return refuse(context, "$sample", "the count must be 0 or more");
    return drawn(context, arguments[0].elements(), static_cast<std::size_t>(std::min(count, 1e9)));
}

Value shuffle(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$shuffle", arguments[0], "a list");
    return drawn(context, arguments[0].elements(), arguments[0].elements().size());
}

constexpr std::array kFunctions{
    text::FunctionEntry{"$randomNumber", random_number, 2, 2,
                        "$randomNumber(min, max): a whole number, both included", true},
    text::FunctionEntry{"$randomString", random_string, 0, 1,
                        "$randomString(length): letters and digits, 10 unless told", true},
    text::FunctionEntry{"$randomFloat", random_float, 2, 3,
                        "$randomFloat(min, max, decimals): a number, rounded to 2 decimals unless told"},
    text::FunctionEntry{"$uuid", uuid, 0, 0, "$uuid(): a random UUID, another one at each call"},
    text::FunctionEntry{"$email", email, 0, 0, "$email(): an address at example.com that nobody else has"},
    text::FunctionEntry{"$pick", pick, 1, 16,
                        "$pick(list): one of its elements; of several arguments one of these"},
    text::FunctionEntry{"$pickWhere", pick_where, 3, 3,
                        "$pickWhere(list, member, value): one of those whose member has this value"},
    text::FunctionEntry{"$sample", sample, 2, 2,
                        "$sample(list, count): so many different elements, in any order"},
    text::FunctionEntry{"$shuffle", shuffle, 1, 1, "$shuffle(list): all elements, in any order"},
};

}  // namespace

Family random_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
