// The live line of a run, on stderr.
#pragma once

#include "loadgen/engine/engine.hpp"

namespace loadgen::cli {

/// On a terminal one line that is redrawn ten times a second; otherwise a plain line each 5 s. Numbers are
/// the same.
class ProgressPrinter final : public engine::RunObserver {
  public:
    enum class Style { kNone, kLive, kLines };

    explicit ProgressPrinter(Style style) : style_(style) {}
    /// By what stderr is (and TERM=dumb, CI).
    static Style detect();

    void on_progress(const engine::Progress& progress) override;
    /// Takes the live line away, so that whatever follows starts on its own.
    void finish();

  private:
    Style style_;
    Nanos next_line_{0};
    Nanos rate_mark_{0};
    std::uint64_t issued_at_mark_ = 0;
    double achieved_ = 0;
};

}  // namespace loadgen::cli
