#include "loadgen/engine/results/statistics.hpp"

#include <gtest/gtest.h>

#include "common/base/random.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

struct Outcome {
    std::uint32_t endpoint;
    Nanos due, sent, done;
    Cause cause;
    std::uint16_t status;
    std::string error;
};

void record(Statistics& statistics, const Outcome& outcome) {
    const Instant start{};
    Exchange exchange;
    exchange.request = std::make_shared<CompiledRequest>(make_request("GET", "http://h/"), 0U,
                                                         outcome.endpoint, CompileOptions{.attack_name = {}});
    exchange.due = start + outcome.due;
    exchange.sent = start + outcome.sent;
    exchange.cause = outcome.cause;
    exchange.status = outcome.status;
    exchange.error = outcome.error;
    exchange.bytes_in = 7;
    exchange.bytes_out = 3;
    statistics.record_issued(outcome.sent - outcome.due);
    statistics.record_sent(outcome.sent);
    statistics.record(exchange, start, start + outcome.done);
}

Outcome any_outcome(Random& random) {
    const auto nanos = [&](std::uint64_t bound) {
        return Nanos(static_cast<std::int64_t>(random.below(bound)));
    };
    const Nanos due = nanos(5'000'000'000);
    const Nanos sent = due + nanos(1'000'000);
    const auto cause = static_cast<Cause>(random.below(kCauseCount));
    const auto status = static_cast<std::uint16_t>(cause == Cause::kOk        ? 200
                                                   : cause == Cause::kHttp4xx ? 404
                                                                              : 0);
    return {
        static_cast<std::uint32_t>(random.below(3)), due, sent, sent + nanos(3'000'000'000), cause, status,
        "error " + std::to_string(random.below(5))};
}

void expect_same(const stats::Histogram& a, const stats::Histogram& b) {
    ASSERT_EQ(a.count(), b.count());
    EXPECT_EQ(a.min(), b.min());
    EXPECT_EQ(a.max(), b.max());
    EXPECT_EQ(a.total(), b.total());
    for (std::size_t i = 0; i < stats::Histogram::kIndexCount; ++i)
        ASSERT_EQ(a.count_at(i), b.count_at(i)) << i;
}

TEST(Statistics, MergedShardsEqualOneThatSawEverything) {
    Random random(1);
    Statistics whole;
    std::vector<Statistics> shards(3);
    for (int i = 0; i < 5000; ++i) {
        const Outcome outcome = any_outcome(random);
        record(whole, outcome);
        record(shards[random.below(3)], outcome);
    }
    Statistics merged;
    for (const Statistics& shard : shards) merged.merge(shard);
    EXPECT_EQ(merged.count(), 5000U);
    EXPECT_EQ(merged.failed(), whole.failed());
    EXPECT_EQ(merged.first_due(), whole.first_due());
    EXPECT_EQ(merged.last_due(), whole.last_due());
    EXPECT_EQ(merged.last_done(), whole.last_done());
    expect_same(merged.timer_lag(), whole.timer_lag());
    ASSERT_EQ(merged.endpoints().size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& one = *merged.endpoints()[i];
        const auto& other = *whole.endpoints()[i];
        EXPECT_EQ(one.causes, other.causes);
        EXPECT_EQ(one.statuses, other.statuses);
        EXPECT_EQ(one.bytes_in, other.bytes_in);
        EXPECT_EQ(one.bytes_out, other.bytes_out);
        expect_same(one.succeeded.response, other.succeeded.response);
        expect_same(one.succeeded.service, other.succeeded.service);
        expect_same(one.failed.response, other.failed.response);
        expect_same(one.failed.send_delay, other.failed.send_delay);
    }
    ASSERT_EQ(merged.counters().size(), whole.counters().size());
    for (std::size_t i = 0; i < whole.counters().size(); ++i)
        EXPECT_EQ(merged.counters().at(i), whole.counters().at(i));
    for (std::size_t i = 0; i < whole.latencies().size(); ++i)
        expect_same(merged.latencies().at(i), whole.latencies().at(i));
    const auto slow_of_shards = merged.slowest().sorted();
    const auto slow_of_whole = whole.slowest().sorted();
    ASSERT_EQ(slow_of_shards.size(), 10U);
    Nanos slowest{0};
    for (const auto& endpoint : whole.endpoints()) {
        slowest = std::max({slowest, endpoint->succeeded.response.max(), endpoint->failed.response.max()});
    }
    EXPECT_EQ(slow_of_shards.front().response, slowest);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(slow_of_shards[i].response, slow_of_whole[i].response);
        EXPECT_EQ(slow_of_shards[i].due, slow_of_whole[i].due);
        EXPECT_EQ(slow_of_shards[i].response, slow_of_shards[i].service + slow_of_shards[i].send_delay);
    }
    auto sorted = [](const Statistics& statistics) {
        std::map<std::string, std::uint64_t> errors;
        for (const auto& [text, times] : statistics.errors()) errors[text] += times;
        return errors;
    };
    EXPECT_EQ(sorted(merged), sorted(whole));
}

TEST(Statistics, TheThreeFiguresAddUp) {
    Statistics statistics;
    record(statistics, {0, Nanos(1'000), Nanos(4'000), Nanos(9'000), Cause::kOk, 200, ""});
    const auto& figures = statistics.endpoints()[0]->succeeded;
    EXPECT_EQ(figures.send_delay.max(), Nanos(3'000));
    EXPECT_EQ(figures.service.max(), Nanos(5'000));
    EXPECT_EQ(figures.response.max(), Nanos(8'000));
}

TEST(Statistics, ErrorTextsAreBounded) {
    Statistics statistics;
    for (int i = 0; i < 250; ++i) {
        record(statistics, {0, Nanos(0), Nanos(0), Nanos(1), Cause::kDns, 0, std::to_string(i)});
    }
    EXPECT_EQ(statistics.errors().size(), Statistics::kMaxErrors);
    EXPECT_EQ(statistics.other_errors(), 150U);
    EXPECT_EQ(statistics.errors()[0].first, "dns: 0");
    Statistics merged;
    merged.merge(statistics);
    merged.merge(statistics);
    EXPECT_EQ(merged.errors()[0].second, 2U);
    EXPECT_EQ(merged.other_errors(), 300U);
}

TEST(Statistics, ErrorsReadAsVegetasDo) {
    const auto text = [](Cause cause, std::uint16_t status, const std::string& error) {
        Exchange exchange;
        exchange.cause = cause;
        exchange.status = status;
        exchange.error = error;
        std::string out;
        append_error_text(out, exchange);
        return out;
    };
    EXPECT_EQ(text(Cause::kOk, 200, "left over"), "");
    EXPECT_EQ(text(Cause::kHttp4xx, 404, ""), "404 Not Found");
    EXPECT_EQ(text(Cause::kThrottled, 429, ""), "429 Too Many Requests");
    EXPECT_EQ(text(Cause::kHttp5xx, 599, ""), "599");
    EXPECT_EQ(text(Cause::kTimeout, 0, "no answer"), "timeout: no answer");
    EXPECT_EQ(text(Cause::kResetIdle, 0, ""), "reset-idle");
}

}  // namespace
}  // namespace loadgen::engine::test
