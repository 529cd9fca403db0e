#include "loadgen/engine/exchanges/redirect.hpp"

#include <algorithm>
#include <array>

namespace loadgen::engine {
namespace {

constexpr std::array<std::string_view, 4> kCredentials{"Authorization", "Cookie", "Cookie2",
                                                       "Www-Authenticate"};
constexpr std::array<std::string_view, 4> kBodyFields{"Content-Type", "Content-Length", "Content-Encoding",
                                                      "Transfer-Encoding"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](auto known) { return http::equal_name(known, name); });
}

}  // namespace

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<std::shared_ptr<plan::Request>> follow_redirect(const plan::Request& from, int status,
                                                       std::string_view location) {
    auto url = http::resolve_url(from.url, location);
    if (!url) return with_context("redirect: ", std::move(url).error());
    auto next = std::make_shared<plan::Request>(from);
    const bool same_host = url->host == from.url.host && url->port == from.url.port;
    const bool keep_body = status == 307 || status == 308;
    next->url = std::move(*url);
    if (!keep_body) {
        if (next->method != "HEAD") next->method = "GET";
        next->body = nullptr;
        next->own_body.clear();
    }
    std::erase_if(next->headers, [&](const http::Header& header) {
        return (!same_host && (one_of(kCredentials, header.name) || http::equal_name(header.name, "Host"))) ||
               (!keep_body && one_of(kBodyFields, header.name));
    });
    return next;
}

}  // namespace loadgen::engine
