#include "loadgen/cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "common/base/duration_text.hpp"
#include "common/base/live_line.hpp"

namespace loadgen::cli {
namespace {

constexpr Nanos kLineInterval{5'000'000'000};
constexpr Nanos kRateWindow{1'000'000'000};

/// More of them would only flicker, and take the room of what comes behind.
Nanos three_digits(Nanos value) {
    std::int64_t unit = 1;
    while (value.count() / unit >= 1000) unit *= 10;
    return Nanos((value.count() + unit / 2) / unit * unit);
}

std::string shown(Nanos percentile) {
    return percentile == Nanos(0) ? "-" : display_duration(three_digits(percentile));
}

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
                  shown(progress.p50).c_str(), shown(progress.p99).c_str(),
                  static_cast<unsigned long long>(progress.completed),
                  static_cast<unsigned long long>(progress.failed), progress.draining ? "  stopping" : "");
    return text.data();
}

/// As much as fits on a line of the terminal: a longer one would wrap, and stay when it is drawn over.
std::string fitting(std::string line) {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return line;
    std::size_t columns = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const bool begins_character = (static_cast<unsigned char>(line[at]) & 0xc0U) != 0x80U;
        if (begins_character && ++columns == size.ws_col) return line.substr(0, at);
    }
    return line;
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
    } else if (rate_mark_ == Nanos(0)) {  // no second has passed: what there is
        achieved_ = static_cast<double>(progress.issued) * 1e9 / static_cast<double>(window.count());
    }
    if (style_ == Style::kLive) {
        LiveLine::of_stderr().draw(fitting(describe(progress, achieved_)));
    } else if (progress.elapsed >= next_line_ + kLineInterval) {
        next_line_ = progress.elapsed;
        LiveLine::of_stderr().say(describe(progress, achieved_));
    }
}

void ProgressPrinter::finish() {
    LiveLine::of_stderr().wipe();
}

}  // namespace loadgen::cli
