#include "loadgen/scripting/built_in_functions.hpp"

#include <array>
#include <cmath>

#include "common/base/uuid.hpp"

namespace loadgen::scripting {
namespace {

using Arguments = std::span<const text::Value>;

/// A whole number, both ends included; as lodash `random`.
text::Value random_number(text::CallContext& context, Arguments arguments) {
    double least = std::ceil(arguments[0].to_number());
    double most = std::floor(arguments[1].to_number());
    if (least > most) std::swap(least, most);
    if (!(most - least < 9e15)) {
        context.fault = "$randomNumber: found no range of whole numbers";
        return {};
    }
    const auto span = static_cast<std::uint64_t>(most - least) + 1;
    return text::Value(least + static_cast<double>(context.random.below(span)));
}

text::Value random_string(text::CallContext& context, Arguments arguments) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    constexpr double kLongest = 1'000'000;
    const double length = arguments.empty() ? 10 : arguments[0].to_number();
    if (!(length >= 0 && length <= kLongest)) {
        context.fault = "$randomString: the length must be 0 to 1000000";
        return {};
    }
    std::string made;
    for (auto left = static_cast<std::size_t>(length); left > 0; --left) {
        made += kLetters[context.random.below(kLetters.size())];
    }
    return text::Value(std::move(made));
}

text::Value uuid(text::CallContext& context, Arguments) {
    return text::Value(new_uuid(context.random));
}

text::Value email(text::CallContext& context, Arguments) {
    return text::Value(new_uuid(context.random) + "@example.com");
}

bool is_missing(const text::Value& value) {
    return value.is_undefined() || value.is_null();
}

text::Value pick(text::CallContext& context, Arguments arguments) {
    if (is_missing(arguments[0])) return {};
    if (!arguments[0].is_array()) {
        context.fault =
            "$pick: found " + std::string(text::kind_name(arguments[0].kind())) + ", expected a list";
        return {};
    }
    const auto& elements = arguments[0].elements();
    return elements.empty() ? text::Value() : elements[context.random.below(elements.size())];
}

text::Value pick_where(text::CallContext& context, Arguments arguments) {
    if (is_missing(arguments[0])) return {};
    if (!arguments[0].is_array()) {
        context.fault =
            "$pickWhere: found " + std::string(text::kind_name(arguments[0].kind())) + ", expected a list";
        return {};
    }
    std::vector<const text::Value*> fitting;
    for (const text::Value& element : arguments[0].elements()) {
        const text::Value* member = element.find(arguments[1].to_text());
        if (member != nullptr && *member == arguments[2]) fitting.push_back(&element);
    }
    return fitting.empty() ? text::Value() : *fitting[context.random.below(fitting.size())];
}

text::Value timestamp(text::CallContext& context, Arguments) {
    return text::Value(static_cast<double>(context.now.unix_ns / 1'000'000));
}

constexpr std::array kFunctions{
    text::FunctionEntry{"$randomNumber", random_number, 2, 2,
                        "$randomNumber(min, max): a whole number, both included"},
    text::FunctionEntry{"$randomString", random_string, 0, 1,
                        "$randomString(length): letters and digits, 10 unless told"},
    text::FunctionEntry{"$uuid", uuid, 0, 0, "$uuid(): a random UUID"},
    text::FunctionEntry{"$email", email, 0, 0, "$email(): an address that nobody else has"},
    text::FunctionEntry{"$pick", pick, 1, 1,
                        "$pick(list): one of its elements; nothing when it is empty or missing"},
    text::FunctionEntry{"$pickWhere", pick_where, 3, 3,
                        "$pickWhere(list, member, value): one of those whose member has this value"},
    text::FunctionEntry{"$timestamp", timestamp, 0, 0, "$timestamp(): milliseconds since 1970"},
};

}  // namespace

const text::FunctionTable& built_in_functions() {
    static const text::FunctionTable kTable(kFunctions);
    return kTable;
}

}  // namespace loadgen::scripting
