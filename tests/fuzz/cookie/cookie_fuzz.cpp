// Cookie jars: whatever servers set, what goes out is one safe field value, and the jar stays within its
// bounds. The first line is the URL, every other one a Set-Cookie.
#include <cstdint>
#include <string>

#include "common/http/cookie_jar.hpp"
#include "common/http/http1_writer.hpp"
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
    using namespace loadgen::http;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto given = parse_url(take_line(text));
    const Url url = given ? *given : *parse_url("https://www.shop.example/a/b?c");
    constexpr loadgen::WallTime kNow{1'600'000'000'000'000'000};
    CookieJar jar;
    std::size_t stored = 0;
    while (!text.empty()) {
        const CookieVerdict verdict = jar.store(url, take_line(text), kNow);
        if (verdict == CookieVerdict::kStored) ++stored;
        require(cookie_verdict_text(verdict).empty() == (verdict <= CookieVerdict::kRemoved),
                "refusals say why");
    }
    require(jar.size() <= stored && jar.size() <= 300, "the jar is bounded");
    std::string sent;
    jar.append_cookie_header(sent, url, kNow);
    require(is_valid_field_value(sent), "what is sent is a field value");
    std::string later;
    jar.append_cookie_header(later, url, loadgen::WallTime{kNow.unix_ns + 1});
    require(later.size() <= sent.size(), "time only takes away");
    if (!sent.empty()) {
        CookieJar again;
        const bool kept = again.store(url, sent.substr(0, sent.find("; ")), kNow) == CookieVerdict::kStored;
        require(kept || sent.starts_with("__"), "a pair that is sent can be set");
    }
    return 0;
}
