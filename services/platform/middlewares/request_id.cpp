#include "services/platform/middlewares/request_id.hpp"

#include <algorithm>

namespace loadgen::services::platform {
namespace {

constexpr std::string_view kField = "x-request-id";
constexpr std::size_t kMaxLength = 64;

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/// Foreign ids go into logs and answers, so only harmless ones are taken over.
bool is_acceptable(std::string_view id) {
    return !id.empty() && id.size() <= kMaxLength && std::all_of(id.begin(), id.end(), is_id_character);
}

constexpr std::size_t kDigitsOfWord = 16;

void write_hex(char* out, std::uint64_t value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) *out++ = kDigits[(value >> shift) & 0xf];
}

}  // namespace

std::optional<http::Response> RequestId::on_request(Call& call) {
    const http::Header* sent = http::find_header(call.request().headers, kField);
    if (sent != nullptr && is_acceptable(sent->value)) {
        call.id = sent->value;
    } else {
        call.id.resize(2 * kDigitsOfWord);
        write_hex(call.id.data(), random_.next());
        write_hex(call.id.data() + kDigitsOfWord, random_.next());
    }
    return std::nullopt;
}

void RequestId::on_response(Call& call, http::Response& response) {
    response.headers.push_back({std::string(kField), call.id});
}

}  // namespace loadgen::services::platform
