// Whatever is read is a tree with marks inside the text and unique keys, and its JSON reads back as the same
// value.
#include <algorithm>
#include <set>

#include "common/text/yaml.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::text::Mark;
using loadgen::text::YamlNode;

using loadgen::test::require;

void check_mark(const Mark& mark, std::size_t lines) {
    require(mark.line >= 1 && mark.line <= lines && mark.column >= 1, "marks point into the text");
}

void check(const YamlNode& node, std::size_t lines, std::size_t depth) {
    check_mark(node.mark, lines);
    require(depth < 20, "the tree is no deeper than allowed");
    for (const YamlNode& item : node.items) check(item, lines, depth + 1);
    std::set<std::string_view> keys;
    for (const auto& member : node.members) {
        check_mark(member.key_mark, lines);
        require(keys.insert(member.key).second, "keys are unique");
        check(member.value, lines, depth + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr loadgen::text::YamlLimits kLimits{
        .max_bytes = 1U << 16U, .max_nodes = 5000, .max_depth = 20, .max_text_bytes = 1U << 18U};
    const auto result = loadgen::text::parse_yaml(text, "f.yml", kLimits);
    require(result.ok || !result.findings.empty(), "errors say something");
    // '\r' alone ends a line, too.
    const auto lines = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }));
    for (const auto& finding : result.findings) {
        require(!finding.message.empty() && finding.message.find('\n') == std::string::npos,
                "one line of text");
        if (finding.mark.line > 0) check_mark(finding.mark, lines + 1);
    }
    if (!result.ok) return 0;
    check(result.root, lines + 1, 0);
    std::string json;
    to_value(result.root).append_json(json);
    const auto again = loadgen::text::parse_yaml(json, "f.json", {.max_bytes = 1U << 26U});
    require(again.ok, "JSON is YAML");
    std::string twice;
    to_value(again.root).append_json(twice);
    require(twice == json, "JSON reads back as the same value");
    return 0;
}
