// The first line is a schema, the rest a document (the schema itself when it is no JSON). A schema that
// compiles gives one verdict, however many violations are asked for, and each violation names a place and
// what was found.
#include <algorithm>
#include <cstdint>

#include "common/text/json_schema.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen::text;

using loadgen::test::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto schema = JsonSchema::compile(text.substr(0, end));
    if (!schema) {
        require(schema.error().message.find("found ") != std::string::npos, schema.error().message.c_str());
        return 0;
    }
    JsonDocument document;
    auto root = document.parse(text.substr(std::min(end + 1, text.size())));
    if (!root) root = document.parse(text.substr(0, end));
    const auto violations = schema->validate(*root, 5);
    require(violations.size() <= 5, "the limit holds");
    require(violations.empty() == schema->allows(*root), "one verdict");
    for (const auto& violation : violations) {
        require(violation.path.starts_with("$") && violation.message.find("found ") != std::string::npos,
                "a place and a reason");
    }
    return 0;
}
