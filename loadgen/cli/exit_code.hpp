// Exit codes, the same for every command (docs and `loadgen help` list them from here).
#pragma once

namespace loadgen::cli {

inline constexpr int kExitPass = 0;             ///< completed, every budget and gate kept
inline constexpr int kExitBroken = 1;           ///< a budget, gate or check is broken: measured and proven
inline constexpr int kExitUsage = 2;            ///< usage or configuration error; nothing was measured
inline constexpr int kExitInconclusive = 3;     ///< not enough evidence for a verdict
inline constexpr int kExitCouldNotMeasure = 4;  ///< target unreachable, generator too slow, I/O error
inline constexpr int kExitWrappedFailed = 5;    ///< the wrapped command failed
inline constexpr int kExitInterrupted = 130;    ///< SIGINT; what was measured is reported
inline constexpr int kExitTerminated = 143;     ///< SIGTERM; what was measured is reported

}  // namespace loadgen::cli
