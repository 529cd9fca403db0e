// Help pages out of the option tables.
#include "loadgen/cli/options.hpp"

namespace loadgen::cli {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kIndent = 8;

/// Appends `text` broken at blanks, every line indented.
void append_wrapped(std::string& out, std::string_view text) {
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, blank);
        text.remove_prefix(std::min(blank + 1, text.size()));
        if (column != 0 && column + 1 + word.size() > kWidth) {
            out += '\n';
            column = 0;
        }
        if (column == 0) {
            out.append(kIndent, ' ');
            column = kIndent;
        } else {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    out += '\n';
}

void append_option(std::string& out, const Option& option) {
    out += "  -";
    out += option.name;
    if (!option.alias.empty()) {
        out += ", -";
        out += option.alias;
    }
    if (!option.value.placeholder.empty()) out += ' ' + option.value.placeholder;
    if (!option.default_text.empty()) {
        out += "  (default ";
        out += option.default_text;
        out += ')';
    }
    out += '\n';
    append_wrapped(out, option.help);
}

}  // namespace

std::string help_text(const CommandSpec& spec) {
    std::string out = "loadgen ";
    out += spec.name;
    out += " - ";
    out += spec.summary;
    out += "\n\nUsage:\n  ";
    out += spec.usage;
    out += '\n';
    if (!spec.description.empty()) (out += '\n') += spec.description;
    if (!spec.description.empty() && !spec.description.ends_with('\n')) out += '\n';
    for (const OptionGroup& group : spec.groups) {
        ((out += '\n') += group.title) += ":\n";
        for (const Option& option : group.options) append_option(out, option);
    }
    if (!spec.examples.empty()) (out += "\nExamples:\n") += spec.examples;
    if (!out.ends_with('\n')) out += '\n';
    return out;
}

}  // namespace loadgen::cli
