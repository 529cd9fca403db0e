// What a parser said about a byte stream, as text that tests compare: one line an event, body bytes joined.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/http/http1_parser.hpp"

namespace loadgen::test {

/// The printable form of bytes: \r \n \t \0 \\ and \xNN.
std::string escaped(std::string_view bytes);

/// A stream and how to parse it.
struct Http1Stream {
    http::Http1Parser::Mode mode = http::Http1Parser::Mode::kResponse;
    std::vector<http::Http1Parser::Method> methods;  ///< of the requests answered; kOther behind the last
    http::Http1Limits limits;
    bool finish = false;  ///< the peer closes behind the bytes
    std::string bytes;
};

/// Our parser, fed the pieces that end at `splits` (ascending offsets). Lines:
///
///     head 200 "OK" 1.1 keep-alive length=5      (request: head GET "/x" 1.1 ...)
///     interim 100 "Continue" 1.1
///     field Name: value                          (trailer Name: value)
///     body "bytes"
///     end
///     left "bytes behind an upgrade"
///     error <sentence>
std::string trace(const Http1Stream& stream, const std::vector<std::size_t>& splits = {});

/// llhttp 8 in strict mode on the same stream, in the same form; errors carry llhttp's reason.
struct LlhttpTrace {
    std::string text;
    std::string error;  ///< llhttp's error name ("HPE_INVALID_METHOD"), or empty
};
LlhttpTrace llhttp_trace(const Http1Stream& stream);

}  // namespace loadgen::test
