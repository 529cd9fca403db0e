#include "loadgen/cli/progress.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "common/base/duration_text.hpp"

namespace loadgen::cli {
namespace {

constexpr Nanos kLineInterval{5'000'000'000};
constexpr Nanos kRateWindow{1'000'000'000};

std::string describe(const engine::Progress& progress, double achieved) {
    std::array<char, 256> text{};
    const auto seconds = static_cast<double>(progress.elapsed.count()) / 1e9;
    const std::string asked =
        progress.rate_asked > 0
            ? " of " + std::to_string(static_cast<std::int64_t>(progress.rate_asked + 0.5))
            : "";
    const std::string users = progress.users ? "users " + std::to_string(*progress.users) + "  " : "";
    std::snprintf(text.data(), text.size(),
                  "%7.1fs  %s%.0f%s/s  in flight %llu  p50 %s  p99 %s  done %llu  failed %llu%s", seconds,
                  users.c_str(), achieved, asked.c_str(), static_cast<unsigned long long>(progress.in_flight),
                  display_duration(progress.p50).c_str(), display_duration(progress.p99).c_str(),
                  static_cast<unsigned long long>(progress.completed),
                  static_cast<unsigned long long>(progress.failed), progress.draining ? "  stopping" : "");
    return text.data();
}

}  // namespace

ProgressPrinter::Style ProgressPrinter::detect() {
    const char* term = std::getenv("TERM");
    const bool dumb = term == nullptr || std::string_view(term) == "dumb";
    return isatty(STDERR_FILENO) == 1 && !dumb ? Style::kLive : Style::kLines;
}

void ProgressPrinter::on_progress(const engine::Progress& progress) {
    if (style_ == Style::kNone || progress.elapsed == Nanos(0)) return;
    const Nanos window = progress.elapsed - rate_mark_;
    if (window >= kRateWindow) {
        achieved_ = static_cast<double>(progress.issued - issued_at_mark_) * 1e9 /
                    static_cast<double>(window.count());
        rate_mark_ = progress.elapsed;
        issued_at_mark_ = progress.issued;
    }
    if (style_ == Style::kLive) {
        std::fprintf(stderr, "\r\033[K%s", describe(progress, achieved_).c_str());
        std::fflush(stderr);
        drawn_ = true;
    } else if (progress.elapsed >= next_line_ + kLineInterval) {
        next_line_ = progress.elapsed;
        std::fprintf(stderr, "%s\n", describe(progress, achieved_).c_str());
    }
}

void ProgressPrinter::finish() {
    if (drawn_) std::fputs("\r\033[K", stderr);
}

}  // namespace loadgen::cli
