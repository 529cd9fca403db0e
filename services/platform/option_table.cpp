#include "services/platform/option_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "common/base/duration_text.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::uint64_t kMaxPort = 65535;
constexpr std::size_t kColumn = 28;
constexpr std::size_t kWidth = 110;

/// The number in all of `text`.
template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <typename Number>
OptionValue bounded(Number& target, std::uint64_t lowest, std::uint64_t highest) {
    return {"N", "a number from " + std::to_string(lowest) + " to " + std::to_string(highest),
            [&target, lowest, highest](std::string_view text) {
                const auto value = whole_number<std::uint64_t>(text);
                if (!value || *value < lowest || *value > highest) return false;
                target = static_cast<Number>(*value);
                return true;
            }};
}

std::string decimal_text(double value) {
    std::string text(32, '\0');
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    text.resize(static_cast<std::size_t>(end - text.data()));
    return text;
}

Error usage(std::string_view name, const std::string& what) {
    return {ErrorCode::kUsage, std::string(name) + ": " + what};
}

/// Reads the option at `index`, and moves `index` on when its value is the next argument.
Result<void> read_option(std::span<const OptionGroup> groups, std::span<const std::string_view> arguments,
                         std::size_t& index, Arguments& read) {
    const std::string_view argument = arguments[index];
    const auto equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const Option* option = find_option(groups, name);
    if (option == nullptr) return usage(name, "no such option; --help lists them");
    std::string_view value;
    if (option->value.placeholder.empty()) {
        if (equals != std::string_view::npos) return usage(name, "takes no value");
    } else if (equals != std::string_view::npos) {
        value = argument.substr(equals + 1);
    } else if (++index < arguments.size()) {
        value = arguments[index];
    } else {
        return usage(name, "needs a value: " + option->value.allowed);
    }
    if (!option->value.set(value)) {
        return usage(name, '"' + std::string(value) + "\" must be " + option->value.allowed);
    }
    read.given.emplace_back(option->name, value);
    return {};
}

/// Breaks `text` at spaces so that nothing passes kWidth; later lines begin at kColumn.
void append_wrapped(std::string& out, std::size_t column, std::string_view text) {
    while (!text.empty()) {
        const auto space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        if (column + word.size() > kWidth) {
            out += '\n' + std::string(kColumn, ' ');
            column = kColumn;
        } else if (out.back() != ' ') {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    }
    out += '\n';
}

}  // namespace

OptionValue into_switch(bool& target) {
    return {"on|off", "on or off", [&target](std::string_view text) {
                if (text != "on" && text != "off") return false;
                target = text == "on";
                return true;
            }};
}

OptionValue into_flag(bool& target) {
    return {"", "", [&target](std::string_view) { return target = true; }};
}

OptionValue into_text(std::string& target, std::string placeholder, std::string allowed) {
    return {std::move(placeholder), std::move(allowed), [&target](std::string_view text) {
                target = text;
                return !text.empty();
            }};
}

OptionValue into_number(std::uint64_t& target, std::uint64_t lowest, std::uint64_t highest) {
    return bounded(target, lowest, highest);
}

OptionValue into_number(unsigned& target, unsigned lowest, unsigned highest) {
    return bounded(target, lowest, highest);
}

OptionValue into_port(std::uint16_t& target) {
    return bounded(target, 0, kMaxPort);
}

OptionValue into_decimal(double& target, double lowest, double highest) {
    return {"X", "a number from " + decimal_text(lowest) + " to " + decimal_text(highest),
            [&target, lowest, highest](std::string_view text) {
                const auto value = whole_number<double>(text);
                if (!value || !std::isfinite(*value) || *value < lowest || *value > highest) return false;
                target = *value;
                return true;
            }};
}

OptionValue into_duration(Nanos& target, Nanos lowest, Nanos highest) {
    return {"TIME", "a time from " + format_duration(lowest) + " to " + format_duration(highest),
            [&target, lowest, highest](std::string_view text) {
                const auto value = parse_duration(text);
                if (!value || *value < lowest || *value > highest) return false;
                target = *value;
                return true;
            }};
}

const Option* find_option(std::span<const OptionGroup> groups, std::string_view name) {
    for (const OptionGroup& group : groups) {
        for (const Option& option : group.options) {
            if (option.name == name) return &option;
        }
    }
    return nullptr;
}

Result<Arguments> parse_options(std::span<const OptionGroup> groups,
                                std::span<const std::string_view> arguments) {
    Arguments read;
    bool words_only = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (words_only || !argument.starts_with('-')) {
            read.words.push_back(argument);
        } else if (argument == "--") {
            words_only = true;
        } else if (argument == "--help" || argument == "-h") {
            read.help = true;
            return read;
        } else {
            auto done = read_option(groups, arguments, i, read);
            if (!done) return std::move(done).error();
        }
    }
    return read;
}

std::string options_help(std::span<const OptionGroup> groups) {
    std::string text;
    for (const OptionGroup& group : groups) {
        text += (text.empty() ? "" : "\n") + std::string(group.title) + ":\n";
        for (const Option& option : group.options) {
            std::string left = "  " + std::string(option.name);
            if (!option.value.placeholder.empty()) left += ' ' + option.value.placeholder;
            left.resize(std::max(kColumn, left.size() + 1), ' ');
            text += left;
            append_wrapped(text, left.size(), option.help);
        }
    }
    return text;
}

}  // namespace loadgen::services::platform
