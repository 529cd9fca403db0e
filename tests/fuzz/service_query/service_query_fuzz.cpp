// Query strings: what parses is text, bounded, and parses to the same when it is written again.
#include <cstdint>

#include "common/text/utf8.hpp"
#include "services/platform/query.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t size = loadgen::text::utf8_sequence_length(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using loadgen::services::platform::parse_query;
    const auto parsed = parse_query({reinterpret_cast<const char*>(data), size});
    if (!parsed) {
        require(!parsed.error().message.empty(), "errors say something");
        return 0;
    }
    require(parsed->size() <= 200, "the number is bounded");
    std::string written;
    for (const auto& [name, value] : *parsed) {
        require(is_utf8(name) && is_utf8(value), "parameters are text");
        written += encoded(name) + '=' + encoded(value) + '&';
    }
    const auto again = parse_query(written);
    require(again.has_value() && *again == *parsed, "it reads back");
    return 0;
}
