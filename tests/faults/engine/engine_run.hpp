// Runs plans against servers of a test's own and looks at what the engine reports.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loadgen/engine/engine.hpp"
#include "loadgen/pacing/load.hpp"
#include "tests/support/peer/peer_server.hpp"

namespace loadgen::engine::test {

using loadgen::test::Deed;
using loadgen::test::Moment;
using loadgen::test::PeerServer;

inline constexpr Nanos kMillisecond{1'000'000};

inline std::shared_ptr<const plan::Request> get(const std::string& url, const std::string& method = "GET",
                                                const std::string& body = {}) {
    auto request = std::make_shared<plan::Request>();
    request->method = method;
    request->url_text = url;
    request->url = http::parse_url(url).value();
    request->body = std::make_shared<const std::string>(body);
    request->endpoint = method + ' ' + request->url.path_and_query;
    return request;
}

/// Knows all its requests.
class FixedSource final : public plan::RequestSource {
  public:
    explicit FixedSource(std::vector<std::shared_ptr<const plan::Request>> requests)
        : requests_(std::move(requests)) {}
    Result<std::shared_ptr<const plan::Request>> next() override { return requests_.front(); }
    std::span<const std::shared_ptr<const plan::Request>> all() const override { return requests_; }

  private:
    std::vector<std::shared_ptr<const plan::Request>> requests_;
};

inline plan::RunPlan plan_for(const std::string& url) {
    plan::RunPlan plan;
    plan.name = "";
    plan.requests = std::make_shared<FixedSource>(std::vector{get(url)});
    plan.threads = 1;
    plan.capture.results = true;
    return plan;
}

/// `count` requests at `rate` per second.
inline plan::RunPlan open_plan(const std::string& url, std::uint64_t count, std::uint64_t rate = 1000) {
    plan::RunPlan plan = plan_for(url);
    const Nanos duration(static_cast<std::int64_t>(count * 1'000'000'000 / rate));
    plan.load = pacing::make_constant_load({.count = rate, .per = Nanos(1'000'000'000)}, duration).value();
    return plan;
}

/// `count` requests, `concurrency` at a time.
inline plan::RunPlan closed_plan(const std::string& url, std::uint64_t count, std::uint64_t concurrency = 1) {
    plan::RunPlan plan = plan_for(url);
    plan.closed_loop =
        plan::ClosedLoop{.concurrency = concurrency, .duration = Nanos(0), .max_requests = count};
    return plan;
}

/// Keeps every record.
class RecordList final : public ResultSink {
  public:
    Result<void> take(const runlog::Record& record) override {
        records.push_back(record);
        return {};
    }
    Result<void> flush() override { return {}; }

    std::vector<runlog::Record> records;
};

struct Outcome {
    RunResult result;
    std::vector<runlog::Record> records;

    std::uint64_t count(Cause cause) const {
        std::uint64_t total = 0;
        for (const auto& endpoint : result.statistics.endpoints()) {
            if (endpoint) total += endpoint->causes[static_cast<std::size_t>(cause)];
        }
        return total;
    }

    /// "ok 3, refused 2": every cause there was, in the order of the enumeration.
    std::string causes() const {
        std::string text;
        for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
            const auto times = count(static_cast<Cause>(cause));
            if (times == 0) continue;
            text.append(text.empty() ? "" : ", ").append(cause_name(static_cast<Cause>(cause)));
            text.append(" ").append(std::to_string(times));
        }
        return text;
    }

    const Finding* finding(const std::string& name) const {
        for (const Finding& finding : result.findings) {
            if (finding.name == name) return &finding;
        }
        return nullptr;
    }
};

/// Runs to the end and checks what must hold of every run: nothing is lost, and the records, the figures and
/// the counters tell the same story.
inline Outcome run_plan(const plan::RunPlan& plan, const RunControl& control = {},
                        RunObserver* observer = nullptr) {
    RecordList sink;
    auto result = run(plan, &sink, observer, control);
    if (!result) {
        ADD_FAILURE() << result.error().message;
        return {};
    }
    Outcome outcome{std::move(*result), std::move(sink.records)};
    const Statistics& statistics = outcome.result.statistics;
    EXPECT_EQ(outcome.result.issued, statistics.count() + statistics.warm_up()) << outcome.causes();
    EXPECT_EQ(outcome.records.size(), outcome.result.issued);
    std::uint64_t recorded = 0;
    std::uint64_t by_status = 0;
    for (const auto& endpoint : statistics.endpoints()) {
        if (!endpoint) continue;
        recorded += endpoint->succeeded.response.count() + endpoint->failed.response.count();
        for (const auto& [status, times] : endpoint->statuses) by_status += times;
    }
    EXPECT_EQ(recorded, statistics.count());
    EXPECT_EQ(by_status, statistics.count());
    EXPECT_LE(statistics.connections.closed, statistics.connections.opened);
    for (const runlog::Record& record : outcome.records) {
        EXPECT_GE(record.detail->send_delay, Nanos(0)) << "sent before it was due";
        EXPECT_GE(record.latency, record.detail->send_delay);
        const bool answered = record.detail->cause <= Cause::kThrottled;
        EXPECT_EQ(record.code != 0, answered)
            << cause_name(record.detail->cause) << " with status " << record.code;
        EXPECT_EQ(record.error.empty(), record.detail->cause == Cause::kOk) << record.error;
    }
    return outcome;
}

/// Short for what ends with the timeout; for the rest so long that no machine is too busy for it.
inline Nanos timeout_for(Deed deed) {
    return (deed == Deed::kNothing || deed == Deed::kStallInBody ? 100 : 20'000) * kMillisecond;
}

inline loadgen::test::Script always(Deed deed) {
    return [deed](const Moment&) { return deed; };
}

}  // namespace loadgen::engine::test
