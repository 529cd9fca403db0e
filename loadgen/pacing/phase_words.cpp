#include "loadgen/pacing/phase_words.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "common/base/duration_text.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::pacing {
namespace {

constexpr std::size_t kMaxPhaseText = 4096;
constexpr std::string_view kBlanks = " \t\r\n";

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, last);
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row.back();
}

/// Takes a value at `at`: bare up to a blank, or in double quotes. None when the quote never ends.
std::optional<std::string> take_value(std::string_view text, std::size_t& at) {
    if (at < text.size() && text[at] == '"') {
        const std::size_t end = text.find('"', at + 1);
        if (end == text.npos) return std::nullopt;
        std::string value(text.substr(at + 1, end - at - 1));
        at = end + 1;
        return value;
    }
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    std::string value(text.substr(at, end - at));
    at = end;
    return value;
}

}  // namespace

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> words) {
    constexpr std::size_t kLongest = 40;
    if (word.size() > kLongest) return {};
    std::string_view nearest;
    std::size_t best = 3;
    for (const std::string_view candidate : words) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best && 2 * distance < candidate.size()) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string joined(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view word : words) {
        if (!list.empty()) list += ", ";
        list += word;
    }
    return list;
}

Result<PhaseWords> PhaseWords::split(std::string_view text, std::size_t number) {
    PhaseWords words;
    words.number_ = number;
    if (text.size() > kMaxPhaseText)
        return words.error(1, "longer than " + std::to_string(kMaxPhaseText) + " bytes", ErrorCode::kLimit);
    std::size_t at = text.find_first_not_of(kBlanks);
    if (at == text.npos) return words.error(1, "empty; expected a kind such as constant, then key=value");
    const std::size_t kind_end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.kind_ = text.substr(at, kind_end - at);
    words.kind_column_ = at + 1;
    at = text.find_first_not_of(kBlanks, kind_end);
    while (at < text.size()) {
        Argument argument;
        argument.key_column = at + 1;
        const std::size_t key_end = std::min(text.find_first_of(" \t\r\n=", at), text.size());
        argument.key = text.substr(at, key_end - at);
        if (argument.key.empty()) return words.error(at + 1, "found '=', expected a key before it");
        at = key_end;
        if (at < text.size() && text[at] == '=') {
            argument.has_value = true;
            argument.value_column = ++at + 1;
            std::optional<std::string> value = take_value(text, at);
            if (!value) return words.error(argument.value_column, "the quote is not closed");
            argument.value = std::move(*value);
        }
        if (at < text.size() && kBlanks.find(text[at]) == kBlanks.npos)
            return words.error(at + 1, "expected a blank after the quoted value");
        words.arguments_.push_back(std::move(argument));
        at = text.find_first_not_of(kBlanks, at);
    }
    return words;
}

const PhaseWords::Argument* PhaseWords::find(std::string_view key) const {
    for (const Argument& argument : arguments_)
        if (argument.key == key) return &argument;
    return nullptr;
}

Result<void> PhaseWords::check_keys(std::span<const std::string_view> keys) const {
    for (const Argument& argument : arguments_) {
        if (std::find(keys.begin(), keys.end(), argument.key) == keys.end()) {
            std::string message = "unknown key \"" + quoted_start(argument.key) + "\"; ";
            const std::string_view nearest = nearest_word(argument.key, keys);
            if (!nearest.empty()) message += "did you mean \"" + std::string(nearest) + "\"? ";
            return error(argument.key_column, message + kind_ + " takes " + joined(keys));
        }
        if (find(argument.key) != &argument)
            return error(argument.key_column, "key \"" + argument.key + "\" is given twice");
    }
    return {};
}

Result<const PhaseWords::Argument*> PhaseWords::required(std::string_view key) const {
    const Argument* argument = find(key);
    if (argument == nullptr)
        return error(kind_column_, kind_ + " needs " + std::string(key) + "=, which is missing");
    if (argument->has_value && !argument->value.empty()) return argument;
    return error(argument->key_column,
                 "key \"" + std::string(key) + "\" needs a value: " + std::string(key) + "=...");
}

Error PhaseWords::error(std::size_t column, std::string message, ErrorCode code) const {
    return {code, "phase " + std::to_string(number_) + ", column " + std::to_string(column) + ": " +
                      std::move(message)};
}

Error PhaseWords::bad_value(const Argument& argument, std::string_view why) const {
    return error(argument.value_column, argument.key + ": " + std::string(why));
}

Result<Rate> PhaseWords::rate(std::string_view key) const {
    const Result<const Argument*> argument = required(key);
    if (!argument) return argument.error();
    if ((*argument)->value == "infinity")
        return bad_value(**argument, "a phase needs a finite rate; unlimited load is a closed loop");
    Result<Rate> rate = parse_rate((*argument)->value);
    if (!rate) return bad_value(**argument, rate.error().message);
    return rate;
}

Result<Nanos> PhaseWords::instant(std::string_view key) const {
    const Result<const Argument*> argument = required(key);
    if (!argument) return argument.error();
    const Result<Nanos> span = parse_duration((*argument)->value);
    if (!span && span.error().code != ErrorCode::kLimit) return bad_value(**argument, span.error().message);
    if (span && *span < Nanos(0)) return bad_value(**argument, "must not be negative");
    if (!span || *span > kLongestSpan) return bad_value(**argument, "must not exceed 720h");
    return *span;
}

Result<Nanos> PhaseWords::span(std::string_view key) const {
    Result<Nanos> span = instant(key);
    if (span && *span == Nanos(0)) return bad_value(*find(key), "must be longer than zero");
    return span;
}

Result<std::optional<Nanos>> PhaseWords::optional_span(std::string_view key) const {
    if (find(key) == nullptr) return std::optional<Nanos>{};
    const Result<Nanos> given = span(key);
    if (!given) return given.error();
    return std::optional<Nanos>(*given);
}

Result<std::string> PhaseWords::text(std::string_view key) const {
    const Result<const Argument*> argument = required(key);
    if (!argument) return argument.error();
    return (*argument)->value;
}

Result<std::optional<std::uint64_t>> PhaseWords::count(std::string_view key) const {
    if (find(key) == nullptr) return std::optional<std::uint64_t>{};
    const Result<const Argument*> argument = required(key);
    if (!argument) return argument.error();
    const std::string& value = (*argument)->value;
    std::uint64_t count = 0;
    const auto [stopped, failure] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (failure != std::errc{} || stopped != value.data() + value.size() || count == 0)
        return bad_value(**argument,
                         "bad count \"" + quoted_start(value) + "\"; expected a whole number above 0");
    return std::optional<std::uint64_t>(count);
}

Result<bool> PhaseWords::flag(std::string_view key) const {
    const Argument* argument = find(key);
    if (argument == nullptr) return false;
    if (!argument->has_value || argument->value == "true") return true;
    if (argument->value == "false") return false;
    return bad_value(*argument,
                     "found \"" + quoted_start(argument->value) + "\"; expected true, false or nothing");
}

Result<std::size_t> PhaseWords::choice(std::string_view key, std::span<const std::string_view> choices,
                                       std::size_t fallback) const {
    if (find(key) == nullptr) return fallback;
    const Result<const Argument*> argument = required(key);
    if (!argument) return argument.error();
    const auto found = std::find(choices.begin(), choices.end(), (*argument)->value);
    if (found == choices.end())
        return bad_value(**argument, "found \"" + quoted_start((*argument)->value) + "\"; expected one of " +
                                         joined(choices));
    return static_cast<std::size_t>(found - choices.begin());
}

}  // namespace loadgen::pacing
