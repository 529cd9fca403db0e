#include "services/platform/middlewares/correlation_id.hpp"

#include <algorithm>

#include "common/base/encoding.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::string_view kField = "x-correlation-id";
constexpr std::size_t kMaxLength = 128;

bool is_acceptable(std::string_view id) {
    return !id.empty() && id.size() <= kMaxLength &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// RFC 9562 section 5.4.
std::string make_uuid(Random& random) {
    std::string bytes;
    for (int word = 0; word < 2; ++word) {
        const std::uint64_t value = random.next();
        for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>((value >> shift) & 0xff);
    }
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = to_hex(bytes);
    for (const std::size_t place : {20, 16, 12, 8}) text.insert(place, 1, '-');
    return text;
}

}  // namespace

std::optional<http::Response> CorrelationId::on_request(Call& call) {
    const http::Header* sent = http::find_header(call.request().headers, kField);
    const bool keep = sent != nullptr && is_acceptable(sent->value);
    call.correlation_id = keep ? sent->value : make_uuid(random_);
    return std::nullopt;
}

void CorrelationId::on_response(Call& call, http::Response& response) {
    response.headers.push_back({std::string(kField), call.correlation_id});
}

}  // namespace loadgen::services::platform
