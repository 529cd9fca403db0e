#include "loadgen/pacing/models/replay.hpp"

#include <algorithm>

#include "loadgen/pacing/decimal_time.hpp"
#include "loadgen/pacing/rate.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::pacing {
namespace {

/// rate_at counts the arrivals of the second before, as a reader of a rate display expects.
constexpr Nanos kRateWindow{1'000'000'000};

class RecordedInstants final : public RateModel {
  public:
    RecordedInstants(std::vector<Nanos> instants, Nanos duration) : duration_(duration) {
        instants.erase(std::upper_bound(instants.begin(), instants.end(), duration), instants.end());
        instants_ = std::make_shared<const std::vector<Nanos>>(std::move(instants));
    }

    void begin(Fraction carry) override {
        carry_ = carry;
        done_ = 0;
    }

    std::optional<Nanos> advance(std::uint64_t& n) override {
        const std::size_t left = instants_->size() - done_;
        if (n > left) {
            n -= left;
            done_ = instants_->size();
            return std::nullopt;
        }
        done_ += n;
        return (*instants_)[done_ - 1];
    }

    double rate_at(Nanos offset) const override {
        const auto first = std::upper_bound(instants_->begin(), instants_->end(), offset - kRateWindow);
        const auto last = std::upper_bound(first, instants_->end(), offset);
        return static_cast<double>(last - first);
    }
    std::optional<Nanos> duration() const override { return duration_; }
    Fraction carry_out() const override { return carry_; }
    std::unique_ptr<RateModel> clone() const override { return std::make_unique<RecordedInstants>(*this); }

  private:
    std::shared_ptr<const std::vector<Nanos>> instants_;  ///< copies share the recording
    Nanos duration_;
    Fraction carry_;
    std::size_t done_ = 0;
};

struct ParsedInstant {
    Nanos value{};
    bool timestamp = false;
};

std::optional<ParsedInstant> parse_instant(std::string_view text, const ReplayFormat& format) {
    if (const auto number = parse_decimal_time(text, format.unit)) return ParsedInstant{*number, false};
    if (const auto time = parse_rfc3339(text)) return ParsedInstant{*time, true};
    if (const auto duration = parse_offset(text)) return ParsedInstant{*duration, false};
    return std::nullopt;
}

Error bad_instant(const TextLine& line, const std::string& name, std::string_view why) {
    return {ErrorCode::kSyntax, line.place(name, 1) + std::string(why)};
}

}  // namespace

Result<std::vector<Nanos>> parse_instants(std::string_view text, const std::string& name,
                                          const ReplayFormat& format) {
    std::vector<Nanos> instants;
    std::optional<bool> timestamps;
    TextLines lines(text);
    while (const std::optional<TextLine> line = lines.next()) {
        const std::string_view cell = trim(line->text.substr(0, line->text.find(',')));
        const std::optional<ParsedInstant> instant = parse_instant(cell, format);
        if (!instant || instant->value < Nanos(0))
            return bad_instant(*line, name,
                               "bad instant \"" + quoted_start(cell) +
                                   "\"; expected a number, a duration such as 1.5s, or a timestamp such as "
                                   "2026-01-31T12:00:00Z");
        if (timestamps.value_or(instant->timestamp) != instant->timestamp)
            return bad_instant(*line, name, "timestamps and offsets must not be mixed in one file");
        timestamps = instant->timestamp;
        if (instants.size() == kMaxInstants)
            return Error{ErrorCode::kLimit,
                         line->place(name, 1) + "more than " + std::to_string(kMaxInstants) + " instants"};
        instants.push_back(instant->value);
    }
    if (instants.empty()) return Error{ErrorCode::kSyntax, name + ": no instants"};
    std::sort(instants.begin(), instants.end());
    if (format.from_first || *timestamps) {
        const Nanos first = instants.front();
        for (Nanos& instant : instants) instant -= first;
    }
    if (instants.back() > kLongestSpan)
        return Error{ErrorCode::kLimit, name +
                                            ": the last instant lies more than 720h after the start; for "
                                            "absolute times give origin=first"};
    return instants;
}

std::unique_ptr<RateModel> make_replay(std::vector<Nanos> instants, std::optional<Nanos> duration) {
    const Nanos end = duration.value_or(instants.empty() ? Nanos(0) : instants.back());
    return std::make_unique<RecordedInstants>(std::move(instants), end);
}

}  // namespace loadgen::pacing
