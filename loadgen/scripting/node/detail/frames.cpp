#include "loadgen/scripting/node/detail/frames.hpp"

#include <cstdint>

namespace loadgen::scripting {
namespace {

constexpr std::size_t kHeaderBytes = 4;

std::size_t length_of(std::string_view header) {
    std::uint32_t length = 0;
    for (std::size_t i = kHeaderBytes; i-- > 0;) {
        length = length << 8U | static_cast<unsigned char>(header[i]);
    }
    return length;
}

}  // namespace

Result<void> FrameCutter::push(std::string_view bytes, FrameEvents& events) {
    if (rest_.empty()) {
        const Result<std::size_t> used = cut(bytes, events);
        if (!used) return used.error();
        rest_ = bytes.substr(*used);
        return {};
    }
    rest_ += bytes;
    if (rest_.size() < wanted_) return {};
    std::string whole;
    whole.swap(rest_);
    const Result<std::size_t> used = cut(whole, events);
    if (!used) return used.error();
    whole.erase(0, *used);
    rest_.swap(whole);
    return {};
}

Result<std::size_t> FrameCutter::cut(std::string_view bytes, FrameEvents& events) {
    std::size_t at = 0;
    wanted_ = kHeaderBytes;
    while (bytes.size() - at >= kHeaderBytes) {
        const std::size_t length = length_of(bytes.substr(at));
        if (length > max_payload_) {
            return Error{ErrorCode::kLimit, "a frame of " + std::to_string(length) + " bytes; at most " +
                                                std::to_string(max_payload_) + " are allowed"};
        }
        if (bytes.size() - at - kHeaderBytes < length) {
            wanted_ = kHeaderBytes + length;
            break;
        }
        const Result<void> taken = events.on_frame(bytes.substr(at + kHeaderBytes, length));
        if (!taken) return taken.error();
        at += kHeaderBytes + length;
    }
    return at;
}

void FrameBuilder::begin_message() {
    if (open_ != kNone) {
        bytes_ += ',';
        return;
    }
    open_ = bytes_.size();
    bytes_.append(kHeaderBytes, '\0');
    bytes_ += '[';
}

void FrameBuilder::end_frame() {
    bytes_ += ']';
    const std::size_t length = bytes_.size() - open_ - kHeaderBytes;
    for (std::size_t i = 0; i < kHeaderBytes; ++i)
        bytes_[open_ + i] = static_cast<char>(length >> 8 * i & 0xFFU);
    open_ = kNone;
}

std::string_view FrameBuilder::frames() {
    if (open_ != kNone) end_frame();
    return bytes_;
}

void FrameBuilder::clear() {
    bytes_.clear();
    open_ = kNone;
}

}  // namespace loadgen::scripting
