// Which exit code a run ends with when several could be given, and that the text leaves none of them out.
#include "loadgen/cli/run/run_verdict.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>

#include "loadgen/cli/exit_code.hpp"

using namespace loadgen;
using namespace loadgen::cli;

namespace {

/// A finished run of 10 users and 20 requests, with an apdex.
class Ended {
  public:
    Ended() {
        outcome_.report.aggregate.counters = {
            {"vusers.failed", 2}, {"http.codes.500", 2}, {"apdex.frustrated", 3}};
        outcome_.report.aggregate.rates = {{"http.request_rate", 10}};
        outcome_.report.aggregate.summaries["http.response_time"] = {};
    }
    Ended& check(const std::string& expression, checks::Verdict verdict, bool strict = true) {
        plan::Check check;
        check.text = check.expression = expression;
        check.strict = strict;
        checks_->push_back(check);
        outcome_.checks.push_back({&checks_->back(), verdict, ""});
        return *this;
    }
    Ended& broken(const std::string& expression) { return check(expression, checks::Verdict::kFail); }
    Ended& broken_threshold(const std::string& metric) {
        broken("");
        checks_->back().metric = metric;
        return *this;
    }
    Ended& finding(const std::string& name, bool invalid = true) {
        findings_.push_back({invalid, name, "text"});
        return *this;
    }
    Ended& expectations(std::uint64_t failed) {
        outcome_.failed_expectations = failed;
        return *this;
    }

    int interrupted = 0;
    bool rows_ran_out = false;
    bool output_lost = false;
    std::string nobody_answered;

    RunVerdict verdict() const {
        return judge_end({.outcome = outcome_,
                          .findings = findings_,
                          .interrupted = interrupted,
                          .rows_ran_out = rows_ran_out,
                          .output_lost = output_lost,
                          .nobody_answered = nobody_answered});
    }
    int code() const { return verdict().exit_code; }
    std::string text() const {
        std::string all;
        for (const std::string& line : verdict().lines) all += line + "\n";
        return all;
    }

  private:
    ScenarioOutcome outcome_;
    std::shared_ptr<std::deque<plan::Check>> checks_ =
        std::make_shared<std::deque<plan::Check>>();  // copies share
    std::vector<engine::Finding> findings_;
};

}  // namespace

TEST(RunVerdict, AValidMeasurementIsJudgedByItsChecks) {
    EXPECT_EQ(Ended().code(), kExitPass);
    EXPECT_EQ(Ended().text(), "");
    EXPECT_EQ(Ended().finding("cpu", false).code(), kExitPass) << "a warning";
    EXPECT_EQ(Ended().check("a < 1", checks::Verdict::kFail, false).code(), kExitPass) << "optional";
    EXPECT_EQ(Ended().broken("http.response_time.p99 < 5").code(), kExitBroken);
    EXPECT_EQ(Ended().broken("vusers.failed == 0").expectations(3).text(),
              "1 check is broken, 3 expectations failed\n");
    Ended unknown;
    unknown.check("errors.x > 1", checks::Verdict::kNoData);
    EXPECT_EQ(unknown.code(), kExitInconclusive);
    EXPECT_EQ(unknown.text(), "1 check is about what was not measured\n");
    EXPECT_EQ(unknown.broken("vusers.failed == 0").code(), kExitBroken);
}

TEST(RunVerdict, TimesProveNothingWhenTheScheduleWasNotKept) {
    EXPECT_EQ(Ended().finding("timer-lag").code(), kExitCouldNotMeasure);
    EXPECT_EQ(Ended().finding("timer-lag").text(), "") << "the finding has told";
    for (const char* times : {"http.response_time.p99 < 5", "vusers.failed == 0 and http.request_rate > 9",
                              "apdex.frustrated < 1"}) {
        const Ended late = Ended().finding("timer-lag").broken(times);
        EXPECT_EQ(late.code(), kExitCouldNotMeasure) << times;
        EXPECT_EQ(late.text(),
                  "1 check is broken, which proves nothing because the measurement is invalid\n");
    }
    EXPECT_EQ(Ended().finding("send-delay").broken_threshold("http.response_time.p95").code(),
              kExitCouldNotMeasure);
}

TEST(RunVerdict, CountsAndExpectationsAreProvenAllTheSame) {
    const Ended counts =
        Ended().finding("timer-lag").broken("vusers.failed == 0").broken("http.codes.500 < 1");
    EXPECT_EQ(counts.code(), kExitBroken);
    EXPECT_EQ(counts.text(), "2 checks are broken; this holds although the measurement is invalid\n");
    EXPECT_EQ(Ended().finding("cpu").broken_threshold("http.codes.500").code(), kExitBroken);
    EXPECT_EQ(Ended().finding("cpu").expectations(1).code(), kExitBroken);
}

TEST(RunVerdict, CountsAreNotProvenWhenThisMachineLostRequests) {
    for (const char* lost : {"ports", "descriptors", "unsent"}) {
        EXPECT_EQ(Ended().finding(lost).broken("vusers.failed == 0").code(), kExitCouldNotMeasure) << lost;
        EXPECT_EQ(Ended().finding(lost).expectations(1).code(), kExitBroken) << "that answer has come";
    }
    EXPECT_EQ(Ended().finding("timer-lag").finding("unsent", false).broken("vusers.failed == 0").code(),
              kExitBroken)
        << "a few are no finding";
}

TEST(RunVerdict, NobodyAnswered) {
    Ended silent = Ended().finding("timer-lag").broken("vusers.failed == 0");
    silent.nobody_answered = "no request was answered: refused";
    EXPECT_EQ(silent.code(), kExitCouldNotMeasure);
    EXPECT_EQ(silent.text(), "no request was answered: refused; 1 check is broken\n");
}

TEST(RunVerdict, AnInterruptionIsOneHoweverItLooked) {
    Ended interrupted = Ended().finding("timer-lag").broken("vusers.failed == 0");
    interrupted.interrupted = kExitTerminated;
    EXPECT_EQ(interrupted.code(), kExitTerminated);
    EXPECT_EQ(interrupted.text(), "interrupted; until then 1 check is broken\n");
}

TEST(RunVerdict, RowsThatRanOutAndFilesThatWereLost) {
    Ended out;
    out.rows_ran_out = true;
    EXPECT_EQ(out.code(), kExitBroken);
    EXPECT_EQ(out.text(), "the rows of a `unique` payload ran out (atEnd: fail)\n");
    EXPECT_EQ(out.finding("timer-lag").code(), kExitBroken);
    Ended lost;
    lost.output_lost = true;
    EXPECT_EQ(lost.code(), kExitCouldNotMeasure);
    EXPECT_EQ(lost.broken("vusers.failed == 0").code(), kExitBroken);
}
