#include "common/stats/metric_book.hpp"

#include <gtest/gtest.h>

using loadgen::Nanos;
using loadgen::stats::MetricBook;
using Kind = MetricBook::Kind;
using namespace std::chrono_literals;

TEST(MetricBook, CountsByPeriodAndInAll) {
    MetricBook book(10s);
    const auto requests = book.intern(Kind::kCounter, "http.requests");
    const auto latency = book.intern(Kind::kHistogram, "http.response_time");
    book.count(requests, 2, 1s);
    book.record(latency, 5ms, 1s);
    book.count(requests, 3, 12s);
    book.record(latency, 7ms, 12s);
    ASSERT_EQ(book.periods(), 2U);
    EXPECT_EQ(book.at(0).counters.at("http.requests"), 2U);
    EXPECT_EQ(book.at(1).counters.at("http.requests"), 3U);
    const auto total = book.total();
    EXPECT_EQ(total.counters.at("http.requests"), 5U);
    EXPECT_EQ(total.histograms.at("http.response_time").count(), 2U);
}

TEST(MetricBook, ACounterOfZeroIsToldAndAnUntouchedOneIsNot) {
    MetricBook book;
    book.intern(Kind::kCounter, "never");
    book.count(book.intern(Kind::kCounter, "zero"), 0, 0s);
    const auto total = book.total();
    EXPECT_EQ(total.counters.count("zero"), 1U);
    EXPECT_EQ(total.counters.count("never"), 0U);
}

TEST(MetricBook, TheSameNameExistsOnceAKind) {
    MetricBook book;
    const auto counter = book.intern(Kind::kCounter, "x");
    EXPECT_EQ(book.intern(Kind::kCounter, "x"), counter);
    const auto rate = book.intern(Kind::kRate, "x");
    EXPECT_NE(rate, counter);
    book.count(counter, 4, 0s);
    book.rate(rate, 0s);
    EXPECT_EQ(book.total().counters.at("x"), 4U);
    EXPECT_EQ(book.total().rates.at("x"), 1U);
}

TEST(MetricBook, WhatIsLateCountsIntoTheOpenPeriod) {
    MetricBook book(1s);
    const auto id = book.intern(Kind::kCounter, "c");
    book.count(id, 1, 5s);
    book.count(id, 1, 3s);
    EXPECT_EQ(book.at(5).counters.at("c"), 2U);
    EXPECT_EQ(book.total().counters.at("c"), 2U);
}

TEST(MetricBook, PeriodsDoubleWhenThereAreTooMany) {
    MetricBook book(1s);
    const auto id = book.intern(Kind::kCounter, "c");
    for (std::size_t second = 0; second < 2 * MetricBook::kMaxPeriods; ++second) {
        book.count(id, 1, Nanos(1s) * static_cast<std::int64_t>(second));
    }
    EXPECT_EQ(book.period(), Nanos(2s));
    EXPECT_LE(book.periods(), MetricBook::kMaxPeriods);
    EXPECT_EQ(book.at(0).counters.at("c"), 2U);
    EXPECT_EQ(book.total().counters.at("c"), 2 * MetricBook::kMaxPeriods);
}

TEST(MetricBook, NamesBeyondTheLimitAreRefusedAndCounted) {
    MetricBook book;
    for (std::size_t n = 0; n < MetricBook::kMaxNames; ++n)
        book.intern(Kind::kCounter, "n" + std::to_string(n));
    const auto refused = book.intern(Kind::kCounter, "one more");
    EXPECT_EQ(refused, MetricBook::kRefused);
    book.count(refused, 1, 0s);
    EXPECT_EQ(book.refused_names(), 1U);
    EXPECT_TRUE(book.total().counters.empty());
}

TEST(MetricBook, MergingEqualsOneBook) {
    MetricBook a(1s);
    MetricBook b(1s);
    for (MetricBook* book : {&a, &b}) {
        book->count(book->intern(Kind::kCounter, "both"), 1, 2s);
        book->record(book->intern(Kind::kHistogram, "h"), 3ms, 2s);
        book->rate(book->intern(Kind::kRate, "r"), 2s);
    }
    b.count(b.intern(Kind::kCounter, "only b"), 1, 4s);
    a.merge(b);
    EXPECT_EQ(a.at(2).counters.at("both"), 2U);
    EXPECT_EQ(a.at(4).counters.at("only b"), 1U);
    EXPECT_EQ(a.at(2).rates.at("r"), 2U);
    EXPECT_EQ(a.total().histograms.at("h").count(), 2U);
    a.count(a.intern(Kind::kCounter, "both"), 1, 4s);
    EXPECT_EQ(a.total().counters.at("both"), 3U);
}

TEST(MetricBook, MergingWithOneWhosePeriodsHaveDoubled) {
    MetricBook fine(1s);
    MetricBook coarse(1s);
    const auto id = coarse.intern(Kind::kCounter, "c");
    coarse.count(id, 1, 0s);
    coarse.count(id, 1, Nanos(1s) * static_cast<std::int64_t>(MetricBook::kMaxPeriods));
    fine.count(fine.intern(Kind::kCounter, "c"), 5, 3s);
    fine.merge(coarse);
    EXPECT_EQ(fine.period(), Nanos(2s));
    EXPECT_EQ(fine.at(1).counters.at("c"), 5U);
    EXPECT_EQ(fine.total().counters.at("c"), 7U);
}
