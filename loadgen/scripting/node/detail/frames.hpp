// Frames between the engine and the host of a processor: four bytes of length, little-endian, then a JSON
// array of messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::scripting {

/// Receives the payloads of frames. The view dies on return.
class FrameEvents {
  public:
    virtual Result<void> on_frame(std::string_view payload) = 0;

  protected:
    ~FrameEvents() = default;
};

/// Cuts a stream of bytes into frames. Takes any bytes; holds at most one frame that is not complete.
class FrameCutter {
  public:
    explicit FrameCutter(std::size_t max_payload) : max_payload_(max_payload) {}

    /// Hands on every frame that is complete. Fails when a frame is too long, or its receiver fails; the
    /// stream is then of no more use.
    Result<void> push(std::string_view bytes, FrameEvents& events);

  private:
    Result<std::size_t> cut(std::string_view bytes, FrameEvents& events);

    std::size_t max_payload_;
    std::string rest_;
    std::size_t wanted_ = 0;  // bytes that the frame in rest_ has when it is complete, as far as known
};

/// Gathers messages into frames, one behind the other.
class FrameBuilder {
  public:
    /// Appends one message by calling append(text); false, and nothing is appended, when it is longer than
    /// `max_bytes`.
    template <typename Append>
    bool add(std::size_t max_bytes, Append&& append) {
        const std::size_t before = bytes_.size();
        const std::size_t open_before = open_;
        begin_message();
        const std::size_t begin = bytes_.size();
        append(bytes_);
        if (bytes_.size() - begin > max_bytes) {
            bytes_.resize(before);
            open_ = open_before;
            return false;
        }
        if (bytes_.size() - open_ >= kFullBytes) end_frame();
        return true;
    }

    std::size_t size() const { return bytes_.size(); }
    /// Ends the last frame, and gives all.
    std::string_view frames();
    void clear();

  private:
    // The host answers frame by frame: a long one would keep its first calls waiting for its last.
    static constexpr std::size_t kFullBytes = std::size_t{32} * 1024;
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    void begin_message();
    void end_frame();

    std::string bytes_;
    std::size_t open_ = kNone;  // where the frame begins that takes messages
};

}  // namespace loadgen::scripting
