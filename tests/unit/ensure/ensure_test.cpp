#include "checks/ensure/ensure.hpp"

#include <gtest/gtest.h>

using namespace loadgen;
using checks::Verdict;

namespace {

const std::map<std::string, double> kMetrics{
    {"http.response_time.p95", 120},   {"http.response_time.p99", 250}, {"http.response_time.p999", 900},
    {"vusers.created", 100},           {"vusers.completed", 97},        {"plugins.x./a b-c.p99", 7},
    {"plugins.x./a b-c.p999", 8},      {"plugins.x./a.p99", 1},         {"http.codes.200", 500},
    {"plugins.x.it's \\ odd.count", 3}};

const checks::MetricNames kNames = [] {
    checks::MetricNames names;
    for (const auto& [name, value] : kMetrics) names.insert(name);
    return names;
}();

checks::CheckResult judge(std::string expression) {
    static std::vector<plan::Check> checks;
    checks.assign(1, {});
    checks.front().text = checks.front().expression = std::move(expression);
    return checks::judge(checks, kMetrics).front();
}

}  // namespace

// Artillery replaces names by plain substring search: p999 becomes p99's figure with a 9 behind it (#3585).
TEST(Ensure, ALongerNameIsNotCutByAShorterOne) {
    EXPECT_EQ(judge("http.response_time.p999 > 800").verdict, Verdict::kPass);
    EXPECT_EQ(judge("http.response_time.p99 < 300 and http.response_time.p999 < 1000").verdict,
              Verdict::kPass);
    EXPECT_EQ(judge("http.response_time.p999 < 899").verdict, Verdict::kFail);
}

TEST(Ensure, NamesMayHoldBlanksSlashesAndDashes) {
    EXPECT_EQ(judge("plugins.x./a b-c.p99 == 7").verdict, Verdict::kPass);
    EXPECT_EQ(judge("plugins.x./a b-c.p999 == 8").verdict, Verdict::kPass);
    EXPECT_EQ(judge("plugins.x./a.p99 == 1 and plugins.x./a b-c.p99 == 7").verdict, Verdict::kPass);
    EXPECT_EQ(judge("plugins.x.it's \\ odd.count == 3").verdict, Verdict::kPass);
}

TEST(Ensure, ComparesStrictlyAndCalculates) {
    EXPECT_EQ(judge("http.response_time.p95 < 120").verdict, Verdict::kFail);
    EXPECT_EQ(judge("http.response_time.p95 <= 120").verdict, Verdict::kPass);
    EXPECT_EQ(judge("((vusers.created - vusers.completed)/vusers.created * 100) <= 3").verdict,
              Verdict::kPass);
    EXPECT_EQ(judge("((vusers.created - vusers.completed)/vusers.created * 100) <= 2.9").verdict,
              Verdict::kFail);
    EXPECT_EQ(judge("not (http.codes.200 < 1) or 1 == 2").verdict, Verdict::kPass);
}

TEST(Ensure, WhatWasNotMeasuredIsNoDataAndNamesIt) {
    const auto result = judge("http.response_time.5xx.p99 < 100");
    EXPECT_EQ(result.verdict, Verdict::kNoData);
    EXPECT_EQ(result.detail, "the run did not measure http.response_time.5xx.p99");
}

// A name with blanks is a name, whether the run has measured it or not.
TEST(Ensure, WhatWasNotMeasuredMayHaveBlanksInItsName) {
    std::vector<plan::Check> checks(1);
    checks[0].expression = "plugins.x./a b (c d).p99 < 100 and vusers.created > 1";
    checks[0].names = {"plugins.x./a b (c d).p99"};
    const auto known = checks::judge(checks, kMetrics).front();
    EXPECT_EQ(known.verdict, Verdict::kNoData);
    EXPECT_EQ(known.detail, "the run did not measure plugins.x./a b (c d).p99");
    // What a processor may report is not known before.
    const auto own = judge("my counter > 1");
    EXPECT_EQ(own.verdict, Verdict::kNoData);
    EXPECT_TRUE(own.detail.starts_with("the run did not measure what makes sense of it: character 4: "))
        << own.detail;
}

