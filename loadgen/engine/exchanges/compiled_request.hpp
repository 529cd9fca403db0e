// A request made ready for the wire: before the run when the plan knows it, else when a user sends it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/http/field_writer.hpp"
#include "common/http/header.hpp"
#include "common/http/http1_parser.hpp"
#include "loadgen/engine/exchanges/trace_mint.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::engine {

/// What shapes the bytes beside the request itself.
struct CompileOptions {
    std::string attack_name;
    bool sequence_header = true;
    bool chunked_body = false;
    bool cleartext_http2 = true;  ///< servers without TLS may speak HTTP/2, as those with TLS may
};

/// Immutable while anybody shares it; any thread may. The sequence number and the trace are the only parts
/// that differ from send to send.
class CompiledRequest {
  public:
    CompiledRequest(std::shared_ptr<const plan::Request> source, std::uint32_t authority,
                    std::uint32_t endpoint, const CompileOptions& options);

    /// Another request in its place, in the room of its texts. Only while nobody else holds it.
    void assign(std::shared_ptr<const plan::Request> source, std::uint32_t authority, std::uint32_t endpoint,
                const CompileOptions& options);
    /// Gives its request away; what is left is good for `assign` only.
    std::shared_ptr<const plan::Request> take_source() { return std::move(source_); }

    const plan::Request& source() const { return *source_; }
    std::uint32_t authority() const { return authority_; }  ///< index of its AuthorityTable entry
    std::uint32_t endpoint() const { return endpoint_; }    ///< index of its EndpointTable entry
    std::string_view body() const { return source_->body_text(); }
    bool chunked_body() const { return chunked_body_; }
    http::Http1Parser::Method parser_method() const { return parser_method_; }

    /// Whether the request brings a traceparent of its own, which then stays.
    bool has_traceparent() const { return has_traceparent_; }
    /// What that names; not valid when there is none, or one that cannot be read.
    const TraceIds& own_trace() const { return own_trace_; }

    /// Appends the complete HTTP/1.1 head, with Connection: close when `last`, and with a traceparent when
    /// `trace` is valid and the request has none.
    void append_http1_head(std::string& out, std::uint64_t sequence, const TraceIds& trace, bool last) const;

    /// HTTP/2 fields (RFC 9113 section 8.3): pseudo-fields first, names in lower case, without the sequence
    /// number.
    const http::Headers& http2_fields() const { return http2_fields_; }
    bool sequence_header() const { return sequence_header_; }

  private:
    void read_traceparent();
    void build_http1(const std::string& attack_name);
    void build_http2(http::FieldWriter& fields, const std::string& attack_name) const;

    std::shared_ptr<const plan::Request> source_;
    std::uint32_t authority_ = 0;
    std::uint32_t endpoint_ = 0;
    bool sequence_header_ = true;
    bool chunked_body_ = false;
    bool has_traceparent_ = false;
    TraceIds own_trace_;
    http::Http1Parser::Method parser_method_ = http::Http1Parser::Method::kOther;
    std::string http1_head_;  ///< up to the sequence number or the end of the fields
    http::Headers http2_fields_;
};

}  // namespace loadgen::engine
