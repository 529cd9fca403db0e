#include "services/platform/middlewares/correlation_id.hpp"

#include <algorithm>

#include "common/base/uuid.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::string_view kField = "x-correlation-id";
constexpr std::size_t kMaxLength = 128;

bool is_acceptable(std::string_view id) {
    return !id.empty() && id.size() <= kMaxLength &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<http::Response> CorrelationId::on_request(Call& call) {
    const http::Header* sent = http::find_header(call.request().headers, kField);
    const bool keep = sent != nullptr && is_acceptable(sent->value);
    call.correlation_id = keep ? sent->value : new_uuid(random_);
    return std::nullopt;
}

void CorrelationId::on_response(Call& call, http::Response& response) {
    response.headers.push_back({std::string(kField), call.correlation_id});
}

}  // namespace loadgen::services::platform
