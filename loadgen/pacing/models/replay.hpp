// Replay: requests are due at recorded instants.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/pacing/models/rate_model.hpp"

namespace loadgen::pacing {

/// The most instants one file may hold (8 bytes of memory each).
inline constexpr std::size_t kMaxInstants = 20'000'000;

struct ReplayFormat {
    Nanos unit{1'000'000'000};  ///< of bare numbers
    /// Count from the earliest instant; otherwise from zero. RFC 3339 timestamps always count from the
    /// earliest.
    bool from_first = false;
};

/// One instant a line, in any order: a bare number, a duration in Go's notation, or an RFC 3339 timestamp.
/// Only the text before the first comma counts, so CSV results with the time in front replay as they are.
/// Blank lines and lines starting with '#' are skipped. Returns ascending offsets. Errors: kSyntax and kLimit
/// with "name:line:column: ...".
Result<std::vector<Nanos>> parse_instants(std::string_view text, const std::string& name,
                                          const ReplayFormat& format);

/// Requests at `instants` (ascending). Lasts until the last of them, or for `duration`: shorter cuts, longer
/// adds silence.
std::unique_ptr<RateModel> make_replay(std::vector<Nanos> instants, std::optional<Nanos> duration);

}  // namespace loadgen::pacing