TEST(Ensure, TellsTheFiguresOfNamesInQuotes) {
    const auto result = judge("'http.response_time.p95' < 500 and 'plugins.x./a b-c.p99' == 7");
    EXPECT_EQ(result.verdict, Verdict::kPass);
    EXPECT_EQ(result.detail, "http.response_time.p95 = 120, plugins.x./a b-c.p99 = 7");
    EXPECT_EQ(result.read, (std::vector<std::string>{"http.response_time.p95", "plugins.x./a b-c.p99"}));
}

TEST(Ensure, TellsTheFiguresThatItJudgedBy) {
    EXPECT_EQ(judge("http.response_time.p95 < 500 and vusers.created > 1").detail,
              "http.response_time.p95 = 120, vusers.created = 100");
}

TEST(Ensure, TellsFiguresRounded) {
    std::vector<plan::Check> checks(2);
    checks[0].expression = "rate > 1 and tiny < 1 and none == 0 and large > 1";
    checks[1].expression = "lost / all * 100 <= 10";
    checks[1].percentage = "lost / all * 100";
    const auto results = checks::judge(checks, {{"rate", 12.568606998160158},
                                                {"tiny", 0.000123456},
                                                {"none", 0},
                                                {"large", 9007199254740991},
                                                {"lost", 2},
                                                {"all", 11}});
    EXPECT_EQ(results[0].detail, "rate = 12.569, tiny = 0.000123, none = 0, large = 9007199254740991");
    EXPECT_EQ(results[1].detail, "18.182 %: lost = 2, all = 11");
    EXPECT_EQ(results[1].verdict, Verdict::kFail);
}

TEST(Ensure, TellsUpperLimitsFromOthers) {
    for (const char* upper : {"vusers.created < 10", "http.codes.200 == 0", "not (vusers.created > 1)",
                              "vusers.created - vusers.completed <= 0"})
        EXPECT_TRUE(judge(upper).kept_by_zeros) << upper;
    for (const char* other :
         {"vusers.created > 1000", "vusers.created == 5", "http.codes.200 / vusers.created < 0",
          "vusers.created < 10 and vusers.completed > 5"})
        EXPECT_FALSE(judge(other).kept_by_zeros) << other;
}

TEST(Ensure, AThresholdNeedsNoParsing) {
    std::vector<plan::Check> checks(2);
    checks[0].metric = "http.response_time.p99";
    checks[0].below = 250;
    checks[1].metric = "nothing";
    const auto results = checks::judge(checks, kMetrics);
    EXPECT_EQ(results[0].verdict, Verdict::kFail);  // strictly below
    EXPECT_EQ(results[0].read, std::vector<std::string>{"http.response_time.p99"});
    EXPECT_TRUE(results[0].kept_by_zeros);
    EXPECT_EQ(results[1].verdict, Verdict::kNoData);
    EXPECT_TRUE(results[1].read.empty());
}

// What a reader can be told before the run: the names alone are known then.
TEST(Ensure, KnowsTheNamesThatAreNoMetrics) {
    const auto read = checks::read_names("http.respons_time.p95 < 5 or plugins.x./a b-c.p99 > p98", kNames);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->unknown, (std::vector<std::string>{"http.respons_time.p95", "p98"}));
    EXPECT_EQ(read->known, std::vector<std::string>{"plugins.x./a b-c.p99"});
    EXPECT_TRUE(checks::read_names("vusers.created - vusers.completed < 3", kNames)->unknown.empty());
}

TEST(Ensure, PointsIntoTheExpressionAsWritten) {
    const auto fault = checks::read_names("plugins.x./a b-c.p99 < 5 )", kNames);
    ASSERT_FALSE(fault.has_value());
    EXPECT_EQ(fault.error().message.substr(0, 28), "character 26: found ')', exp") << fault.error().message;
    EXPECT_TRUE(checks::read_names("\u00fc < < 1", kNames).error().message.starts_with("character 5: "));
    EXPECT_TRUE(checks::read_names("vusers.created <", kNames).error().message.starts_with("character 17: "));
}
