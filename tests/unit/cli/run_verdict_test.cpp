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

/// A finished run in which most of what can go wrong did.
class Ended {
  public:
    Ended() {
        reports::ScenarioPeriod& all = outcome_.report.aggregate;
        all.counters = {{"vusers.created", 20},
                        {"vusers.failed", 2},
                        {"vusers.skipped", 4},
                        {"http.requests", 40},
                        {"http.failed", 6},
                        {"http.codes.200", 30},
                        {"http.codes.429", 2},
                        {"http.codes.500", 2},
                        {"http.codes.503", 2},
                        {"errors.ETIMEDOUT", 1},
                        {"errors.response timeout", 1},
                        {"errors.ECONNREFUSED", 2},
                        {"errors.ECONNRESET", 1},
                        {"errors.EMFILE", 1},
                        {"errors.cut-off", 1},
                        {"errors.Failed capture or match", 1},
                        {"errors.out of stock", 1},
                        {"carts.late", 1},
                        {"apdex.frustrated", 3}};
        all.rates = {{"http.request_rate", 10}};
        all.summaries["http.response_time"] = {.p95 = 9, .p99 = 9};
    }
    /// Judged by the figures above, which must lead to `verdict`.
    Ended& check(plan::Check check, checks::Verdict verdict) {
        checks_->push_back({std::move(check)});
        const auto results = checks::judge(checks_->back(), reports::flat_metrics(outcome_.report.aggregate));
        EXPECT_EQ(results.front().verdict, verdict) << results.front().check->text;
        outcome_.checks.push_back(results.front());
        return *this;
    }
    Ended& check(const std::string& expression, checks::Verdict verdict, bool strict = true) {
        plan::Check made;
        made.text = made.expression = expression;
        made.strict = strict;
        return check(std::move(made), verdict);
    }
    Ended& broken(const std::string& expression) { return check(expression, checks::Verdict::kFail); }
    Ended& broken_threshold(const std::string& metric) {
        plan::Check made;
        made.text = made.metric = metric;
        made.below = 1;
        return check(std::move(made), checks::Verdict::kFail);
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
    std::string nothing_measured;

    RunVerdict verdict() const {
        return judge_end({.outcome = outcome_,
                          .findings = findings_,
                          .interrupted = interrupted,
                          .rows_ran_out = rows_ran_out,
                          .output_lost = output_lost,
                          .nothing_measured = nothing_measured});
    }
    int code() const { return verdict().exit_code; }
    std::string text() const {
        std::string all;
        for (const std::string& line : verdict().lines) all += line + "\n";
        return all;
    }

  private:
    ScenarioOutcome outcome_;
    std::shared_ptr<std::deque<std::vector<plan::Check>>> checks_ =
        std::make_shared<std::deque<std::vector<plan::Check>>>();  // copies share
    std::vector<engine::Finding> findings_;
};

}  // namespace

TEST(RunVerdict, AValidMeasurementIsJudgedByItsChecks) {
    EXPECT_EQ(Ended().code(), kExitPass);
    EXPECT_EQ(Ended().text(), "");
    EXPECT_EQ(Ended().finding("cpu", false).code(), kExitPass) << "a warning";
    EXPECT_EQ(Ended().check("vusers.failed < 1", checks::Verdict::kFail, false).code(), kExitPass)
        << "optional";
    EXPECT_EQ(Ended().broken("http.response_time.p99 < 5").code(), kExitBroken);
    EXPECT_EQ(Ended().broken("vusers.failed == 0").expectations(3).text(),
              "1 check is broken, 3 expectations failed\n");
    Ended unknown;
    unknown.check("errors.x > 1", checks::Verdict::kNoData);
    EXPECT_EQ(unknown.code(), kExitInconclusive);
    EXPECT_EQ(unknown.text(), "1 check is about what was not measured\n");
    EXPECT_EQ(unknown.broken("vusers.failed == 0").code(), kExitBroken);
}

