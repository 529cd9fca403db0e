// Command line options as tables: one row an option; parser, messages and help come from the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::platform {

/// What an option takes and where it goes.
struct OptionValue {
    std::string placeholder;  ///< its name in the help; empty when the option takes none
    std::string allowed;      ///< completes "must be ..."
    std::function<bool(std::string_view)> set;
};

/// One row. The texts are static.
struct Option {
    std::string_view name;  ///< "--port"
    OptionValue value;
    std::string_view help;  ///< ends in its default, in brackets
};

struct OptionGroup {
    std::string_view title;  ///< "Server"
    std::vector<Option> options;
};

/// Setters write into the variable they are given, which must outlive the table. Bounds are inclusive.
OptionValue into_switch(bool& target);  ///< on or off
OptionValue into_flag(bool& target);    ///< takes no value
OptionValue into_text(std::string& target, std::string placeholder, std::string allowed);
OptionValue into_number(std::uint64_t& target, std::uint64_t lowest, std::uint64_t highest);
OptionValue into_number(unsigned& target, unsigned lowest, unsigned highest);
OptionValue into_port(std::uint16_t& target);
OptionValue into_decimal(double& target, double lowest, double highest);
OptionValue into_duration(Nanos& target, Nanos lowest, Nanos highest);

struct Arguments {
    std::vector<std::string_view> words;                               ///< what is no option, in order
    std::vector<std::pair<std::string_view, std::string_view>> given;  ///< options as given: name, value
    bool help = false;  ///< --help was met; nothing after it was read
};

/// Reads "--name value" and "--name=value"; options and words may be mixed, after "--" there are words only.
/// kUsage names the option, what was found and what is allowed.
Result<Arguments> parse_options(std::span<const OptionGroup> groups,
                                std::span<const std::string_view> arguments);

/// A headline a group, a line an option; long texts go on below themselves.
std::string options_help(std::span<const OptionGroup> groups);

/// The row of this name, or null.
const Option* find_option(std::span<const OptionGroup> groups, std::string_view name);

}  // namespace loadgen::services::platform
