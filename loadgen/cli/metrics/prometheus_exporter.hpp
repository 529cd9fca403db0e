// attack -prometheus-addr: what has been measured so far, for Prometheus to scrape while the run goes on.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "loadgen/engine/engine.hpp"

namespace loadgen::cli {

/// Counts the records that pass through it and serves them until it is destroyed; what was measured last
/// stays available after the run. `take` and `flush` are the result thread's, the rest belongs to the
/// caller's.
class PrometheusExporter final : public engine::ResultSink {
  public:
    /// Listens at once. Errors (kUsage, kIo) name the flag and the address.
    static Result<std::unique_ptr<PrometheusExporter>> open(const std::string& address);
    ~PrometheusExporter() override;

    /// Where records go on to: null for nowhere. Before the run; must outlive it.
    void forward_to(engine::ResultSink* next) { next_ = next; }
    /// "http://127.0.0.1:8880/metrics".
    std::string url() const;
    /// After the run: returns when its final state has been scraped once, at the latest after `limit`, and
    /// early when `interrupted` says so.
    void linger(Nanos limit, const std::function<bool()>& interrupted) const;

    std::string name() const override;
    Result<void> begin() override;
    Result<void> take(const runlog::Record& record) override;
    Result<void> flush() override;

  private:
    struct State;
    explicit PrometheusExporter(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
    engine::ResultSink* next_ = nullptr;
};

}  // namespace loadgen::cli
