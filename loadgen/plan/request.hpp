// What is to be sent, decided before anything is sent.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/http/header.hpp"
#include "common/http/url.hpp"

namespace loadgen::plan {

/// One request, complete: default headers and body are merged in, the URL is parsed. Immutable once planned,
/// or until the exchange is over that it was rendered for.
struct Request {
    std::string method;
    std::string url_text;  ///< as the user wrote it; results quote it
    http::Url url;
    http::Headers headers;  ///< names keep the user's case; a Host header overrides the authority
    std::shared_ptr<const std::string> body;  ///< shared by all that name the same file; null: `own_body`
    std::string own_body;
    std::string endpoint;  ///< the name statistics are grouped by: "METHOD /path" unless given
    std::string location;  ///< "targets.txt:3", for messages

    std::string_view body_text() const { return body ? *body : own_body; }
};

/// Hands out requests one by one. One caller at a time; the engine serialises.
class RequestSource {
  public:
    virtual ~RequestSource() = default;
    /// The next request (owned by the source or shared), nullptr when there is none left (only a lazy source
    /// ends), or an error that stops the run.
    virtual Result<std::shared_ptr<const Request>> next() = 0;
    /// Every request, when all are known in advance: the engine then cycles through them by sequence number
    /// and never calls `next`. Empty for a lazy source.
    virtual std::span<const std::shared_ptr<const Request>> all() const { return {}; }
};

}  // namespace loadgen::plan
