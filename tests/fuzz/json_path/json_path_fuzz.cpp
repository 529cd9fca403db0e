// The first line is a path, the rest a document (a fixed one when it is no JSON). A path that compiles
// selects as many values as nodes, never more than it may, and the first ones do not depend on how many there
// may be.
#include <algorithm>
#include <cstdint>

#include "common/text/json_path.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen::text;

constexpr std::string_view kDocument =
    R"({"a":[1,-2.5,"x",null,{"b":"kilo","length":3},[true,[false]]],"b":{"a":{"a":1},"c":"é"},"0":[]})";

using loadgen::test::require;

std::string text_of(JsonValue value) {
    std::string out;
    to_value(value).append_json(out);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto path = JsonPath::compile(text.substr(0, end));
    if (!path) {
        require(!path.error().message.empty(), "errors say something");
        return 0;
    }
    JsonDocument document;
    auto root = document.parse(text.substr(std::min(end + 1, text.size())));
    if (!root) root = document.parse(kDocument);
    const auto nodes = path->select(*root, 100);
    require(nodes.size() <= 100, "the limit holds");
    require(path->values(*root, 100).size() >= nodes.size(), "a value for each node");
    const auto few = path->select(*root, 3);
    require(few.size() == std::min<std::size_t>(3, nodes.size()), "as many as there may be");
    for (std::size_t i = 0; i < few.size(); ++i)
        require(text_of(few[i]) == text_of(nodes[i]), "the first ones");
    const auto truth = JsonPath::compile(text.substr(0, end), JsonPath::Tests::kTruth);
    require(truth.has_value(), "what a test asks for is no matter of the grammar");
    if (text.find("?") > end) require(truth->select(*root, 100).size() == nodes.size(), "no filter, no test");
    return 0;
}
