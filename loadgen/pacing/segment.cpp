#include "loadgen/pacing/segment.hpp"

#include <charconv>
#include <string>

namespace loadgen::pacing {
namespace {

constexpr std::uint64_t kMaxShares = 1'000'000;

bool parse_number(std::string_view text, std::uint64_t& value) {
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stopped == end;
}

}  // namespace

Result<Share> parse_share(std::string_view text) {
    const std::size_t slash = text.find('/');
    Share share;
    const bool parsed = slash != text.npos && parse_number(text.substr(0, slash), share.index) &&
                        parse_number(text.substr(slash + 1), share.of);
    if (!parsed || share.index < 1 || share.of > kMaxShares || share.index > share.of)
        return Error{ErrorCode::kUsage, "bad segment \"" + std::string(text) +
                                            "\": expected k/N with 1 <= k <= N <= 1000000, such as 2/3"};
    return share;
}

Segment::Segment(std::unique_ptr<Schedule> whole, Share share) : whole_(std::move(whole)), share_(share) {}

std::optional<Nanos> Segment::advance(std::uint64_t n) {
    const std::uint64_t first = started_ ? share_.of : share_.index;
    started_ = true;
    return whole_->advance(first + (n - 1) * share_.of);
}

double Segment::rate_at(Nanos offset) const {
    return whole_->rate_at(offset) / static_cast<double>(share_.of);
}

std::unique_ptr<Schedule> Segment::clone() const {
    return std::make_unique<Segment>(whole_->clone(), share_);
}

}  // namespace loadgen::pacing
