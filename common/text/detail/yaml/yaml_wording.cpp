#include <algorithm>
#include <array>

#include "common/text/detail/yaml/yaml_raw.hpp"

namespace loadgen::text {
namespace {

/// What yaml-cpp says, and what to tell a reader instead: what would have been right at that place.
struct Wording {
    std::string_view message;
    std::string_view expected;
};
constexpr std::array kWordings{
    Wording{"end of map not found", "a key at the indentation of the keys above, or less indentation"},
    Wording{"end of map flow not found", "',' or '}'"},
    Wording{"end of sequence not found", "\"- \" at the indentation of the list above, or less indentation"},
    Wording{"end of sequence flow not found", "',' or ']'"},
    Wording{"cannot assign multiple tags to the same node", "one tag for a value"},
    Wording{"cannot assign multiple anchors to the same node", "one anchor for a value"},
    Wording{"aliases can't have any content, *including* tags", "nothing but the alias"},
    Wording{"bad character found while scanning hex number", "hexadecimal digits after \\x, \\u or \\U"},
    Wording{"invalid unicode: ", "the number of a Unicode character"},
    Wording{"unknown escape character: ", "an escape of YAML, such as \\n, \\t, \\\" or \\u00e9"},
    Wording{"unknown token", "a value (a text that begins with @, ` or % has to stand in quotes)"},
    Wording{"illegal document indicator in scalar", "the closing quote before --- or ..."},
    Wording{"illegal EOF in scalar", "the closing quote"},
    Wording{"illegal character in scalar", "the text at the indentation of its first line"},
    Wording{"illegal tab when looking for indentation", "spaces"},
    Wording{"illegal flow end", "no ']' or '}' where no '[' or '{' is open"},
    Wording{"illegal block entry", "\"- \" only at the start of a line or after another \"- \""},
    Wording{"illegal map key", "a key only at the start of a line, or inside { }"},
    Wording{"illegal map value", "one value (a text with \": \" in it has to stand in quotes)"},
    Wording{"alias not found after *", "the name of an anchor after *"},
    Wording{"anchor not found after &", "a name after &"},
    Wording{"illegal character found while scanning alias", "white space after the name"},
    Wording{"illegal character found while scanning anchor", "white space after the name"},
    Wording{"cannot set zero indentation for a block scalar", "an indentation from 1 to 9"},
    Wording{"unexpected character in block scalar", "the end of the line after | or >"},
    Wording{"the referenced anchor is not defined", "an anchor of that name before the alias"},
    Wording{"illegal character found while scanning tag handle", "a tag such as !!str"},
    Wording{"tag handle with no suffix", "a tag such as !!str"},
    Wording{"end of verbatim tag not found", "'>' after the tag"},
};

constexpr std::string_view kTabs = " (tabs cannot indent)";

/// The mistake that most often stands behind a fault in this line; empty when there is no sign of it.
std::string_view hint(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::string_view line = text.substr(before.rfind('\n') + 1);  // npos + 1 is 0: the first line
    if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
        return kTabs;
    }
    const bool is_template = before.substr(before.rfind('\n') + 1).find("{{") != std::string_view::npos;
    return is_template ? " (a text that begins with {{ has to stand in quotes)" : "";
}

}  // namespace

std::string yaml_fault_text(std::string_view fault, std::string_view text, std::size_t offset) {
    std::string message = "found " + found_at(text, offset);
    const auto wording = std::find_if(kWordings.begin(), kWordings.end(), [&fault](const Wording& candidate) {
        return std::string_view(fault).starts_with(candidate.message);
    });
    if (wording == kWordings.end()) return (message += ": ") += fault;
    const std::string_view mistake = hint(text, offset);
    (message += ", expected ") += mistake == kTabs ? std::string_view("spaces") : wording->expected;
    return message += mistake;
}

std::string too_deep(const YamlLimits& limits) {
    return "found more levels of nesting than the " + std::to_string(limits.max_depth) + " that are allowed";
}

std::string too_many_nodes(const YamlLimits& limits) {
    return "found more values than the " + std::to_string(limits.max_nodes) + " that are allowed";
}

}  // namespace loadgen::text
