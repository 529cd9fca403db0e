// A planned request made ready for the wire, once, before the run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/http/header.hpp"
#include "common/http/http1_parser.hpp"
#include "loadgen/engine/trace_mint.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::engine {

/// What shapes the bytes beside the request itself.
struct CompileOptions {
    std::string attack_name;
    bool sequence_header = true;
    bool chunked_body = false;
    bool http2 = true;  ///< it may meet a connection that speaks HTTP/2
};

/// Immutable, shared by all threads. The sequence number and the trace are the only parts that differ from
/// send to send.
class CompiledRequest {
  public:
    CompiledRequest(std::shared_ptr<const plan::Request> source, std::uint32_t authority,
                    std::uint32_t endpoint, const CompileOptions& options);

    const plan::Request& source() const { return *source_; }
    std::uint32_t authority() const { return authority_; }  ///< index of its AuthorityTable entry
    std::uint32_t endpoint() const { return endpoint_; }    ///< index of its EndpointTable entry
    std::string_view body() const { return *source_->body; }
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
    void build_http1();
    void build_http2();

    std::shared_ptr<const plan::Request> source_;
    std::uint32_t authority_;
    std::uint32_t endpoint_;
    std::string attack_name_;
    bool sequence_header_;
    bool chunked_body_;
    bool has_traceparent_ = false;
    TraceIds own_trace_;
    http::Http1Parser::Method parser_method_;
    std::string http1_head_;  ///< up to the sequence number or the end of the fields
    http::Headers http2_fields_;
};

}  // namespace loadgen::engine