TEST(RunVerdict, WhatOurLatenessMayExplainProvesNothing) {
    EXPECT_EQ(Ended().finding("timer-lag").code(), kExitCouldNotMeasure);
    EXPECT_EQ(Ended().finding("timer-lag").text(), "") << "the finding has told";
    for (const char* ours : {
             "http.response_time.p99 < 5",
             "http.codes.500 == 0 and http.request_rate > 19",
             "apdex.frustrated < 1",
             "errors.ETIMEDOUT == 0",         // we slept through the answer
             "errors.response timeout == 0",  // likewise a message
             "errors.ECONNRESET == 0",        // the server waited in vain
             "errors.EMFILE == 0",            // on this machine
             "errors.cut-off == 0",           // by the end of the run
             "errors.out of stock == 0",      // what a processor says
             "carts.late == 0",               // what a processor counts
             "http.failed == 0",              // timeouts are in it
             "vusers.failed == 0",            // likewise
             "vusers.skipped == 0",           // users stayed longer than they should
             "http.requests > 10000",         // a rate when only time ends the loop
             "http.codes.200 > 100",          // likewise
             "http.codes.500 > 100",          // less came than should have
             "http.codes.500 == 3",           // likewise
             "http.codes.429 == 0",           // what is late comes at once
             "http.codes.503 == 0",           // likewise
             "http.codes.500 == 0 and vusers.failed == 0",
         }) {
        const Ended late = Ended().finding("timer-lag").broken(ours);
        EXPECT_EQ(late.code(), kExitCouldNotMeasure) << ours;
        EXPECT_EQ(late.text(),
                  "1 check is broken, which proves nothing because the measurement is invalid\n");
    }
    EXPECT_EQ(Ended().finding("send-delay").broken_threshold("http.response_time.p95").code(),
              kExitCouldNotMeasure);
    EXPECT_EQ(Ended().finding("send-delay").broken_threshold("errors.ETIMEDOUT").code(),
              kExitCouldNotMeasure);
}

TEST(RunVerdict, WhatServersDidIsProvenAllTheSame) {
    for (const char* theirs : {"http.codes.500 < 1", "http.codes.500 + errors.ECONNREFUSED <= 3",
                               "errors.ECONNREFUSED == 0", "not (errors.Failed capture or match > 0)"}) {
        const Ended broken = Ended().finding("timer-lag").broken(theirs);
        EXPECT_EQ(broken.code(), kExitBroken) << theirs;
        EXPECT_EQ(broken.text(), "1 check is broken; this holds although the measurement is invalid\n");
    }
    const Ended both =
        Ended().finding("timer-lag").broken("http.response_time.p99 < 5").broken("http.codes.500 < 1");
    EXPECT_EQ(both.code(), kExitBroken);
    EXPECT_EQ(both.text(), "2 checks are broken; this holds although the measurement is invalid\n");
    EXPECT_EQ(Ended().finding("cpu").broken_threshold("http.codes.500").code(), kExitBroken);
    EXPECT_EQ(Ended().finding("cpu").expectations(1).code(), kExitBroken);
}

TEST(RunVerdict, CountsAreNotProvenWhenThisMachineLostRequests) {
    for (const char* lost : {"ports", "descriptors", "unsent"}) {
        EXPECT_EQ(Ended().finding(lost).broken("http.codes.500 == 0").code(), kExitCouldNotMeasure) << lost;
        EXPECT_EQ(Ended().finding(lost).expectations(1).code(), kExitBroken) << "that answer has come";
    }
    EXPECT_EQ(Ended().finding("timer-lag").finding("unsent", false).broken("http.codes.500 == 0").code(),
              kExitBroken)
        << "a few are no finding";
}

TEST(RunVerdict, NobodyAnswered) {
    Ended silent = Ended().finding("timer-lag").broken("vusers.failed == 0");
    silent.nothing_measured = "no request was answered: refused";
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
