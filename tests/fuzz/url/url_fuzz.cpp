// Whatever parses comes out in a form that parses to the same, and is safe to put on the wire.
#include <cstdint>

#include "common/http/url.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

void check(const loadgen::http::Url& url) {
    require(url.path_and_query.starts_with("/"), "the path starts with a slash");
    for (const char c : url.path_and_query + url.authority())
        require(c > 0x20 && c < 0x7f, "no byte needs care");
    require(!url.host.empty() && url.port != 0, "there is a host and a port");
    if (url.host.find('%') != std::string::npos) return;  // the zone stays behind
    const auto again = loadgen::http::parse_url(url.text());
    require(again.has_value(), "its text parses");
    require(again->host == url.host && again->port == url.port && again->scheme == url.scheme,
            "the same server");
    require(again->path_and_query == url.path_and_query, "the same path");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto url = loadgen::http::parse_url(text);
    if (url) check(*url);
    if (!url) require(!url.error().message.empty(), "errors say something");
    static const auto base = loadgen::http::parse_url("https://user@example.test:8443/a/b/../c?d");
    const auto resolved = loadgen::http::resolve_url(*base, text);
    if (resolved) check(*resolved);
    return 0;
}
