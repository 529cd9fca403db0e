// Drives a client session without sockets and notes what it says about its exchanges.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/engine/sessions/session.hpp"

namespace loadgen::engine::test {

inline std::shared_ptr<const plan::Request> make_request(const std::string& method, const std::string& url,
                                                         const std::string& body = {},
                                                         http::Headers headers = {}) {
    auto request = std::make_shared<plan::Request>();
    request->method = method;
    request->url_text = url;
    request->url = http::parse_url(url).value();
    request->headers = std::move(headers);
    request->body = std::make_shared<const std::string>(body);
    request->endpoint = method + ' ' + request->url.path_and_query;
    return request;
}

inline std::shared_ptr<const CompiledRequest> compile(const std::shared_ptr<const plan::Request>& request,
                                                      bool chunked = false) {
    return std::make_shared<CompiledRequest>(
        request, 0U, 0U,
        CompileOptions{.attack_name = "", .sequence_header = false, .chunked_body = chunked});
}

/// Ends of exchanges in the order in which they were told.
class SessionLog final : public SessionEvents {
  public:
    struct End {
        std::uint64_t sequence;
        Cause cause;
        int status;
        std::string body;
        bool has_first_byte;
        friend bool operator==(const End&, const End&) = default;
    };

    void on_written(Exchange& exchange) override { written.push_back(exchange.sequence); }
    void on_first_byte(Exchange& exchange) override {
        exchange.has_first_byte = true;
        first_bytes.push_back(exchange.sequence);
    }
    bool wants_headers(const Exchange&) override { return true; }
    void on_header(Exchange&, http::HeaderView header) override {
        headers.push_back(std::string(header.name) + '=' + std::string(header.value));
    }
    void on_body(Exchange& exchange, std::string_view bytes) override {
        exchange.bytes_in += bytes.size();
        bodies_[exchange.sequence % bodies_.size()].append(bytes);
    }
    void on_finished(Exchange& exchange, Cause cause) override {
        ends.push_back({exchange.sequence, cause, exchange.status,
                        bodies_[exchange.sequence % bodies_.size()], exchange.has_first_byte});
        if (submit_next) submit_next();
    }

    std::vector<End> ends;
    std::vector<std::uint64_t> written;
    std::vector<std::uint64_t> first_bytes;
    std::vector<std::string> headers;
    std::function<void()> submit_next;

  private:
    std::vector<std::string> bodies_ = std::vector<std::string>(1000);
};

/// An exchange of a test, numbered.
struct TestExchange : Exchange {
    TestExchange(std::uint64_t number, std::shared_ptr<const CompiledRequest> compiled) {
        sequence = number;
        request = std::move(compiled);
    }
};

inline std::string produce_all(Session& session) {
    std::string out;
    while (session.wants_write()) {
        const std::size_t before = out.size();
        session.produce(out);
        if (out.size() == before) break;
    }
    return out;
}

}  // namespace loadgen::engine::test
