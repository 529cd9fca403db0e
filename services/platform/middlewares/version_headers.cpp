#include "services/platform/middlewares/version_headers.hpp"

#include <algorithm>

namespace loadgen::services::platform {
namespace {

constexpr std::string_view kApiField = "x-api-version";
constexpr std::string_view kFirstVersion = "1.0";
constexpr std::size_t kMaxLength = 16;

bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= kMaxLength &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace

void ServiceVersion::on_response(Call& /*call*/, http::Response& response) {
    response.headers.push_back({"x-service-version", version_});
}

void ApiVersion::on_response(Call& call, http::Response& response) {
    const http::Header* asked = http::find_header(call.request().headers, kApiField);
    const bool known = asked != nullptr && is_version(asked->value);
    response.headers.push_back({std::string(kApiField), known ? asked->value : std::string(kFirstVersion)});
}

}  // namespace loadgen::services::platform
