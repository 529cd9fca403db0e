// Texts, cut and joined.
#include <algorithm>
#include <cmath>
#include <utility>

#include "common/text/utf8.hpp"
#include "common/text/value_path.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

Value length(CallContext&, Arguments arguments) {
    const Value& one = arguments[0];
    if (one.is_array()) return Value(static_cast<double>(one.elements().size()));
    if (one.is_object()) return Value(static_cast<double>(one.members().size()));
    return Value(one.is_string() ? static_cast<double>(text::utf16_length(one.string())) : 0.0);
}

Value upper(CallContext&, Arguments arguments) {
    return Value(upper_case(arguments[0].to_text()));
}

Value lower(CallContext&, Arguments arguments) {
    return Value(lower_case(arguments[0].to_text()));
}

Value trim(CallContext&, Arguments arguments) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const std::string text = arguments[0].to_text();
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string::npos) return Value("");
    return Value(text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin));
}

/// A place among `size` as JavaScript's `slice` has it: from the end when negative.
std::size_t place(const Value& value, std::size_t size) {
    const double number = value.to_number();
    if (std::isnan(number)) return 0;
    const double whole = std::trunc(number);
    const double length = static_cast<double>(size);
    return static_cast<std::size_t>(std::clamp(whole < 0 ? whole + length : whole, 0.0, length));
}

/// The byte at which a character begins.
std::size_t byte_of(std::string_view text, std::size_t character) {
    std::size_t at = 0;
    for (; character > 0 && at < text.size(); --character)
        at += std::max<std::size_t>(1, text::utf8_sequence_length(text.substr(at)));
    return at;
}

Value slice(CallContext&, Arguments arguments) {
    const bool of_list = arguments[0].is_array();
    const std::string text = of_list ? "" : arguments[0].to_text();
    const std::size_t size = of_list ? arguments[0].elements().size() : text::utf8_length(text);
    const std::size_t begin = place(arguments[1], size);
    const std::size_t end = std::max(begin, has_argument(arguments, 2) ? place(arguments[2], size) : size);
    if (of_list) {
        const auto first = arguments[0].elements().begin();
        return Value(Value::Array(first + static_cast<std::ptrdiff_t>(begin),
                                  first + static_cast<std::ptrdiff_t>(end)));
    }
    const std::size_t from = byte_of(text, begin);
    return Value(text.substr(from, byte_of(text, end) - from));
}

Value concat(CallContext&, Arguments arguments) {
    std::string made;
    for (const Value& one : arguments) one.append_text(made);
    return Value(std::move(made));
}

Value join(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$join", arguments[0], "a list");
    const std::string separator = has_argument(arguments, 1) ? arguments[1].to_text() : ",";
    std::string made;
    bool is_first = true;
    for (const Value& one : arguments[0].elements()) {
        if (!std::exchange(is_first, false)) made += separator;
        if (!one.is_undefined() && !one.is_null()) one.append_text(made);
    }
    return Value(std::move(made));
}

Value split(CallContext& context, Arguments arguments) {
    const std::string text = arguments[0].to_text();
    const std::string separator = arguments[1].to_text();
    if (separator.empty()) return refuse(context, "$split", "the separator may not be empty");
    Value::Array parts;
    std::size_t at = 0;
    for (std::size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, at)) {
        parts.emplace_back(text.substr(at, end - at));
        at = end + separator.size();
    }
    parts.emplace_back(text.substr(at));
    return Value(std::move(parts));
}

Value replace(CallContext& context, Arguments arguments) {
    std::string text = arguments[0].to_text();
    const std::string what = arguments[1].to_text();
    const std::string with = arguments[2].to_text();
    if (what.empty()) return refuse(context, "$replace", "what to replace may not be empty");
    std::string made;
    std::size_t at = 0;
    for (std::size_t found = text.find(what); found != std::string::npos; found = text.find(what, at)) {
        made.append(text, at, found - at) += with;
        at = found + what.size();
        if (made.size() > static_cast<std::size_t>(kMostMade))
            return refuse(context, "$replace", "the text becomes too long");
    }
    return Value(made.append(text, at));
}

Value pad_start(CallContext& context, Arguments arguments) {
    const std::string text = arguments[0].to_text();
    const double wanted = arguments[1].to_number();
    const std::string fill = has_argument(arguments, 2) ? arguments[2].to_text() : " ";
    const std::size_t length = text::utf8_length(text);
    if (!(wanted <= kMostMade)) return refuse(context, "$padStart", "the length must be at most 1000000");
    if (!(wanted > static_cast<double>(length)) || fill.empty()) return Value(text);
    const std::size_t missing = static_cast<std::size_t>(wanted) - length;
    const std::size_t fill_length = text::utf8_length(fill);
    std::string made;
    for (std::size_t i = 0; i < missing / fill_length; ++i) made += fill;
    made.append(fill, 0, byte_of(fill, missing % fill_length));
    return Value(made + text);
}

Value to_text(CallContext&, Arguments arguments) {
    return Value(arguments[0].to_text());
}

Value to_number(CallContext&, Arguments arguments) {
    return Value(arguments[0].to_number());
}

constexpr std::array kFunctions{
    text::FunctionEntry{
        "$length", length, 1, 1,
        "$length(value): UTF-16 units of a text, as in JavaScript, elements of a list, members of an object"},
    text::FunctionEntry{"$upper", upper, 1, 1, "$upper(text): with A to Z for a to z"},
    text::FunctionEntry{"$lower", lower, 1, 1, "$lower(text): with a to z for A to Z"},
    text::FunctionEntry{"$trim", trim, 1, 1, "$trim(text): without white space at both ends"},
    text::FunctionEntry{"$slice", slice, 2, 3,
                        "$slice(text, begin, end): characters from begin to before end, or elements of a "
                        "list; negative numbers count from the end"},
    text::FunctionEntry{"$concat", concat, 1, 16, "$concat(value, …): one text of all"},
    text::FunctionEntry{"$join", join, 1, 2,
                        "$join(list, separator): one text of its elements, with commas unless told"},
    text::FunctionEntry{"$split", split, 2, 2, "$split(text, separator): the list of its parts"},
    text::FunctionEntry{"$replace", replace, 3, 3, "$replace(text, what, with): all of them"},
    text::FunctionEntry{"$padStart", pad_start, 2, 3,
                        "$padStart(text, length, fill): as long as told, blanks before it unless told"},
    text::FunctionEntry{"$text", to_text, 1, 1, "$text(value): as a template puts it into a text"},
    text::FunctionEntry{"$number", to_number, 1, 1, "$number(value): the number that a text holds"},
};

}  // namespace

Family text_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
