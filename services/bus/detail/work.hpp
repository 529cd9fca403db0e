// One round of the dispatcher against the database: everything that was settled, and the next batches.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/bus/detail/tables.hpp"

namespace loadgen::services::bus::detail {

enum class Verdict : std::uint8_t {
    kDone,
    kFailed,    ///< comes again, or dies
    kReleased,  ///< was never handed out
};

struct Settlement {
    std::int64_t queue = 0;
    Receipt receipt;
    Verdict verdict = Verdict::kDone;
    Nanos retry_after{0};
};

struct ClaimRequest {
    std::int64_t queue = 0;
    std::size_t batches = 0;
};

struct WorkCounts {
    std::uint64_t settled = 0;
    std::uint64_t dead = 0;
};

/// What goes in is not changed any more once the work was handed to the store; what comes out may be read
/// when the store has said that it succeeded.
struct Work {
    std::vector<Settlement> settlements;
    std::vector<ClaimRequest> requests;
    std::vector<std::int64_t> untidy;  ///< queues to tidy

    std::vector<Claim> claims;            ///< one a request
    std::vector<QueueSettings> settings;  ///< one a request: of the queue, as they are now
    std::vector<std::int64_t> announce;   ///< queues into which a settlement put something back
    WorkCounts counts;
};

/// Writer thread. One change, all or nothing: claims and settlements of a round share a commit, and one that
/// changed nothing costs no write.
Result<void> run_work(store::Statements& tables, QueueTable& queues, Work& work, WallTime now);

}  // namespace loadgen::services::bus::detail
