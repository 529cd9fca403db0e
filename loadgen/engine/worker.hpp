// One thread of the engine: its loop, connections, share of the schedule, and statistics.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/result.hpp"
#include "common/io/loop.hpp"
#include "common/io/timer_wheel.hpp"
#include "common/io/tls.hpp"
#include "loadgen/engine/arrivals/arrivals.hpp"
#include "loadgen/engine/results/statistics.hpp"
#include "loadgen/engine/shared_run.hpp"
#include "loadgen/engine/users/processor_factory.hpp"
#include "loadgen/engine/users/user_traffic.hpp"

namespace loadgen::engine {

/// What a worker knows about itself when it has ended.
struct WorkerHealth {
    Nanos cpu{0};            ///< of this thread, whole run
    Nanos wall{0};           ///< of this thread, whole run
    double busiest_cpu = 0;  ///< share of a core in its busiest full second
    std::uint64_t unsent = 0;
    std::uint64_t held_back = 0;  ///< times that due work waited because as much was in flight as may be
};

/// Runs on its own thread; only `start`, `join`, `stop_arrivals` and `abandon` are called from elsewhere.
class Worker final : private SessionEvents,
                     private PoolEvents,
                     private Issuer,
                     private UserRequests,
                     private io::TimerEvents {
  public:
    /// `processors` makes the processor of a thread; empty when the plan needs none.
    Worker(SharedRun& run, unsigned index, const ProcessorFactory& processors);
    ~Worker();

    /// Makes resolver and arrivals. kUsage or kIo when the plan's addresses or files are no good.
    Result<void> prepare();
    void start();
    void join();
    /// Any thread: issue nothing more, wait for answers.
    void stop_arrivals();
    /// Any thread: end now; what is in flight is cut off.
    void abandon();

    // After join:
    const Statistics& statistics() const { return statistics_; }
    const WorkerHealth& health() const { return health_; }
    const stats::MetricBook& user_book() const { return user_book_; }
    const std::vector<text::Value>& last_values() const { return last_values_; }

  private:
    // SessionEvents
    void on_written(Exchange& exchange) override;
    void on_first_byte(Exchange& exchange) override;
    bool wants_headers(const Exchange& exchange) override;
    void on_header(Exchange& exchange, http::HeaderView header) override;
    void on_body(Exchange& exchange, std::string_view bytes) override;
    void on_finished(Exchange& exchange, Cause cause) override;
    void on_unasked_message() override;
    // PoolEvents
    void on_dial_failure(Exchange& exchange, const DialFailure& failure) override;
    void on_dialling(Exchange& exchange) override;
    void on_submitting(Exchange& exchange) override;
    void on_connection_failed() override { ++statistics_.connections.failed; }
    void on_connection_opened(const Connection& connection) override;
    void on_connection_ended(const Connection& connection) override;
    void wants_sweep(Pool& pool) override { to_sweep_.push_back(&pool); }
    void wants_flush(Connection& connection) override;
    // Issuer
    bool issue(std::uint64_t sequence, Instant due) override;
    std::uint64_t in_flight() const override { return traffic_ ? traffic_->users().active() : in_flight_; }
    void arrivals_ended() override;
    void count_held_back() override { ++health_.held_back; }
    void count_unsent(std::uint64_t requests) override { health_.unsent += requests; }
    // UserRequests
    void send(std::shared_ptr<const CompiledRequest> request, steps::Strand& strand,
              const steps::Outgoing& options) override;
    std::unique_ptr<Pool> make_pool(std::uint32_t authority, std::size_t max_connections) override;
    std::unique_ptr<Pool> make_socket_pool(std::uint32_t authority) override;
    // The tick, about every 10 ms: deadlines, clean-up, live counters
    void on_timer() override;

    void run();
    void run_spinning();
    void begin();
    void end_thread();
    Exchange& begin_exchange(std::shared_ptr<const CompiledRequest> request, std::uint64_t sequence,
                             Instant due);
    void for_each_pool(const std::function<void(Pool&)>& use);
    void sweep();
    void on_timeout(Exchange& exchange);
    void on_answer_timeout(Exchange& exchange);
    void arm_timeout(Exchange& exchange);
    void end_soon(Exchange& exchange);
    void end_those_over();
    void part(Exchange& exchange);
    void take_events(Exchange& exchange, std::string_view bytes);
    void end_over(Exchange& exchange);
    void refuse_message(Exchange& exchange, const Pool& pool);
    void on_message_written(Exchange& exchange);
    bool wants_redirect(const Exchange& exchange, Cause cause) const;
    bool follow(Exchange& exchange);
    Cause judge(const Exchange& exchange, Cause cause) const;
    void retire(Exchange& exchange, bool dial_failed, Instant done);
    void push_result(Exchange& exchange, Instant done, bool warm_up);
    void give_up(Exchange& exchange, Cause cause);
    void cut_off_all();
    void end_if_done();
    void publish(Instant now);
    void sample_cpu(Instant now);
    Exchange& take_exchange();
    Pool& pool_of(const Exchange& exchange);
    Pool& shared_pool(std::uint32_t authority);
    void prepare_tls(const Authority& authority, ConnectionContext& context,
                     std::unique_ptr<io::TlsClientContext>& tls);

    SharedRun& run_;
    const ProcessorFactory& processors_;
    unsigned index_;
    Share share_;
    io::Loop loop_;
    io::Timer tick_;
    io::TimerWheel deadlines_;
    io::TimerWheel dial_deadlines_;
    std::unique_ptr<Dialer> dialer_;
    std::unique_ptr<io::TlsClientContext> tls_;
    std::unique_ptr<ConnectionContext> context_;
    // Of WebSockets, which HTTP/2 is not offered for.
    plan::ConnectionPolicy socket_policy_;
    std::unique_ptr<io::TlsClientContext> socket_tls_;
    std::unique_ptr<ConnectionContext> socket_context_;
    std::unique_ptr<Arrivals> arrivals_;
    std::vector<std::unique_ptr<Pool>> pools_;  // by authority; null until used
    std::vector<Pool*> to_sweep_;
    std::unique_ptr<UserTraffic> traffic_;  // null in an attack, and when the thread has ended
    stats::MetricBook user_book_;
    std::vector<text::Value> last_values_;
    std::deque<Exchange> exchanges_;  // stable addresses; free ones in free_
    ExchangeQueue free_;
    std::vector<Exchange*> over_;    // end in the loop's next turn
    std::vector<Exchange*> ending_;  // scratch
    Statistics statistics_;
    stats::Histogram recent_;  // response times since the last publication
    WorkerHealth health_;
    LiveCounters& live_;
    std::uint64_t in_flight_ = 0;
    std::uint64_t issued_ = 0;
    std::optional<TraceMint> mint_;  // only when requests are to carry a traceparent
    bool ended_ = false;             // no further arrivals
    std::optional<Instant> give_up_;
    Instant next_publication_;
    Instant cpu_mark_;
    Nanos cpu_at_mark_{0};
    std::thread thread_;
};

/// The TLS settings of a policy, for the protocols it wants. Shared with the check before the run.
io::TlsClientOptions tls_options(const plan::ConnectionPolicy& policy);

}  // namespace loadgen::engine
