#include "loadgen/scenario/artillery/scalars.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "loadgen/scenario/artillery/findings.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr double kNanosPerSecond = 1e9;
constexpr double kLongestSeconds = 100.0 * 365.25 * 24 * 3600;  // keeps sums of durations inside of 64 bits

struct Unit {
    std::string_view names;  ///< each between blanks
    double seconds;
};

constexpr std::array<Unit, 7> kUnits{{{" millisecond milliseconds msec msecs ms ", 0.001},
                                      {" second seconds sec secs s ", 1},
                                      {" minute minutes min mins m ", 60},
                                      {" hour hours hr hrs h ", 3600},
                                      {" day days d ", 86'400},
                                      {" week weeks w ", 604'800},
                                      {" year years yr yrs y ", 31'557'600}}};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<double> decimal(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> unit_seconds(std::string_view unit) {
    std::string wanted = " ";
    for (const char c : unit) wanted += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    wanted += ' ';
    if (wanted.find(' ', 1) != wanted.size() - 1) return std::nullopt;
    for (const Unit& candidate : kUnits)
        if (candidate.names.find(wanted) != candidate.names.npos) return candidate.seconds;
    return std::nullopt;
}

}  // namespace

bool has_template(std::string_view text) {
    return text.find("{{") != text.npos;
}

std::optional<double> number_of(const Node& node) {
    return node.is_scalar() ? decimal(trimmed(node.scalar)) : std::nullopt;
}

std::optional<std::uint64_t> whole_of(const Node& node) {
    const auto number = number_of(node);
    if (!number || *number < 0 || *number > 9e15 || *number != std::floor(*number)) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

std::optional<bool> bool_of(const Node& node) {
    if (!node.is_scalar()) return std::nullopt;
    if (node.scalar == "true" || node.scalar == "True" || node.scalar == "TRUE") return true;
    if (node.scalar == "false" || node.scalar == "False" || node.scalar == "FALSE") return false;
    return std::nullopt;
}

std::optional<DurationText> duration_of(std::string_view text) {
    text = trimmed(text);
    const std::size_t end = text.find_first_not_of("0123456789.+-");
    const std::string_view digits = text.substr(0, end);
    const std::string_view unit = end == text.npos ? std::string_view() : trimmed(text.substr(end));
    const auto number = decimal(digits);
    if (!number || *number < 0) return std::nullopt;
    const auto factor = unit.empty() ? std::optional(1.0) : unit_seconds(unit);
    if (!factor || *number * *factor > kLongestSeconds) return std::nullopt;
    return DurationText{Nanos(std::llround(*number * *factor * kNanosPerSecond)),
                        unit.empty() && *number != std::floor(*number)};
}

std::optional<DurationText> duration_of(const Node& node) {
    return node.is_scalar() ? duration_of(node.scalar) : std::nullopt;
}

std::string found(const Node& node) {
    switch (node.kind) {
        case Node::Kind::kNull:
            return "nothing";
        case Node::Kind::kScalar:
            return shown(node.scalar);
        case Node::Kind::kSequence:
            return "a list";
        case Node::Kind::kMap:
            return "a map";
    }
    return "nothing";
}

}  // namespace loadgen::scenario::artillery
