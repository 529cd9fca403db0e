// HTTP calls of the control plane: exporting telemetry, asking a registry, calling a hook. Never load.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/http/header.hpp"

namespace loadgen::fetch {

struct FetchRequest {
    std::string method = "GET";
    std::string url = {};  ///< absolute, http or https; user information becomes Basic authentication
    http::Headers headers = {};
    std::string body = {};
    Nanos connect_timeout = std::chrono::seconds(5);
    Nanos total_timeout = std::chrono::seconds(10);  ///< from when the transfer starts, not while it waits
    std::size_t max_response_bytes = 4 << 20;        ///< of the body; the head may have 64 KiB
};

struct FetchResponse {
    int status = 0;
    http::Headers headers;  ///< as sent, in order; of the final response only
    std::string body;
};

struct HttpClientOptions {
    std::size_t max_in_flight = 16;  ///< at least 1
    std::size_t max_waiting = 1024;  ///< requests beyond those in flight; more are refused
    std::string ca_file = {};        ///< trust these certificates (PEM) instead of the machine's
};

/// Sends requests over HTTP/1.1 from one thread of its own and keeps connections for the next request to the
/// same server. Follows no redirects, uses no proxies and no credentials from the environment, and verifies
/// servers.
///
/// Errors: kUsage, the request can't be sent as it is (method, URL, fields); kIo, no connection, a timeout,
/// an unverified server, or cancelled; kLimit, the response or the queue is too long; kSyntax, what came is
/// not HTTP. Messages begin with the method and the URL's scheme and authority; path, query and credentials
/// stay out of them.
class HttpClient {
  public:
    using Done = std::function<void(Result<FetchResponse>)>;

    explicit HttpClient(HttpClientOptions options = {});
    /// Cancels what is waiting or in flight: every `done` has been called when this returns. Not from a
    /// `done`.
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Any thread, never blocks. `done` is called exactly once, on the client's thread, and must not block.
    /// It may send again, but not for ever while the client is being destroyed: that waits until nothing is
    /// left.
    void send(FetchRequest request, Done done);

  private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace loadgen::fetch
