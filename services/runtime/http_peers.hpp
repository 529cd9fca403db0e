// Requests from one service of the set to another.
#pragma once

#include "common/fetch/http_client.hpp"
#include "services/runtime/background.hpp"
#include "services/runtime/endpoints.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::runtime {

/// Finds the service where it listens now and tries again when it is being replaced. Thread-safe; everything
/// it is given outlives it.
class HttpPeers final : public Peers {
  public:
    HttpPeers(fetch::HttpClient& client, Endpoints& endpoints, Background& background,
              const telemetry::Tracer& tracer, telemetry::Meter& meter, const Clock& clock)
        : client_(client),
          endpoints_(endpoints),
          background_(background),
          tracer_(tracer),
          meter_(meter),
          clock_(clock) {}

    void get(std::string_view service, std::string_view path, const telemetry::SpanContext& parent,
             Answered answered) override;

  private:
    struct Question;
    void record(const Question& question, int status);
    void ask(std::shared_ptr<Question> question);
    void answered(const std::shared_ptr<Question>& question, telemetry::Span& span,
                  Result<fetch::FetchResponse> response);
    void fail_or_retry(std::shared_ptr<Question> question, Result<http::Response> outcome);

    fetch::HttpClient& client_;
    Endpoints& endpoints_;
    Background& background_;
    const telemetry::Tracer& tracer_;
    telemetry::Meter& meter_;
    const Clock& clock_;
};

}  // namespace loadgen::services::runtime
