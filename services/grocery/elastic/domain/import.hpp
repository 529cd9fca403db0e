// A batch of offers of one retailer, and what became of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/shared/domain/promotion.hpp"

namespace loadgen::services::grocery::elastic {

inline constexpr std::size_t kMaxBatch = 500;

/// An offer that was left out: its place in the batch and the rule that it breaks.
struct Rejection {
    std::size_t index = 0;
    std::string message;
};

struct Batch {
    std::string batch_id;
    std::string retailer_id;
    std::vector<Promotion> promotions;
    std::vector<Rejection> rejected;
};

/// What a batch did. The same batch again has the same outcome.
struct ImportOutcome {
    std::int64_t accepted = 0;  ///< offers that were not there before
    std::int64_t updated = 0;
    std::vector<Rejection> rejected;
};

/// {"batchId":...,"accepted":...,"updated":...,"rejected":[{"index":...,"message":...}]}
std::string outcome_json(const Batch& batch, const ImportOutcome& outcome);

}  // namespace loadgen::services::grocery::elastic
