// A window on a stream of bytes that grows until a record fits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/runlog/byte_stream.hpp"

namespace loadgen::runlog {

class InputBuffer {
  public:
    InputBuffer(std::unique_ptr<ByteInput> input, std::size_t limit)
        : input_(std::move(input)), limit_(limit) {}

    std::string_view bytes() const { return {buffer_.data() + begin_, end_ - begin_}; }
    bool ended() const { return ended_; }
    /// Offset of bytes() in the stream.
    std::uint64_t offset() const { return offset_; }

    void consume(std::size_t size) {
        begin_ += size;
        offset_ += size;
    }

    /// Adds bytes, or learns that there are none left. kLimit when the window is as large as it may be.
    /// Large windows are at least doubled before the caller looks again, so that looking stays linear.
    Result<void> fill();

  private:
    Result<void> read_once();

    std::unique_ptr<ByteInput> input_;
    std::size_t limit_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
    bool ended_ = false;
};

}  // namespace loadgen::runlog
