// The bus's tables and the statements over them. Everything here runs inside a change of the store, but for
// the questions at the end, which run on a reader.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/bus/detail/queue_table.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::bus::detail {

std::span<const std::string_view> migrations();

/// Milliseconds since 1970 by the wall clock.
using WallMs = std::int64_t;
inline WallMs wall_ms(WallTime time) {
    return time.unix_ns / 1'000'000;
}

// ---- declaring

/// Makes the queue or changes it; when anything changed, so does the version that every process compares.
Result<void> put_queue(store::Statements& tables, const QueueSettings& settings, std::int64_t new_version);

// ---- publishing

struct NewCopy {
    std::string_view event_id;
    std::string_view type;
    std::string_view source;
    std::string_view body;
    WallTime enqueued;
    WallMs visible = 0;  ///< 0: at once, whatever the clock says
};

struct State {
    std::int64_t next_sequence = 0;
    std::int64_t version = 0;
};
Result<State> read_state(store::Statements& tables);
Result<void> write_next_sequence(store::Statements& tables, std::int64_t next);

/// False when the queue holds the event already.
Result<bool> put_copy(store::Statements& tables, std::int64_t queue, std::int64_t sequence,
                      const NewCopy& copy);

// ---- consuming

/// Names one receipt: a copy that was received again, or is gone, does not match any more.
struct Receipt {
    std::int64_t sequence = 0;
    int receives = 0;
};

struct Claim {
    std::vector<std::vector<Delivery>> batches;
    bool more = false;           ///< as many as were asked for: there may be others
    std::optional<WallMs> next;  ///< when there is something to do again
    std::uint64_t died = 0;
};
/// Takes up to `batches` batches. A batch that is not full waits for the queue's window. Copies that were
/// received too often become dead letters instead.
Result<Claim> claim(store::Statements& tables, const Queue& queue, std::size_t batches, WallTime now);

/// The answers say whether the receipt was still good.
Result<bool> remove_copy(store::Statements& tables, const Receipt& receipt);
/// Visible again at `visible` (0: at once).
Result<bool> return_copy(store::Statements& tables, const Receipt& receipt, WallMs visible);
/// Nobody saw it: as if it had not been received.
Result<bool> release_copy(store::Statements& tables, const Receipt& receipt);
Result<bool> bury_copy(store::Statements& tables, const Receipt& receipt, WallTime now);

// ---- upkeep

/// Ends claims that a step of the clock would stretch, and forgets dead letters whose time is over.
Result<void> tidy(store::Statements& tables, const Queue& queue, WallTime now);

// ---- operators

Result<std::uint64_t> redrive_letters(store::Statements& tables, std::int64_t queue,
                                      std::span<const std::string> ids);

// ---- questions

/// True when a claim would find something.
Result<bool> has_visible(store::Statements& reader, std::int64_t queue, WallTime now);
/// True when `tidy` would find something.
Result<bool> is_untidy(store::Statements& reader, const Queue& queue, WallTime now);
Result<std::vector<QueueDepth>> read_depths(store::Statements& reader, WallTime now);
Result<std::vector<DeadLetter>> read_dead_letters(store::Statements& reader, std::string_view queue,
                                                  std::size_t limit);

}  // namespace loadgen::services::bus::detail
