// Command line options as tables: one row an option; parser, help and completion all read the same row.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "loadgen/cli/option_value.hpp"

namespace loadgen::cli {

/// What an option takes, for help ("-timeout DURATION") and completion (files, fixed choices), and where the
/// text of the value goes. The error a setter returns is prefixed with the flag's name by the parser.
struct OptionValue {
    std::string placeholder;  ///< "DURATION"; empty for a bool flag, which takes a value only as -flag=false
    std::function<Result<void>(std::string_view)> set;
    std::vector<std::string> choices = {};  ///< completion offers these
    bool is_file = false;                   ///< completion offers file names
    bool is_bool = false;
};

/// One row. All texts are static.
struct Option {
    std::string_view name;  ///< without dashes; -name and --name are the same
    OptionValue value;
    std::string_view default_text;  ///< as shown by help; empty when there is none worth showing
    std::string_view help;          ///< one sentence, or a few
    std::string_view alias = {};    ///< a second name
};

struct OptionGroup {
    std::string_view title;  ///< "Connections"
    std::vector<Option> options;
};

/// A command as its users see it. The setters in `groups` point into a settings struct of the command, which
/// must outlive parsing.
struct CommandSpec {
    std::string_view name;         ///< "report"
    std::string_view summary;      ///< one line for `loadgen help`
    std::string_view usage;        ///< "loadgen report [flags] [file...]"
    std::string_view description;  ///< paragraphs that teach; may be empty
    std::string_view examples;     ///< indented command lines with a comment each
    std::vector<OptionGroup> groups = {};
    std::vector<std::string> words = {};  ///< completion offers these as the first argument; else files
    bool flags_anywhere = false;          ///< flags may follow arguments, as Artillery's users have them
};

/// Setters. Each writes into the variable it is given, which must outlive the table.
OptionValue into(bool& target);
OptionValue into(std::string& target, std::string placeholder = "TEXT");
OptionValue into(std::int64_t& target, std::string placeholder = "N");
OptionValue into(std::uint64_t& target, std::string placeholder = "N");
OptionValue into(Nanos& target, Nanos limit = kLongestOption);
OptionValue into_file(std::string& target);
OptionValue into_bytes(std::int64_t& target);  ///< see parse_byte_size; -1 = no limit
OptionValue into_list(std::vector<std::string>& target, std::string placeholder = "TEXT");  ///< repeatable
OptionValue into_choice(std::string& target, std::vector<std::string> choices);
/// For everything else: `set` gets the text and answers with the reason when it is no good.
OptionValue into_call(std::string placeholder, std::function<Result<void>(std::string_view)> set);

struct ParsedArguments {
    std::vector<std::string> positional;  ///< everything from the first word that is no flag
    std::set<std::string_view> given;     ///< canonical names of the flags that were there
    bool help = false;                    ///< -h, -help or --help was met; parsing stopped there
};

/// Go's flag rules: -name value, -name=value, one dash or two; bool flags take a value only after '=';
/// parsing stops at the first word that is no flag (unless spec.flags_anywhere), and after "--". `arguments`
/// are those after the command's name. The error (kUsage) names the flag, what was found and what is allowed,
/// and a similar known flag.
Result<ParsedArguments> parse_options(const CommandSpec& spec, std::span<char* const> arguments);

/// Parses, and does what every command does next: prints help to stdout (kExitPass) or the usage error to
/// stderr (kExitUsage). Returns true and fills `parsed` when the command is to go on.
bool parse_or_explain(const CommandSpec& spec, std::span<char* const> arguments, ParsedArguments& parsed,
                      int& exit_code);

/// Prints "loadgen <command>: <message>" to stderr.
void print_error(std::string_view command, std::string_view message);

/// The help page of a command, ending in a line break.
std::string help_text(const CommandSpec& spec);

/// The one of `known` that `word` most probably meant, or empty.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);

}  // namespace loadgen::cli
