#include "loadgen/engine/exchanges/compiled_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace loadgen::engine {
namespace {

constexpr std::string_view kUserAgent = "loadgen";
constexpr std::string_view kSequenceName = "X-Vegeta-Seq";
constexpr std::string_view kAttackName = "X-Vegeta-Attack";
constexpr std::string_view kTraceparent = "traceparent";

// Fields that belong to one HTTP/1.1 connection and must not be sent in HTTP/2 (RFC 9113 section 8.2.2).
constexpr std::array<std::string_view, 5> kConnectionFields{"connection", "keep-alive", "proxy-connection",
                                                            "transfer-encoding", "upgrade"};

http::Http1Parser::Method parser_method(std::string_view method) {
    if (method == "HEAD") return http::Http1Parser::Method::kHead;
    if (method == "CONNECT") return http::Http1Parser::Method::kConnect;
    return http::Http1Parser::Method::kOther;
}

void append_lower(std::string& out, std::string_view text) {
    for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Methods whose empty body is announced all the same (RFC 9110 section 8.6).
bool expects_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

/// Where a message ends is for us to say: a target's own words, if wrong, would make servers wait, or take
/// the rest of the body for another request (RFC 9112 section 6.3). vegeta leaves them out, too.
bool is_framing(std::string_view name) {
    return http::equal_name(name, "Content-Length") || http::equal_name(name, "Transfer-Encoding");
}

/// What HTTP/2 says in another way, or not at all.
bool belongs_to_http1(std::string_view name) {
    return http::equal_name(name, "Host") || is_framing(name) ||
           std::any_of(kConnectionFields.begin(), kConnectionFields.end(),
                       [name](std::string_view known) { return http::equal_name(name, known); });
}

/// About as many bytes as the head will have.
std::size_t head_room(const plan::Request& request) {
    std::size_t room = 160 + request.url.path_and_query.size() + request.url.host.size();
    for (const http::Header& header : request.headers) room += header.name.size() + header.value.size() + 4;
    return room;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

CompiledRequest::CompiledRequest(std::shared_ptr<const plan::Request> source, std::uint32_t authority,
                                 std::uint32_t endpoint, const CompileOptions& options) {
    assign(std::move(source), authority, endpoint, options);
}

void CompiledRequest::assign(std::shared_ptr<const plan::Request> source, std::uint32_t authority,
                             std::uint32_t endpoint, const CompileOptions& options) {
    source_ = std::move(source);
    authority_ = authority;
    endpoint_ = endpoint;
    sequence_header_ = options.sequence_header;
    chunked_body_ = options.chunked_body && !body().empty();
    parser_method_ = engine::parser_method(source_->method);
    read_traceparent();
    build_http1(options.attack_name);
    http::FieldWriter fields(http2_fields_);
    if (source_->url.tls() || options.cleartext_http2) build_http2(fields, options.attack_name);
    fields.finish();
}

void CompiledRequest::read_traceparent() {
    has_traceparent_ = false;
    own_trace_ = {};
    const http::Header* own = http::find_header(source_->headers, kTraceparent);
    if (own == nullptr) return;
    has_traceparent_ = true;
    const auto context = telemetry::parse_traceparent(own->value);
    if (context) own_trace_ = {context->trace_id, context->span_id};
}

void CompiledRequest::append_http1_head(std::string& out, std::uint64_t sequence, const TraceIds& trace,
                                        bool last) const {
    out.append(http1_head_);
    if (sequence_header_) {
        std::array<char, 20> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), sequence).ptr;
        out.append(digits.data(), static_cast<std::size_t>(end - digits.data())).append("\r\n");
    }
    if (trace.valid() && !has_traceparent_) {
        TraceparentText value;
        write_traceparent(value, trace);
        append_field(out, kTraceparent, {value.data(), value.size()});
    }
    if (last) out.append("Connection: close\r\n");
    out.append("\r\n");
}

void CompiledRequest::build_http1(const std::string& attack_name) {
    const plan::Request& request = *source_;
    std::string& head = http1_head_;
    head.clear();
    head.reserve(head_room(request) + attack_name.size());
    head.append(request.method).append(" ").append(request.url.path_and_query).append(" HTTP/1.1\r\n");
    if (http::find_header(request.headers, "Host") == nullptr) {
        head.append("Host: ");
        request.url.append_authority(head);
        head.append("\r\n");
    }
    if (http::find_header(request.headers, "User-Agent") == nullptr)
        append_field(head, "User-Agent", kUserAgent);
    for (const http::Header& header : request.headers) {
        if (!is_framing(header.name)) append_field(head, header.name, header.value);
    }
    if (chunked_body_) {
        append_field(head, "Transfer-Encoding", "chunked");
    } else if (!body().empty() || expects_body(request.method)) {
        append_field(head, "Content-Length", std::to_string(body().size()));
    }
    if (!attack_name.empty()) append_field(head, kAttackName, attack_name);
    if (sequence_header_) head.append(kSequenceName).append(": ");
}

void CompiledRequest::build_http2(http::FieldWriter& fields, const std::string& attack_name) const {
    const plan::Request& request = *source_;
    fields.add(":method", request.method);
    fields.add(":scheme", request.url.scheme);
    http::Header& authority = fields.add();
    authority.name.assign(":authority");
    if (const http::Header* host = http::find_header(request.headers, "Host")) {
        authority.value.assign(host->value);
    } else {
        request.url.append_authority(authority.value);
    }
    fields.add(":path", request.url.path_and_query);
    if (http::find_header(request.headers, "User-Agent") == nullptr) fields.add("user-agent", kUserAgent);
    for (const http::Header& header : request.headers) {
        if (belongs_to_http1(header.name)) continue;
        http::Header& field = fields.add();
        append_lower(field.name, header.name);
        field.value.assign(header.value);
    }
    if (!body().empty() && !chunked_body_) fields.add("content-length", std::to_string(body().size()));
    if (!attack_name.empty()) {
        http::Header& field = fields.add();
        append_lower(field.name, kAttackName);
        field.value.assign(attack_name);
    }
}

}  // namespace loadgen::engine
