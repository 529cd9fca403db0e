// The first line is a selector, the rest a document. Whatever both are, there is an answer or a reason; each
// match of the text is one of the attribute, and * finds at least as many.
#include <algorithm>
#include <cstdint>

#include "common/text/html_select.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen::text;

using loadgen::test::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view html = text.substr(std::min(end + 1, text.size()));
    constexpr MarkupLimits kLimits{.max_bytes = 1U << 16U,
                                   .max_elements = 500,
                                   .max_matches = 100,
                                   .max_memory_bytes = 4U << 20U,
                                   .max_text_bytes = 1U << 20U};
    const auto selector = HtmlSelector::compile(text.substr(0, end));
    if (!selector) {
        require(selector.error().message.find("found ") != std::string::npos, "errors say what was found");
        return 0;
    }
    const auto texts = selector->select(html, {}, kLimits);
    const auto ids = selector->select(html, "id", kLimits);
    if (!texts) {
        require(texts.error().message.starts_with("found "), "errors say what was found");
        return 0;
    }
    require(ids && ids->size() == texts->size() && texts->size() <= 100, "as many attributes as texts");
    static const auto everything = HtmlSelector::compile("*");
    const auto all = everything->select(html, "id", kLimits);
    require(all && all->size() >= texts->size(), "no more than there are");
    return 0;
}
