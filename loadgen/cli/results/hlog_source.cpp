#include "loadgen/cli/results/hlog_source.hpp"

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {
namespace {

// A histogram's base64 is bounded by kMaxHdrBytes; the other fields of the line are short.
constexpr std::size_t kMaxLine = stats::kMaxHdrBytes * 2;

}  // namespace

HlogSource::HlogSource(std::string name, int fd)
    : name_(std::move(name)), buffer_(std::make_unique<runlog::FdInput>(fd), kMaxLine) {}

Result<HlogSource> HlogSource::open(const std::string& name) {
    const auto fd = runlog::open_for_reading(name);
    if (!fd) return fd.error();
    return HlogSource(name, *fd);
}

Result<bool> HlogSource::take_line(std::string& line) {
    while (true) {
        const std::string_view bytes = buffer_.bytes();
        const std::size_t end = bytes.find('\n');
        if (end != std::string_view::npos || buffer_.ended()) {
            line = bytes.substr(0, end);
            const bool any = !bytes.empty();
            buffer_.consume(end == std::string_view::npos ? bytes.size() : end + 1);
            return any;
        }
        if (auto filled = buffer_.fill(); !filled) return with_context(name_ + ": ", filled.error());
    }
}

void HlogSource::warn_once() {
    if (warned_ || reader_.warning().empty()) return;
    warned_ = true;
    print_error("merge", name_ + ": " + reader_.warning());
}

Result<std::optional<stats::LogInterval>> HlogSource::next() {
    std::string line;
    while (true) {
        const auto any = take_line(line);
        if (!any) return any.error();
        if (!*any) return std::optional<stats::LogInterval>();
        if (line.ends_with('\r')) line.pop_back();
        auto interval = reader_.read_line(line);
        if (!interval) return with_context(name_ + ": ", interval.error());
        warn_once();
        if (*interval) return interval;
    }
}

}  // namespace loadgen::cli
