// Asks the search service for the offers that counters name: what they are called and what they save.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/stats/store/stats.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::stats {

/// Reads the body of GET /promotions. kSyntax when it is not that.
Result<std::vector<KnownPromotion>> read_promotions(std::string_view body);

/// One question at a time, for up to 100 offers. `run` belongs to the background loop.
class PromotionLookup {
  public:
    /// `context` outlives it.
    explicit PromotionLookup(runtime::ServiceContext& context) : context_(context) {}

    void run();

  private:
    void ask(std::vector<std::string> ids);
    void take(std::vector<std::string> asked, const Result<http::Response>& answer);

    runtime::ServiceContext& context_;
    std::unique_ptr<store::Statements> reader_;  // background loop
    std::atomic<bool> asking_{false};
    std::atomic<std::int64_t> not_before_ms_{0};  // after a failure
};

}  // namespace loadgen::services::grocery::stats
