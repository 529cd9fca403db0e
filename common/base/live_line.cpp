#include "common/base/live_line.hpp"

namespace loadgen {
namespace {

constexpr std::string_view kWipe = "\r\033[K";  // ECMA-48: back to column 1, erase to the end of the line

}  // namespace

LiveLine& LiveLine::of_stderr() {
    static LiveLine line(stderr);
    return line;
}

void LiveLine::draw(std::string_view text) {
    const std::lock_guard lock(mutex_);
    write(std::string(kWipe).append(text));
    drawn_ = text;
}

void LiveLine::say(std::string_view line) {
    const std::lock_guard lock(mutex_);
    std::string bytes;
    if (!drawn_.empty()) bytes = kWipe;
    bytes.append(line).append("\n");
    write(bytes += drawn_);
}

void LiveLine::wipe() {
    const std::lock_guard lock(mutex_);
    if (!drawn_.empty()) write(std::string(kWipe));
    drawn_.clear();
}

void LiveLine::write(const std::string& bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), stream_);
    std::fflush(stream_);
}

}  // namespace loadgen
