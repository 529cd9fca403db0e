#include "common/http/http1_writer.hpp"

#include <charconv>

#include "common/http/detail/http1_chars.hpp"

namespace loadgen::http {
namespace {

enum class Side : std::uint8_t { kRequest, kResponse, kTrailers };

template <typename Number>
void append_number(std::string& out, Number number, int base = 10) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), number, base).ptr;
    out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// A name for an error message: what can't be printed is left out.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 80)) {
        if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) out += c;
    }
    return out;
}

Result<void> check_fields(std::span<const Header> headers) {
    for (const Header& header : headers) {
        if (!is_valid_field_name(header.name)) {
            return Error{ErrorCode::kSyntax, "bad header name \"" + printable(header.name) +
                                                 "\": letters, digits and !#$%&'*+-.^_`|~ are allowed"};
        }
        if (!is_valid_field_value(header.value)) {
            return Error{ErrorCode::kSyntax,
                         "bad value of header \"" + header.name +
                             "\": control characters, CR, LF and NUL among them, are not allowed"};
        }
    }
    return {};
}

/// The fields that only the writer may decide.
bool is_framing(std::string_view name, Side side) {
    switch (name.size()) {
        case 10:
            return side == Side::kResponse && equal_name(name, "connection");
        case 14:
            return equal_name(name, "content-length");
        case 17:
            return equal_name(name, "transfer-encoding");
        default:
            return false;
    }
}

bool contains(std::span<const Header> headers, std::string_view name) {
    for (const Header& header : headers) {
        if (equal_name(header.name, name)) return true;
    }
    return false;
}

void append_fields(std::string& out, std::span<const Header> headers, Side side) {
    for (const Header& header : headers) {
        if (!is_framing(header.name, side)) append_field(out, header.name, header.value);
    }
}

void append_framing(std::string& out, BodyFraming framing) {
    if (framing.kind == BodyFraming::Kind::kLength) {
        out.append("Content-Length: ");
        append_number(out, framing.length);
        out.append("\r\n");
    } else if (framing.kind == BodyFraming::Kind::kChunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    }
}

bool is_valid_target(std::string_view target) {
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f) return false;
    }
    return !target.empty();
}

Error bad_part(std::string_view part, std::string_view found, std::string_view allowed) {
    return Error{ErrorCode::kSyntax,
                 "bad " + std::string(part) + " \"" + printable(found) + "\": " + std::string(allowed)};
}

}  // namespace

bool is_valid_field_name(std::string_view name) {
    return detail::is_token(name);
}

bool is_valid_field_value(std::string_view value) {
    return detail::skip_value_chars(value.data(), value.data() + value.size()) == value.data() + value.size();
}

Result<void> append_request_head(std::string& out, const RequestHead& head) {
    if (!detail::is_token(head.method)) return bad_part("method", head.method, "a token is allowed");
    if (!is_valid_target(head.target)) {
        return bad_part("request target", head.target, "printable ASCII without spaces is allowed");
    }
    if (!is_valid_field_value(head.host)) return bad_part("host", head.host, "no control characters");
    if (auto checked = check_fields(head.headers); !checked) return checked;

    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    // RFC 9112 section 3.2: Host first.
    if (!head.host.empty() && !contains(head.headers, "host")) append_field(out, "Host", head.host);
    append_fields(out, head.headers, Side::kRequest);
    append_framing(out, head.framing);
    out.append("\r\n");
    return {};
}

Result<void> append_response_head(std::string& out, const ResponseHead& head) {
    if (head.status < 100 || head.status > 999) {
        return bad_part("status", std::to_string(head.status), "100 to 999 is allowed");
    }
    if (!is_valid_field_value(head.date)) return bad_part("date", head.date, "no control characters");
    if (auto checked = check_fields(head.headers); !checked) return checked;

    out.append("HTTP/1.1 ");
    append_number(out, head.status);
    out.append(" ").append(reason_phrase(head.status)).append("\r\n");
    if (!head.date.empty() && !contains(head.headers, "date")) append_field(out, "Date", head.date);
    append_fields(out, head.headers, Side::kResponse);
    append_framing(out, head.framing);
    if (!head.connection.empty()) append_field(out, "Connection", head.connection);
    out.append("\r\n");
    return {};
}

void append_chunk(std::string& out, std::string_view bytes) {
    if (bytes.empty()) return;
    append_number(out, bytes.size(), 16);
    out.append("\r\n").append(bytes).append("\r\n");
}

Result<void> append_last_chunk(std::string& out, std::span<const Header> trailers) {
    if (auto checked = check_fields(trailers); !checked) return checked;
    out.append("0\r\n");
    append_fields(out, trailers, Side::kTrailers);
    out.append("\r\n");
    return {};
}

}  // namespace loadgen::http
