// A call without a connection: its owner keeps the answer.
#pragma once

#include <optional>
#include <vector>

#include "services/platform/dispatcher.hpp"

namespace loadgen::services::platform::test {

class AnswerKeeper : public CallOwner {
  public:
    explicit AnswerKeeper(Dispatcher* dispatcher = nullptr, const Clock& clock = system_clock())
        : loop(clock), dispatcher_(dispatcher) {}

    CallPtr call(std::string method, std::string target, http::Headers headers = {}, std::string body = {}) {
        http::Request request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.headers = std::move(headers);
        request.body = std::move(body);
        auto made = std::make_shared<Call>(loop, *this, std::move(request));
        made->peer = "127.0.0.1";
        return made;
    }

    void send(Call& call, http::Response&& response) override {
        if (dispatcher_ != nullptr) dispatcher_->finish(call, response);
        answers.push_back(std::move(response));
    }

    Loop loop;
    std::vector<http::Response> answers;

  private:
    Dispatcher* dispatcher_;
};

inline std::string field(const http::Response& response, std::string_view name) {
    const http::Header* header = http::find_header(response.headers, name);
    return header == nullptr ? std::string("(none)") : header->value;
}

}  // namespace loadgen::services::platform::test
