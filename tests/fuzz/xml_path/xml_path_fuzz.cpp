// The first line is a path, the rest a document. Whatever both are, there is an answer within the limits, or
// a reason.
#include <algorithm>
#include <cstdint>

#include "common/text/xml_path.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen::text;

using loadgen::test::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    constexpr MarkupLimits kLimits{
        .max_bytes = 1U << 16U, .max_elements = 200, .max_matches = 100, .max_text_bytes = 1U << 20U};
    const auto path = XmlPath::compile(text.substr(0, end));
    if (!path) {
        require(path.error().message.find("found ") != std::string::npos, "errors say what was found");
        return 0;
    }
    const auto values = path->select(text.substr(std::min(end + 1, text.size())), kLimits);
    if (!values) {
        require(!values.error().message.empty(), "errors say something");
        return 0;
    }
    require(values->size() <= 100, "the limit holds");
    for (const Value& value : *values)
        require(!value.is_undefined() && !value.is_array(), "one plain value each");
    return 0;
}
