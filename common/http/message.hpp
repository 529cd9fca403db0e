// Whole requests and responses, as a server's handlers see them. The same for every protocol version.
#pragma once

#include <cstdint>
#include <string>

#include "common/http/header.hpp"

namespace loadgen::http {

enum class Version : std::uint8_t { kHttp10, kHttp11, kHttp2 };

/// A request with its whole body. Fields named `content-length`, `host` and so on are in `headers` as
/// received (HTTP/2 names are lower case); pseudo-fields are not.
struct Request {
    Version version = Version::kHttp11;
    std::string method;
    std::string target;  ///< as sent: "/path?query", "*", or an absolute URL from a client that uses a proxy
    std::string scheme;  ///< HTTP/2's :scheme; empty in HTTP/1
    std::string authority;  ///< Host or :authority; empty when an HTTP/1.0 client sent none
    Headers headers;
    Headers trailers;
    std::string body;
};

/// A response with its whole body. The session adds Content-Length, Connection and Date and drops whatever
/// the handler says about framing or the connection; answers to HEAD keep the length and lose the body.
struct Response {
    int status = 200;  ///< 200 to 599
    Headers headers;
    std::string body;
};

}  // namespace loadgen::http
