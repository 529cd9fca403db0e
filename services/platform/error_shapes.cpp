#include <algorithm>

#include "common/http/header.hpp"
#include "services/platform/answers.hpp"

namespace loadgen::services::platform::error_shapes {
namespace {

constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kConflict = 409;
constexpr int kTooManyRequests = 429;

using text::JsonWriter;

std::string_view code_of(const Failure& failure) {
    if (!failure.code.empty()) return failure.code;
    switch (failure.status) {
        case kBadRequest:
            return "BAD_REQUEST";
        case kUnauthorized:
            return "UNAUTHORIZED";
        case 403:
            return "FORBIDDEN";
        case 404:
            return "NOT_FOUND";
        case 405:
            return "METHOD_NOT_ALLOWED";
        case kConflict:
            return "CONFLICT";
        case 413:
            return "CONTENT_TOO_LARGE";
        case 415:
            return "UNSUPPORTED_MEDIA_TYPE";
        case kTooManyRequests:
            return "RATE_LIMIT_EXCEEDED";
        case 503:
            return "SERVICE_UNAVAILABLE";
        default:
            return failure.status >= 500 ? "INTERNAL_ERROR" : "REQUEST_FAILED";
    }
}

/// One text a problem, or the message alone.
void write_messages(JsonWriter& out, const Failure& failure) {
    out.begin_array();
    if (failure.problems == nullptr || failure.problems->empty()) {
        out.string(failure.message);
    } else {
        for (const Problem& problem : *failure.problems) {
            out.string(problem.field.empty() ? problem.message : problem.field + ' ' + problem.message);
        }
    }
    out.end_array();
}

/// {"field":["...", "..."]}, fields in the order of their first problem.
void write_validation_errors(JsonWriter& out, const Problems* problems) {
    if (problems == nullptr || problems->empty()) {
        out.null();
        return;
    }
    out.begin_object();
    for (std::size_t i = 0; i < problems->size(); ++i) {
        const std::string& field = (*problems)[i].field;
        const auto same = [&field](const Problem& other) { return other.field == field; };
        const auto here = problems->begin() + static_cast<std::ptrdiff_t>(i);
        if (std::any_of(problems->begin(), here, same)) continue;
        out.key(field.empty() ? std::string_view("body") : field).begin_array();
        for (const Problem& problem : *problems) {
            if (same(problem)) out.string(problem.message);
        }
        out.end_array();
    }
    out.end_object();
}

/// The correlation id, or the request's own where the chain has none.
std::string_view correlation_of(const Call& call) {
    return call.correlation_id.empty() ? call.id : call.correlation_id;
}

void write_rate_limit(JsonWriter& out, const Call& call, const Failure& failure) {
    const bool known = call.identity.state == auth::Identity::State::kKnown;
    out.key("error").string(code_of(failure)).key("message").string(failure.message);
    out.key("retryAfter").integer(failure.retry_after_seconds);
    out.key("userType").string(known ? auth::user_type_name(call.identity.claims.user_type) : "UNKNOWN");
}

void write_operation_failure(JsonWriter& out, const Failure& failure) {
    out.key("error").string(code_of(failure)).key("message").string(failure.message);
    out.key("details").null().key("validationErrors");
    write_validation_errors(out, failure.problems);
}

/// RFC 9457 section 3.1; "about:blank" says that the title is the status's own (section 4.2.1).
void write_problem_details(JsonWriter& out, const Failure& failure) {
    out.key("type").string("about:blank").key("title").string(http::reason_phrase(failure.status));
    out.key("status").integer(failure.status).key("detail").string(failure.message);
    out.key("errorCode").string(code_of(failure));
}

}  // namespace

http::Response birthday(const Call& call, const Failure& failure) {
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object()
            .key("message")
            .string(failure.message)
            .key("requestId")
            .string(call.id)
            .end_object();
    });
}

http::Response users(const Call& /*call*/, const Failure& failure) {
    return empty_answer(failure.status);
}

http::Response product(const Call& /*call*/, const Failure& failure) {
    if (failure.status == kUnauthorized) return text_answer(failure.status, "Unauthorized");
    const std::string_view usual = failure.status == kBadRequest ? R"("Bad Request")" : R"("")";
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object().key("data").raw(failure.data.empty() ? usual : failure.data);
        out.key("message").string(failure.message).end_object();
    });
}

http::Response inventory(const Call& /*call*/, const Failure& failure) {
    if (failure.status == kUnauthorized) return empty_answer(failure.status);
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object().key("data").raw(failure.data.empty() ? "null" : failure.data).key("message");
        write_messages(out, failure);
        out.key("success").boolean(false).end_object();
    });
}

http::Response orders(const Call& call, const Failure& failure) {
    const bool validation = failure.status == kBadRequest && failure.problems != nullptr &&
                            !failure.problems->empty() && failure.code.empty();
    const bool operation = failure.status == kBadRequest || failure.status == kConflict;
    const bool details = !operation && failure.status != kTooManyRequests;
    http::Response response = json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object();
        if (validation) {
            out.key("error").string("VALIDATION_ERROR").key("validationErrors");
            write_validation_errors(out, failure.problems);
        } else if (operation) {
            write_operation_failure(out, failure);
        } else if (details) {
            write_problem_details(out, failure);
        } else {
            write_rate_limit(out, call, failure);
        }
        out.key("correlationId").string(correlation_of(call)).end_object();
    });
    if (details) response.headers.front().value = "application/problem+json";
    return response;
}

http::Response loyalty(const Call& /*call*/, const Failure& failure) {
    if (failure.status == kUnauthorized) return text_answer(failure.status, "Unauthorized");
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object();
        if (!failure.data.empty()) out.key("data").raw(failure.data);
        out.key("success").boolean(false).key("message");
        write_messages(out, failure);
        out.end_object();
    });
}

http::Response message(const Call& /*call*/, const Failure& failure) {
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object().key("message").string(failure.message).end_object();
    });
}

http::Response error(const Call& /*call*/, const Failure& failure) {
    return json_answer(failure.status, [&](JsonWriter& out) {
        out.begin_object().key("error").string(failure.message).end_object();
    });
}

http::Response ninja(const Call& /*call*/, const Failure& failure) {
    return json_answer(failure.status, "{}");
}

}  // namespace loadgen::services::platform::error_shapes
