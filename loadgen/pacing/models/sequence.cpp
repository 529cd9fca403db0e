#include "loadgen/pacing/models/sequence.hpp"

#include <algorithm>

#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

Sequence::Sequence(std::vector<SequencePart> parts) {
    std::optional<Nanos> start = Nanos(0);
    Fraction carry;
    for (SequencePart& given : parts) {
        Part part{std::move(given.model), given.count, start, std::nullopt, carry};
        part.model->begin(carry);
        std::uint64_t wanted = part.count.value_or(0);
        const std::optional<Nanos> last = wanted > 0 ? part.model->advance(wanted) : std::nullopt;
        const std::optional<Nanos> length = last ? last : part.model->duration();
        carry = last ? Fraction{} : part.model->carry_out();
        // Longer than that counts as endless; also keeps sums of phases from overflowing.
        if (start && length && *length <= kLongestSpan) part.end = *start + *length;
        start = part.end;
        parts_.push_back(std::move(part));
    }
    enter(0);
}

void Sequence::enter(std::size_t part) {
    current_ = part;
    done_ = 0;
    if (part < parts_.size()) parts_[part].model->begin(parts_[part].carry);
}

std::optional<Nanos> Sequence::advance(std::uint64_t n) {
    while (current_ < parts_.size() && parts_[current_].start) {
        Part& part = parts_[current_];
        const std::uint64_t allowed = part.count ? std::min(n, *part.count - done_) : n;
        if (allowed == n) {
            std::uint64_t left = n;
            if (const std::optional<Nanos> due = part.model->advance(left)) {
                done_ += n;
                return *part.start + *due;
            }
            n = left;
        } else {
            // The part's share of what is skipped may end before its count does.
            std::uint64_t left = allowed;
            const bool all = allowed == 0 || part.model->advance(left);
            n -= all ? allowed : allowed - left;
        }
        enter(current_ + 1);
    }
    return std::nullopt;
}

double Sequence::rate_at(Nanos offset) const {
    for (const Part& part : parts_)
        if (part.start && offset >= *part.start && (!part.end || offset < *part.end))
            return part.model->rate_at(offset - *part.start);
    return 0;
}

std::optional<Nanos> Sequence::end() const {
    return parts_.empty() ? Nanos(0) : parts_.back().end;
}

std::optional<Nanos> Sequence::start_of(std::size_t part) const {
    return part < parts_.size() ? parts_[part].start : end();
}

Sequence::Part Sequence::copy(const Part& part) {
    return {part.model->clone(), part.count, part.start, part.end, part.carry};
}

std::unique_ptr<Schedule> Sequence::clone() const {
    std::unique_ptr<Sequence> fresh(new Sequence());  // the private constructor keeps half-built ones inside
    for (const Part& part : parts_) fresh->parts_.push_back(copy(part));
    fresh->enter(0);
    return fresh;
}

}  // namespace loadgen::pacing
