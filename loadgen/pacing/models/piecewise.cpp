#include "loadgen/pacing/models/piecewise.hpp"

namespace loadgen::pacing {

PiecewiseRate::PiecewiseRate(std::vector<LinearPiece> pieces)
    : pieces_(std::make_shared<const std::vector<LinearPiece>>(std::move(pieces))) {
    for (const LinearPiece& piece : *pieces_) duration_ += piece.length;
}

std::unique_ptr<PiecewiseRate> PiecewiseRate::endless(Rate rate) {
    auto model = std::make_unique<PiecewiseRate>(std::vector<LinearPiece>{{rate, rate, Nanos(1), Nanos(1)}});
    model->endless_ = true;
    return model;
}

void PiecewiseRate::begin(Fraction carry) {
    carry_in_ = carry;
    index_ = 0;
    piece_start_ = Nanos(0);
    done_ = 0;
    last_due_ = 0;
    if (!pieces_->empty()) stretch_ = Stretch(pieces_->front(), carry, endless_);
}

std::optional<Nanos> PiecewiseRate::advance(std::uint64_t& n) {
    while (index_ < pieces_->size()) {
        if (n <= stretch_.total() - done_) {
            done_ += n;
            last_due_ = stretch_.due(done_, last_due_);
            return piece_start_ + Nanos(last_due_);
        }
        n -= stretch_.total() - done_;
        piece_start_ += (*pieces_)[index_].length;
        const Fraction carry = stretch_.carry_out();
        done_ = 0;
        last_due_ = 0;
        if (++index_ < pieces_->size()) stretch_ = Stretch((*pieces_)[index_], carry, endless_);
    }
    return std::nullopt;
}

double PiecewiseRate::rate_at(Nanos offset) const {
    if (offset < Nanos(0)) return 0;
    if (endless_) return pieces_->front().from.per_second();
    for (const LinearPiece& piece : *pieces_) {
        if (offset < piece.length) {
            const double share =
                static_cast<double>(offset.count()) / static_cast<double>(piece.span.count());
            return piece.from.per_second() + (piece.to.per_second() - piece.from.per_second()) * share;
        }
        offset -= piece.length;
    }
    return 0;
}

std::optional<Nanos> PiecewiseRate::duration() const {
    if (endless_) return std::nullopt;
    return duration_;
}

Fraction PiecewiseRate::carry_out() const {
    if (endless_) return {};
    Fraction carry = carry_in_;
    for (const LinearPiece& piece : *pieces_) carry = Stretch(piece, carry, false).carry_out();
    return carry;
}

std::unique_ptr<RateModel> PiecewiseRate::clone() const {
    return std::make_unique<PiecewiseRate>(*this);
}

}  // namespace loadgen::pacing
