// The answers of the set's services: success bodies, and one shape of error body a service.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "common/text/json_writer.hpp"
#include "services/platform/call.hpp"
#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {

http::Response empty_answer(int status);
/// `text` as text/plain.
http::Response text_answer(int status, std::string text);
/// `json` is a whole JSON text.
http::Response json_answer(int status, std::string json);

/// A bare JSON body: json_answer(200, [&](text::JsonWriter& out) { out.begin_object()...; }).
template <std::invocable<text::JsonWriter&> Write>
http::Response json_answer(int status, Write&& write) {
    std::string body;
    text::JsonWriter writer(body);
    write(writer);
    return json_answer(status, std::move(body));
}

/// What stands around the "data" member of a success body.
struct Envelope {
    std::string_view after_data;
};
inline constexpr Envelope kUsersEnvelope{R"(,"message":""})"};
inline constexpr Envelope kProductEnvelope{R"(,"message":"OK"})"};
inline constexpr Envelope kInventoryEnvelope{R"(,"message":["OK"],"success":true})"};
inline constexpr Envelope kLoyaltyEnvelope{R"(,"success":true,"message":[]})"};

/// {"data":<what `write` wrote>,...}.
template <std::invocable<text::JsonWriter&> Write>
http::Response data_answer(const Envelope& envelope, int status, Write&& write) {
    std::string body = "{\"data\":";
    text::JsonWriter writer(body);
    write(writer);
    body += envelope.after_data;
    return json_answer(status, std::move(body));
}

/// How each service words a failure; set once, at its dispatcher. Headers (Allow, Retry-After,
/// WWW-Authenticate) are added by whoever makes the failure.
namespace error_shapes {

http::Response birthday(const Call& call, const Failure& failure);  ///< {"message":...,"requestId":...}
http::Response users(const Call& call, const Failure& failure);     ///< no body
/// {"data":"","message":...}, "data" being "Bad Request" for a 400; a 401 is the text Unauthorized.
http::Response product(const Call& call, const Failure& failure);
/// {"data":null,"message":[...],"success":false}; a 401 has no body.
http::Response inventory(const Call& call, const Failure& failure);
/// 400 with problems {error:"VALIDATION_ERROR",validationErrors,correlationId}; 400 and 409
/// {error,message,details, validationErrors,correlationId}; 429
/// {error:"RATE_LIMIT_EXCEEDED",message,retryAfter,userType,correlationId}; all else problem details (RFC
/// 9457) with correlationId and errorCode.
http::Response orders(const Call& call, const Failure& failure);
/// {"success":false,"message":[...]}, "data" if given; a 401 is the text Unauthorized.
http::Response loyalty(const Call& call, const Failure& failure);
http::Response message(const Call& call, const Failure& failure);  ///< {"message":...}: pricing, grocery
http::Response error(const Call& call, const Failure& failure);  ///< {"error":...}: activity, product search
http::Response ninja(const Call& call, const Failure& failure);  ///< {}

}  // namespace error_shapes

}  // namespace loadgen::services::platform
