#include "loadgen/cli/options.hpp"

#include <algorithm>
#include <cstdio>

#include "common/base/duration_text.hpp"
#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/option_value.hpp"

namespace loadgen::cli {
namespace {

/// A setter that parses with `parse` and stores the value.
template <typename T, typename Parse>
OptionValue stored(std::string placeholder, T& target, Parse parse) {
    const auto set = [&target, parse](std::string_view text) -> Result<void> {
        auto value = parse(text);
        if (!value) return std::move(value).error();
        target = *value;
        return {};
    };
    return {std::move(placeholder), set};
}

const Option* find_option(const CommandSpec& spec, std::string_view name) {
    for (const OptionGroup& group : spec.groups) {
        for (const Option& option : group.options) {
            if (option.name == name || (!option.alias.empty() && option.alias == name)) return &option;
        }
    }
    return nullptr;
}

Error unknown_flag(const CommandSpec& spec, std::string_view name) {
    std::vector<std::string_view> known;
    for (const OptionGroup& group : spec.groups) {
        for (const Option& option : group.options) {
            known.push_back(option.name);
            if (!option.alias.empty()) known.push_back(option.alias);
        }
    }
    std::string message = "unknown flag -" + std::string(name);
    const std::string_view similar = nearest_word(name, known);
    if (!similar.empty()) message += ", did you mean -" + std::string(similar) + "?";
    return {ErrorCode::kUsage, std::move(message)};
}

/// A word taken apart: "-name=value" or "--name".
struct Flag {
    std::string_view name;
    std::string_view value;
    bool has_value = false;
};

Result<Flag> split_flag(std::string_view word) {
    std::string_view rest = word.substr(word.starts_with("--") ? 2 : 1);
    if (rest.empty() || rest.front() == '-' || rest.front() == '=') {
        return Error{ErrorCode::kUsage, "bad flag syntax: found \"" + std::string(word) +
                                            "\", expected -name, -name=value or -name value"};
    }
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return Flag{rest, {}, false};
    return Flag{rest.substr(0, equals), rest.substr(equals + 1), true};
}

/// Applies the flag at `arguments[at]`; advances `at` past what it used.
Result<void> take_flag(const CommandSpec& spec, std::span<char* const> arguments, std::size_t& at,
                       ParsedArguments& parsed) {
    auto flag = split_flag(arguments[at++]);
    if (!flag) return std::move(flag).error();
    const Option* option = find_option(spec, flag->name);
    if (option == nullptr) {
        if (flag->name == "h" || flag->name == "help") {
            parsed.help = true;
            return {};
        }
        return unknown_flag(spec, flag->name);
    }
    if (!flag->has_value && option->value.is_bool) {
        flag->value = "true";
    } else if (!flag->has_value) {
        if (at == arguments.size()) {
            return Error{ErrorCode::kUsage, "flag -" + std::string(option->name) + " needs a value: -" +
                                                std::string(option->name) + " " + option->value.placeholder};
        }
        flag->value = arguments[at++];
    }
    if (auto set = option->value.set(flag->value); !set) {
        return with_context("flag -" + std::string(option->name) + ": ", set.error());
    }
    parsed.given.insert(option->name);
    return {};
}

/// Letters inserted, left out, changed, or swapped with their neighbour (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                                   cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace

OptionValue into(bool& target) {
    OptionValue value = stored("", target, parse_bool);
    value.is_bool = true;
    return value;
}

OptionValue into(std::string& target, std::string placeholder) {
    return stored(std::move(placeholder), target,
                  [](std::string_view text) -> Result<std::string> { return std::string(text); });
}

OptionValue into(std::int64_t& target, std::string placeholder) {
    return stored(std::move(placeholder), target, parse_int);
}

OptionValue into(std::uint64_t& target, std::string placeholder) {
    return stored(std::move(placeholder), target, parse_uint);
}

OptionValue into(Nanos& target, Nanos limit) {
    return stored("DURATION", target,
                  [limit](std::string_view text) { return parse_limited_duration(text, limit); });
}

OptionValue into_file(std::string& target) {
    OptionValue value = into(target, "FILE");
    value.is_file = true;
    return value;
}

OptionValue into_bytes(std::int64_t& target) {
    return stored("SIZE", target, parse_byte_size);
}

OptionValue into_list(std::vector<std::string>& target, std::string placeholder) {
    const auto set = [&target](std::string_view text) -> Result<void> {
        target.emplace_back(text);
        return {};
    };
    return {std::move(placeholder), set};
}

OptionValue into_choice(std::string& target, std::vector<std::string> choices) {
    std::string placeholder;
    for (const std::string& choice : choices) placeholder += (placeholder.empty() ? "" : "|") + choice;
    const auto set = [&target, choices, placeholder](std::string_view text) -> Result<void> {
        if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
            const std::vector<std::string_view> known(choices.begin(), choices.end());
            const std::string_view similar = nearest_word(text, known);
            std::string message = "found \"" + std::string(text) + "\", expected one of " + placeholder;
            if (!similar.empty()) message += " (did you mean " + std::string(similar) + "?)";
            return Error{ErrorCode::kUsage, std::move(message)};
        }
        target = text;
        return {};
    };
    return {placeholder, set, std::move(choices)};
}

OptionValue into_call(std::string placeholder, std::function<Result<void>(std::string_view)> set) {
    return {std::move(placeholder), std::move(set)};
}

Result<ParsedArguments> parse_options(const CommandSpec& spec, std::span<char* const> arguments) {
    ParsedArguments parsed;
    std::size_t at = 0;
    while (at < arguments.size() && !parsed.help) {
        const std::string_view word = arguments[at];
        if (word.size() < 2 || word.front() != '-') {
            if (!spec.flags_anywhere) break;
            parsed.positional.emplace_back(word);
            ++at;
            continue;
        }
        if (word == "--") {
            ++at;
            break;
        }
        if (auto taken = take_flag(spec, arguments, at, parsed); !taken) return taken.error();
    }
    parsed.positional.insert(parsed.positional.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at),
                             arguments.end());
    return parsed;
}

bool parse_or_explain(const CommandSpec& spec, std::span<char* const> arguments, ParsedArguments& parsed,
                      int& exit_code) {
    auto result = parse_options(spec, arguments);
    if (!result) {
        print_error(spec.name, result.error().message + "\nRun 'loadgen " + std::string(spec.name) +
                                   " --help' for its flags.");
        exit_code = kExitUsage;
        return false;
    }
    parsed = std::move(*result);
    if (!parsed.help) return true;
    const std::string text = help_text(spec);
    std::fwrite(text.data(), 1, text.size(), stdout);
    exit_code = kExitPass;
    return false;
}

void print_error(std::string_view command, std::string_view message) {
    const std::string line = "loadgen " + std::string(command) + ": " + std::string(message) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t kLongestTypo = 64;
    std::string_view best;
    if (word.size() > kLongestTypo) return best;
    // A third of the letters wrong is a typo; more is another word.
    std::size_t limit = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= limit || distance >= candidate.size()) continue;
        limit = distance;
        best = candidate;
    }
    return best;
}

}  // namespace loadgen::cli
