// The first bytes of a cleartext connection: HTTP/2 with prior knowledge, or HTTP/1.x (RFC 9113 section 3.4).
#pragma once

#include <string_view>

namespace loadgen::http {

inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class PrefaceMatch { kNo, kPartial, kFull };

/// Whether `bytes`, the first of a connection, start the HTTP/2 client preface. kPartial: too few to tell.
inline PrefaceMatch looks_like_http2_preface(std::string_view bytes) {
    const std::string_view known = bytes.substr(0, kHttp2Preface.size());
    if (known != kHttp2Preface.substr(0, known.size())) return PrefaceMatch::kNo;
    return known.size() == kHttp2Preface.size() ? PrefaceMatch::kFull : PrefaceMatch::kPartial;
}

}  // namespace loadgen::http
