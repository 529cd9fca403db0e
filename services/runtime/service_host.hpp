// One service in this process: everything that is its own, and what it is handed of the rest.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "common/telemetry/log_sink.hpp"
#include "services/bus/bus.hpp"
#include "services/runtime/background.hpp"
#include "services/runtime/faults/faults.hpp"
#include "services/runtime/host.hpp"
#include "services/runtime/http_peers.hpp"
#include "services/runtime/messaging/event_consumers.hpp"
#include "services/runtime/messaging/outbox.hpp"
#include "services/runtime/service.hpp"
#include "services/runtime/workflow/workflow_engine.hpp"

namespace loadgen::services::runtime {

/// What the services of a process share. Outlives them.
struct SharedParts {
    const Settings& settings;
    const Clock& clock;
    const telemetry::Logger& logger;
    telemetry::LogSink* access_log = nullptr;  ///< null: none is kept
    bus::Bus& bus;
    Background& background;
    Faults& faults;
    fetch::HttpClient& client;
    Endpoints& endpoints;
    const platform::auth::TokenKeys& tokens;
    platform::auth::PasswordPool& passwords;
    const std::atomic<bool>& draining;
    std::int64_t owner = 0;  ///< this process, in outbox rows
};

/// Main thread, unless ServiceContext says otherwise. Life: open, serve, consume, begin_drain, close.
class ServiceHost final : public ServiceContext {
  public:
    /// Opens the database, seeds it, defines workflows, declares queues.
    static Result<std::unique_ptr<ServiceHost>> open(const SharedParts& shared, const HostedService& hosted,
                                                     const telemetry::Tracer& tracer,
                                                     telemetry::Meter& meter);
    ~ServiceHost() override;

    /// Makes the queues of a service that another process runs.
    Result<void> declare_queues_of(const ServiceType& other);
    /// Listens and answers.
    Result<void> serve(const platform::ServerOptions& server);
    /// Takes events, continues workflows, relays what an earlier process left in the outbox.
    Result<void> consume();
    /// Takes neither connections nor events any more; finishes what has begun.
    void begin_drain();
    /// Nothing of this service is under way any more. Any thread.
    bool drained() const;
    /// Cuts off what is left and closes everything, in an order that nothing outlives what it uses. The
    /// background loop must have stopped.
    void close();
    ServiceAddress address() const;

    const Settings& settings() const override { return shared_.settings; }
    const Clock& clock() const override { return shared_.clock; }
    const telemetry::Logger& logger() const override { return shared_.logger; }
    const telemetry::Tracer& tracer() const override { return tracer_; }
    telemetry::Meter& meter() const override { return meter_; }
    store::Store& store() const override { return *store_; }
    Peers& peers() const override { return *peers_; }
    const platform::auth::TokenKeys& tokens() const override { return shared_.tokens; }
    platform::auth::PasswordPool& passwords() const override { return shared_.passwords; }
    bool draining() const override { return shared_.draining.load(); }
    void transact(const platform::CallPtr& call, StoreOperation operation, Work work) override;
    void transact(std::string_view span_name, const telemetry::SpanContext& parent,
                  std::function<Result<void>(Transaction&)> work,
                  std::function<void(Result<void>)> done) override;
    void after(Nanos wait, std::function<void()> task) override;

  private:
    /// What the routes of one thread own.
    struct Worker {
        explicit Worker(std::unique_ptr<store::Statements> own_reader)
            : reader(std::move(own_reader)), tools{*reader} {}
        const std::unique_ptr<store::Statements> reader;
        RouteTools tools;
    };

    ServiceHost(const SharedParts& shared, const ServiceType& type, const telemetry::Tracer& tracer,
                telemetry::Meter& meter)
        : shared_(shared), type_(type), tracer_(tracer), meter_(meter) {}

    Result<void> open_store();
    Result<void> seed();
    Result<void> open_events();
    MessagingParts messaging_parts();
    ConsumerParts consumer_parts();
    void add_jobs();
    void repeat(Nanos interval, std::function<void()> run);
    Result<platform::Dispatcher> make_dispatcher(const platform::ServerOptions& server);
    platform::Middlewares make_middlewares(const platform::ServerOptions& server);
    void committed(const StoreTransaction::Effects& effects);
    /// Runs one change and waits for the disk; for start-up.
    Result<void> change_now(std::function<Result<void>(store::Statements&)> change);

    const SharedParts& shared_;
    const ServiceType& type_;
    const telemetry::Tracer& tracer_;
    telemetry::Meter& meter_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<HttpPeers> peers_;
    std::unique_ptr<Service> service_;
    TransactionParts transactions_{shared_.clock, shared_.owner, nullptr};
    std::unique_ptr<WorkflowEngine> workflows_;
    std::shared_ptr<OutboxRelay> outbox_;
    std::unique_ptr<EventConsumers> consumers_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<platform::Server> server_;
    std::unique_ptr<EndpointClaim> claim_;  ///< while server_ listens
    std::atomic<bool> server_drained_{false};
    std::shared_ptr<std::atomic<bool>> alive_ = std::make_shared<std::atomic<bool>>(true);
};

}  // namespace loadgen::services::runtime
