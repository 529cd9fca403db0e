// What must hold for every load: generated phases, checked against an independent sum of areas.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "loadgen/pacing/limit.hpp"
#include "loadgen/pacing/models/constant.hpp"
#include "loadgen/pacing/models/linear.hpp"
#include "loadgen/pacing/models/sine.hpp"
#include "loadgen/pacing/segment.hpp"
#include "support.hpp"

namespace loadgen::pacing {
namespace {

/// A linear piece (a constant one when from == to) in requests per `per` nanoseconds.
struct Piece {
    std::uint64_t from;
    std::uint64_t to;
    std::int64_t per;
    std::int64_t length;
};

Piece any_piece() {
    return {*rc::gen::inRange<std::uint64_t>(0, 400), *rc::gen::inRange<std::uint64_t>(0, 400),
            *rc::gen::elementOf(std::vector<std::int64_t>{kSecond, 60 * kSecond, 7 * kSecond, 500'000'000}),
            *rc::gen::inRange<std::int64_t>(1, 5 * kSecond)};
}

std::vector<Piece> any_pieces() {
    std::vector<Piece> pieces;
    const int count = *rc::gen::inRange(1, 5);
    for (int i = 0; i < count; ++i) pieces.push_back(any_piece());
    return pieces;
}

std::unique_ptr<Schedule> schedule_of(const std::vector<Piece>& pieces) {
    std::vector<SequencePart> parts;
    for (const Piece& piece : pieces)
        parts.push_back(
            {make_linear({piece.from, Nanos(piece.per)}, {piece.to, Nanos(piece.per)}, Nanos(piece.length)),
             std::nullopt});
    return std::make_unique<Sequence>(std::move(parts));
}

/// The integral up to t, straight from the definition. Long double carries 64 bits; the sums here stay below
/// 2^40 requests, so it is right to about 2^-40.
long double integral(const std::vector<Piece>& pieces, std::int64_t t) {
    long double sum = 0;
    for (const Piece& piece : pieces) {
        const auto walked = static_cast<long double>(std::min(t, piece.length));
        const auto length = static_cast<long double>(piece.length);
        const auto from = static_cast<long double>(piece.from);
        const auto to = static_cast<long double>(piece.to);
        sum += (from * walked + (to - from) * walked * walked / (2 * length)) /
               static_cast<long double>(piece.per);
        t -= std::min(t, piece.length);
    }
    return sum;
}

std::int64_t length_of(const std::vector<Piece>& pieces) {
    std::int64_t length = 0;
    for (const Piece& piece : pieces) length += piece.length;
    return length;
}

constexpr long double kSlack = 1e-11L;

RC_GTEST_PROP(Schedules, NeverEarlyAndAtMostANanosecondLate, ()) {
    const auto pieces = any_pieces();
    std::uint64_t k = 0;
    for (const std::int64_t due : walk(*schedule_of(pieces))) {
        const auto wanted = static_cast<long double>(++k);
        RC_ASSERT(integral(pieces, due) >= wanted - kSlack);
        RC_ASSERT(integral(pieces, due - 1) < wanted + kSlack);
    }
}

RC_GTEST_PROP(Schedules, CountIsTheFloorOfTheIntegral, ()) {
    const auto pieces = any_pieces();
    const long double area = integral(pieces, length_of(pieces));
    const auto count = static_cast<long double>(walk(*schedule_of(pieces)).size());
    RC_ASSERT(count <= area + kSlack);
    RC_ASSERT(count > area - 1 - kSlack);
}

RC_GTEST_PROP(Schedules, AscendAndEndInTime, ()) {
    const auto pieces = any_pieces();
    const auto schedule = schedule_of(pieces);
    std::int64_t last = 0;
    for (const std::int64_t due : walk(*schedule)) {
        RC_ASSERT(due >= last);
        last = due;
    }
    RC_ASSERT(schedule->end() == Nanos(length_of(pieces)));
    RC_ASSERT(last <= length_of(pieces));
    RC_ASSERT(schedule->next() == std::nullopt);
}

RC_GTEST_PROP(Schedules, CloneStartsFromTheBeginning, ()) {
    const auto pieces = any_pieces();
    const auto schedule = schedule_of(pieces);
    const auto dues = walk(*schedule->clone());
    schedule->advance(*rc::gen::inRange<std::uint64_t>(1, 50));
    RC_ASSERT(walk(*schedule->clone()) == dues);
}

RC_GTEST_PROP(Schedules, JumpingLandsWhereWalkingDoes, ()) {
    const auto pieces = any_pieces();
    const auto dues = walk(*schedule_of(pieces));
    const auto schedule = schedule_of(pieces);
    std::size_t at = 0;
    while (true) {
        const auto step = *rc::gen::inRange<std::uint64_t>(1, 200);
        const auto due = schedule->advance(step);
        at += step;
        RC_ASSERT(due.has_value() == (at <= dues.size()));
        if (!due) break;
        RC_ASSERT(due->count() == dues[at - 1]);
    }
}

/// Any kind of load, with counts and arrivals that are no integrals.
std::vector<std::string> any_load() {
    static const std::vector<std::string> kPhases{
        "constant rate=97/s for=1300ms",
        "constant rate=31/s count=17",
        "linear from=0/s to=90/m for=7s",
        "sine mean=20/s amplitude=20/s period=3s for=4s start=trough",
        "poisson rate=40/s for=2s",
        "poisson rate=40/s count=23",
        "spike base=1/s peak=300/s at=1s width=100ms for=2s",
        "pause for=1s",
        "steps from=3/s by=4/s every=700ms to=20/s",
        "linear from=50/s to=1/s for=3s count=40"};
    return *rc::gen::container<std::vector<std::string>>(5, rc::gen::elementOf(kPhases));
}

RC_GTEST_PROP(Segments, PartTheScheduleExactly, ()) {
    const auto load = load_of(any_load());
    RC_ASSERT(load.has_value());
    const auto whole = walk(*load->schedule->clone());
    const auto machines = *rc::gen::inRange<std::uint64_t>(1, 5);
    const auto workers = *rc::gen::inRange<std::uint64_t>(1, 4);
    std::vector<std::int64_t> merged;
    for (std::uint64_t machine = 1; machine <= machines; ++machine)
        for (std::uint64_t worker = 1; worker <= workers; ++worker) {
            Segment share(std::make_unique<Segment>(load->schedule->clone(), Share{machine, machines}),
                          Share{worker, workers});
            const auto dues = walk(share);
            RC_ASSERT(walk(*share.clone()) == dues);
            merged.insert(merged.end(), dues.begin(), dues.end());
        }
    std::sort(merged.begin(), merged.end());
    RC_ASSERT(merged == whole);
}

RC_GTEST_PROP(Limits, CutTheSameRequests, ()) {
    const auto load = load_of(any_load());
    RC_ASSERT(load.has_value());
    const auto whole = walk(*load->schedule->clone());
    const Nanos until(*rc::gen::inRange<std::int64_t>(0, 12 * kSecond));
    DurationLimit by_time(load->schedule->clone(), until);
    auto expected = whole;
    expected.erase(std::upper_bound(expected.begin(), expected.end(), until.count()), expected.end());
    RC_ASSERT(walk(by_time) == expected);
    RC_ASSERT(walk(*by_time.clone()) == expected);
    const auto count = *rc::gen::inRange<std::uint64_t>(0, 100);
    CountLimit by_count(load->schedule->clone(), count);
    expected = whole;
    expected.resize(std::min<std::size_t>(count, whole.size()));
    RC_ASSERT(walk(by_count) == expected);
    RC_ASSERT(walk(*by_count.clone()) == expected);
}

RC_GTEST_PROP(Sine, IsNeverEarly, ()) {
    const auto mean = *rc::gen::inRange<std::uint64_t>(1, 500);
    const auto amplitude = *rc::gen::inRange<std::uint64_t>(0, mean + 1);
    const auto period = *rc::gen::inRange<std::int64_t>(kSecond / 10, 20 * kSecond);
    const auto start = *rc::gen::inRange(0, 4);
    auto model = make_sine({{mean, seconds(1)},
                            {amplitude, seconds(1)},
                            Nanos(period),
                            static_cast<SineStart>(start),
                            seconds(5)});
    RC_ASSERT(model.has_value());
    const long double pi = 3.14159265358979323846264338327950288L;
    const auto area = [&](std::int64_t t) {
        const long double per_radian = static_cast<long double>(period) / (2 * pi);
        const long double origin = pi / 2 * static_cast<long double>(start);
        const auto at = static_cast<long double>(t);
        return (static_cast<long double>(mean) * at +
                static_cast<long double>(amplitude) * per_radian *
                    (std::cos(origin) - std::cos(origin + at / per_radian))) /
               1e9L;
    };
    long double k = 0;
    for (const std::int64_t due : walk(std::move(*model))) {
        k += 1;
        RC_ASSERT(area(due) >= k - kSlack);
        RC_ASSERT(area(due - 1) < k + kSlack);
    }
    RC_ASSERT(k > area(5 * kSecond) - 1 - kSlack);
}

TEST(Sequence, ThreeThirdsMakeOneRequest) {
    const auto load =
        load_of({"constant rate=1/3s for=1s", "constant rate=1/3s for=1s", "constant rate=1/3s for=1s"});
    ASSERT_TRUE(load);
    EXPECT_EQ(walk(*load->schedule), (std::vector<std::int64_t>{3 * kSecond}));
}

TEST(Segment, ParsesAndRefuses) {
    EXPECT_EQ(*parse_share("2/3"), (Share{2, 3}));
    for (const char* text : {"", "0/3", "4/3", "1", "1/0", "-1/2", "1/2/3", "1/1000001", "a/b"}) {
        const auto share = parse_share(text);
        ASSERT_FALSE(share) << text;
        EXPECT_EQ(share.error().message, "bad segment \"" + std::string(text) +
                                             "\": expected k/N with 1 <= k <= N <= 1000000, such as 2/3");
    }
}

}  // namespace
}  // namespace loadgen::pacing
