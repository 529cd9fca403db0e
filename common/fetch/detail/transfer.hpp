// One request on its way through libcurl.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/fetch/http_client.hpp"
#include "common/http/url.hpp"

namespace loadgen::fetch::detail {

/// Owns the easy handle. Must outlive its membership in a multi handle; stays where it was made.
class Transfer {
  public:
    Transfer(FetchRequest request, HttpClient::Done done);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Prepares the handle. The error says what can't be sent.
    Result<void> prepare(const HttpClientOptions& options);
    CURL* handle() const { return handle_; }

    void finish(CURLcode code);
    void fail(Error error) { done_(with_context(place(), std::move(error))); }

  private:
    Result<void> check();
    Result<void> add_headers();
    void set_method();
    std::string place() const;
    Error error_of(CURLcode code) const;

    static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t on_header(const char* bytes, std::size_t size, std::size_t count, void* self);
    void take_header(std::string_view line);

    FetchRequest request_;
    http::Url url_;  // checked; without a host before that
    HttpClient::Done done_;
    CURL* handle_ = nullptr;
    curl_slist* headers_ = nullptr;
    FetchResponse response_;
    std::size_t head_bytes_ = 0;
    bool head_too_long_ = false;
    bool body_too_long_ = false;
    char error_text_[CURL_ERROR_SIZE] = {};
};

}  // namespace loadgen::fetch::detail
