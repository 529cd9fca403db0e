// What the families share. Private to built_in_functions.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/random.hpp"
#include "common/text/scope.hpp"
#include "common/text/value.hpp"
#include "common/text/value_path.hpp"

namespace loadgen::scripting {

using Arguments = std::span<const text::Value>;

/// Texts, lists and numbers that functions make are no larger.
inline constexpr double kMostMade = 1'000'000;

/// Notes why `function` gives nothing.
inline text::Value refuse(text::CallContext& context, std::string_view function, std::string_view why) {
    (((context.fault = function) += ": ") += why);
    return {};
}

/// "found a number, expected a list".
inline text::Value refuse_kind(text::CallContext& context, std::string_view function,
                               const text::Value& found, std::string_view expected) {
    std::string why = "found ";
    ((why += text::kind_name(found.kind())) += ", expected ") += expected;
    return refuse(context, function, why);
}

inline bool has_argument(Arguments arguments, std::size_t index) {
    return index < arguments.size() && !arguments[index].is_undefined();
}

/// The elements whose member has this value. They live as long as the list.
inline std::vector<const text::Value*> with_member(const text::Value::Array& list, std::string_view member,
                                                   const text::Value& value) {
    std::vector<const text::Value*> found;
    for (const text::Value& element : list) {
        if (text::member_value(element, member) == value) found.push_back(&element);
    }
    return found;
}

/// A whole number, both ends included.
inline std::int64_t whole_between(Random& random, std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least) + 1));
}

template <std::size_t N>
std::string_view any_of(Random& random, const std::array<std::string_view, N>& words) {
    return words[random.below(N)];
}

/// A text of so many characters of the alphabet, which is ASCII.
inline std::string drawn_from(Random& random, std::string_view alphabet, std::size_t length) {
    std::string made;
    made.reserve(length);
    while (made.size() < length) made += alphabet[random.below(alphabet.size())];
    return made;
}

/// Lower case.
inline std::string hex_digits(Random& random, std::size_t count) {
    return drawn_from(random, "0123456789abcdef", count);
}

/// 0 to 10000 with two decimals.
inline text::Value hundredths(text::CallContext& context, Arguments) {
    return text::Value(std::round(context.random.uniform() * 1'000'000) / 100);
}

/// A for a to Z for z; other letters stay.
inline std::string upper_case(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    return text;
}

/// a for A to z for Z; other letters stay.
inline std::string lower_case(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return text;
}

/// With a capital letter in front.
inline std::string capitalised(std::string_view word) {
    const std::string_view head = word.substr(0, 1);
    return upper_case(std::string(head)).append(word.substr(head.size()));
}

/// A text whose every '#' is a digit and every '?' a lower-case letter.
inline std::string filled(Random& random, std::string_view pattern) {
    std::string made(pattern);
    for (char& c : made) {
        if (c == '#') c = static_cast<char>('0' + random.below(10));
        if (c == '?') c = static_cast<char>('a' + random.below(26));
    }
    return made;
}

/// A function that gives one of these words.
template <const auto& kWords>
text::Value one_of(text::CallContext& context, Arguments) {
    return text::Value(any_of(context.random, kWords));
}

/// A function of a generator of texts.
template <std::string (*kMake)(Random&)>
text::Value made_by(text::CallContext& context, Arguments) {
    return text::Value(kMake(context.random));
}

/// Entries of the fake-data plugin: no arguments, and in a template always a text.
constexpr text::FunctionEntry fake(std::string_view name, text::Function call, std::string_view usage) {
    return {name, call, 0, 0, usage, true};
}

}  // namespace loadgen::scripting
