// Writes HTTP/1.1 messages (RFC 9112) into a byte buffer. No I/O, no state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/http/header.hpp"

namespace loadgen::http {

/// How a body is delimited.
struct BodyFraming {
    enum class Kind : std::uint8_t {
        kNone,     ///< no body and no field about one
        kLength,   ///< Content-Length: length
        kChunked,  ///< Transfer-Encoding: chunked
    };
    Kind kind = Kind::kNone;
    std::uint64_t length = 0;  ///< bytes
};

struct RequestHead {
    std::string_view method;
    std::string_view target;  ///< origin-form, absolute-form, authority-form or "*"
    std::string_view host;    ///< the Host field; a Host among `headers` goes before it; empty leaves it out
    std::span<const Header> headers;
    BodyFraming framing;
};

struct ResponseHead {
    int status = 200;
    std::span<const Header> headers;
    BodyFraming framing;
    std::string_view date;        ///< the Date field; one among `headers` goes before it; empty leaves it out
    std::string_view connection;  ///< the Connection field ("close"); empty leaves it out
};

/// Appends a head with its empty line. Framing is the writer's business alone: Content-Length and
/// Transfer-Encoding among `headers` are left out, and Connection among those of a response. An error (and
/// nothing appended) when a method, target, name or value holds what may not be sent, above all CR, LF or
/// NUL; the message names the field, never its value.
Result<void> append_request_head(std::string& out, const RequestHead& head);
Result<void> append_response_head(std::string& out, const ResponseHead& head);

/// Appends one chunk (RFC 9112 section 7.1); nothing when `bytes` is empty, as that would end the body.
void append_chunk(std::string& out, std::string_view bytes);
/// Appends the last chunk and the trailer section. An error as above.
Result<void> append_last_chunk(std::string& out, std::span<const Header> trailers = {});

/// RFC 9110 sections 5.1 and 5.5: what may be sent as a field's name and value (the empty value may).
bool is_valid_field_name(std::string_view name);
bool is_valid_field_value(std::string_view value);

}  // namespace loadgen::http
