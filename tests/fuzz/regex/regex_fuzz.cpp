// The first line is flags, the second a pattern, the rest a text. A pattern that compiles finds what it says
// it finds, and its groups lie inside the text.
#include <algorithm>
#include <cstdint>

#include "common/text/regex.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view flags = take_line(text);
    const std::string_view pattern = take_line(text);
    const auto regex = loadgen::text::Regex::compile(pattern, flags);
    if (!regex) {
        const std::string& message = regex.error().message;
        require(!message.empty(), "errors say something");
        // Whatever this reader lets through is in RE2's language, but for its limits and lists of properties.
        require(message.find("not supported: ") == std::string::npos ||
                    message.find("linear time") != std::string::npos ||
                    message.find("character class range: \\") != std::string::npos,
                message.c_str());
        return 0;
    }
    const auto match = regex->search(text);
    require(match.has_value() == regex->matches(text), "one answer");
    if (!match) return 0;
    require(match->groups.size() == regex->groups() + 1 && match->groups[0].set, "a place for each group");
    for (const auto& group : match->groups) {
        if (!group.set) continue;
        const bool inside = group.text.data() >= text.data() &&
                            group.text.data() + group.text.size() <= text.data() + text.size();
        require(inside || group.text.empty(), "groups are parts of the text");
    }
    return 0;
}
