#include "common/runlog/input_buffer.hpp"

#include <algorithm>

namespace loadgen::runlog {
namespace {

constexpr std::size_t kFirstSize = 256U << 10U;

}  // namespace

Result<void> InputBuffer::fill() {
    const std::size_t before = bytes().size();
    if (before >= limit_) {
        return Error{ErrorCode::kLimit, "the record is larger than " + std::to_string(limit_) + " bytes"};
    }
    const std::size_t wanted = before > kFirstSize ? std::min(before * 2, limit_) : before + 1;
    while (!ended_ && bytes().size() < wanted) {
        if (auto read = read_once(); !read) return read;
    }
    return {};
}

Result<void> InputBuffer::read_once() {
    if (begin_ != 0) {
        buffer_.erase(0, begin_);
        buffer_.resize(buffer_.size() + begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() < kFirstSize) buffer_.resize(kFirstSize);
    if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    auto got = input_->read({buffer_.data() + end_, buffer_.size() - end_});
    if (!got) return std::move(got).error();
    ended_ = *got == 0;
    end_ += *got;
    return {};
}

}  // namespace loadgen::runlog
