#include "services/ninja/shared/http/requests.hpp"

#include <algorithm>

#include "common/base/uuid.hpp"
#include "services/ninja/shared/domain/idempotency_key.hpp"
#include "services/platform/error_body.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::ninja {
namespace {

using platform::error_response;

constexpr int kBadRequest = 400;
constexpr int kUnusable = 500;

std::nullopt_t refuse(platform::Call& call, std::string_view message) {
    call.answer(error_response(call, kBadRequest, message));
    return std::nullopt;
}

std::optional<std::string> check_id(platform::Call& call, std::string_view name, std::string_view text) {
    if (!is_uuid(text)) return refuse(call, std::string(name) + " must be a uuid");
    std::string id(text);
    std::transform(id.begin(), id.end(), id.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    return id;
}

}  // namespace

std::shared_ptr<const Configuration> require_configuration(platform::Call& call,
                                                           ConfigurationSource& source) {
    auto configuration = source.current();
    if (configuration) return std::move(*configuration);
    call.error = configuration.error().message;
    call.answer(error_response(call, kUnusable, "the configuration cannot be used"));
    return nullptr;
}

std::optional<std::string> id_from_header(platform::Call& call, std::string_view name) {
    std::string dashed(name);
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    std::optional<std::string_view> found;
    for (const http::Header& header : call.request().headers) {
        if (!http::equal_name(header.name, name) && !http::equal_name(header.name, dashed)) continue;
        if (found && *found != header.value) return refuse(call, std::string(name) + " comes twice");
        found = header.value;
    }
    if (!found) return refuse(call, "the header " + std::string(name) + " is required");
    return check_id(call, name, *found);
}

std::optional<std::string> id_from_path(platform::Call& call, std::string_view name) {
    return check_id(call, name, call.parameter(name));
}

std::optional<std::string> id_from_body(platform::Call& call, std::string_view name) {
    platform::BodyReader body(call);
    const std::string text = body.string(name);
    if (!body.ok()) {
        call.answer(body.refusal());
        return std::nullopt;
    }
    return check_id(call, name, text);
}

std::optional<std::string> idempotency_key(platform::Call& call) {
    std::optional<std::string> key;
    for (const http::Header& header : call.request().headers) {
        if (!http::equal_name(header.name, "idempotency-key")) continue;
        if (key) return refuse(call, "Idempotency-Key comes twice");
        auto parsed = parse_idempotency_key(header.value);
        if (!parsed) return refuse(call, parsed.error().message);
        key = std::move(*parsed);
    }
    return key.value_or(std::string());
}

void log_flags(const runtime::ServiceContext& context, const platform::Call& call,
               const Configuration& configuration, std::string_view customer_name) {
    const telemetry::Logger& logger = context.logger();
    if (!logger.enabled(telemetry::LogLevel::kInfo)) return;
    const auto shown = [](bool on) { return on ? std::string_view("true") : std::string_view("false"); };
    logger.log(
        call.span.context(), telemetry::LogLevel::kInfo, "feature flags",
        {{"ten_percent_off_campaign", shown(configuration.ten_percent_off_campaign.value_for(customer_name))},
         {"premium_features", shown(configuration.premium_features.value_for(customer_name))},
         {"correlationId", std::string_view(call.correlation_id)}});
}

}  // namespace loadgen::services::ninja
