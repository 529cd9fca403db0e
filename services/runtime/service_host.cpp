#include "services/runtime/service_host.hpp"

#include <filesystem>
#include <future>

#include "services/platform/health.hpp"
#include "services/platform/middlewares/access_log.hpp"
#include "services/platform/middlewares/authentication.hpp"
#include "services/platform/middlewares/body_limit.hpp"
#include "services/platform/middlewares/correlation_id.hpp"
#include "services/platform/middlewares/cors.hpp"
#include "services/platform/middlewares/in_flight_limit.hpp"
#include "services/platform/middlewares/request_id.hpp"
#include "services/platform/middlewares/request_log.hpp"
#include "services/platform/middlewares/tracing.hpp"
#include "services/platform/middlewares/version_headers.hpp"
#include "services/runtime/endpoints.hpp"
#include "services/runtime/faults/fault_gate.hpp"
#include "services/runtime/messaging/inbox.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::size_t kMaxInFlightPerWorker = 10'000;
constexpr Nanos kSweepInterval = std::chrono::seconds(1);
constexpr Nanos kForgetInterval = std::chrono::minutes(1);

/// Jobs of one service, run by its host.
class HostJobs final : public Jobs {
  public:
    using Repeat = std::function<void(Nanos, std::function<void()>)>;
    explicit HostJobs(Repeat repeat) : repeat_(std::move(repeat)) {}
    void every(std::string_view /*name*/, Nanos interval, std::function<void()> run) override {
        repeat_(interval, std::move(run));
    }

  private:
    const Repeat repeat_;
};

}  // namespace

Result<std::unique_ptr<ServiceHost>> ServiceHost::open(const SharedParts& shared, const HostedService& hosted,
                                                       const telemetry::Tracer& tracer,
                                                       telemetry::Meter& meter) {
    std::unique_ptr<ServiceHost> host(new ServiceHost(shared, *hosted.type, tracer, meter));
    auto done = host->open_store();
    if (done) {
        host->peers_ = std::make_unique<HttpPeers>(shared.client, shared.endpoints, shared.background, tracer,
                                                   meter, shared.clock);
        host->service_ = host->type_.make(*host);
        done = host->open_events();
    }
    if (done) done = host->seed();
    if (!done) return with_context(std::string(hosted.type->name) + ": ", std::move(done).error());
    return host;
}

ServiceHost::~ServiceHost() {
    close();
}

Result<void> ServiceHost::open_store() {
    store::StoreOptions options;
    options.path =
        (std::filesystem::path(shared_.settings.data) / (std::string(type_.name) + ".db")).string();
    options.turn_file = options.path + ".turn";  // while one instance replaces another both write
    auto opened = store::open_sqlite_store(options, type_.migrations);
    if (!opened) return std::move(opened).error();
    store_ = std::move(*opened);
    return change_now([](store::Statements& tables) -> Result<void> {
        for (const std::string_view script : {kOutboxSchema, kInboxSchema}) {
            auto done = tables.run(script);
            if (!done) return done;
        }
        return {};
    });
}

Result<void> ServiceHost::change_now(std::function<Result<void>(store::Statements&)> change) {
    std::promise<Result<void>> told;
    store_->write(std::move(change), [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    return told.get_future().get();
}

Result<void> ServiceHost::seed() {
    StoreTransaction::Effects effects;
    telemetry::Span span = tracer_.start({.name = "seed"});
    return change_now([&](store::Statements& tables) {
        StoreTransaction transaction(transactions_, tables, span, span.context(), nullptr, effects);
        return service_->seed(transaction);
    });
}

Result<void> ServiceHost::open_events() {
    workflows_ = std::make_unique<WorkflowEngine>(WorkflowParts{.service = type_.name, .context = *this});
    service_->add_workflows(*workflows_);
    auto done = workflows_->open();
    if (!done) return done;
    transactions_.workflows = workflows_.get();
    auto outbox = OutboxRelay::open(messaging_parts(), shared_.owner);
    if (!outbox) return std::move(outbox).error();
    outbox_ = std::move(*outbox);
    consumers_ = std::make_unique<EventConsumers>(consumer_parts());
    service_->add_consumers(*consumers_);
    return consumers_->declare();
}

MessagingParts ServiceHost::messaging_parts() {
    return {.service = type_.name,
            .service_name = type_.title,
            .settings = shared_.settings,
            .store = *store_,
            .bus = shared_.bus,
            .background = shared_.background,
            .tracer = tracer_,
            .meter = meter_,
            .logger = shared_.logger,
            .clock = shared_.clock,
            .faults = shared_.faults};
}

ConsumerParts ServiceHost::consumer_parts() {
    return {messaging_parts(), transactions_,
            [this](const StoreTransaction::Effects& effects) { committed(effects); }};
}

Result<void> ServiceHost::declare_queues_of(const ServiceType& other) {
    const auto service = other.make(*this);
    EventConsumers its_consumers(consumer_parts());
    service->add_consumers(its_consumers);
    return its_consumers.declare();
}

void ServiceHost::committed(const StoreTransaction::Effects& effects) {
    if (effects.events) outbox_->wake();
    if (effects.workflows) workflows_->wake();
}

Result<void> ServiceHost::serve(const platform::ServerOptions& server) {
    auto started = platform::Server::start(
        server, [this, &server] { return make_dispatcher(server); }, shared_.logger);
    if (!started) return with_context(std::string(type_.name) + ": ", std::move(started).error());
    server_ = std::move(*started);
    auto claim = EndpointClaim::take(shared_.settings.data, type_.name, server_->url());
    if (!claim) return with_context(std::string(type_.name) + ": ", std::move(claim).error());
    claim_ = std::move(*claim);
    return {};
}

Result<platform::Dispatcher> ServiceHost::make_dispatcher(const platform::ServerOptions& server) {
    auto reader = store_->open_reader();
    if (!reader) return std::move(reader).error();
    workers_.push_back(std::make_unique<Worker>(std::move(*reader)));
    platform::Router router;
    // The first handler of a route counts: the service's own words for its health, then everybody's.
    service_->add_routes(router, workers_.back()->tools);
    platform::add_health_routes(router, [this] { return draining(); });
    platform::Dispatcher dispatcher(std::move(router), make_middlewares(server), type_.error_shape);
    dispatcher.set_gate(fault_gate(shared_.faults, std::string(type_.name)));
    return dispatcher;
}

platform::Middlewares ServiceHost::make_middlewares(const platform::ServerOptions& /*server*/) {
    platform::Middlewares chain;
    chain.push_back(std::make_unique<platform::Tracing>(tracer_, meter_, shared_.clock));
    chain.push_back(std::make_unique<platform::RequestId>(entropy_seed()));
    chain.push_back(std::make_unique<platform::CorrelationId>(entropy_seed()));
    if (shared_.access_log != nullptr)
        chain.push_back(std::make_unique<platform::AccessLog>(*shared_.access_log, shared_.clock));
    chain.push_back(std::make_unique<platform::RequestLog>(shared_.logger, shared_.clock));
    chain.push_back(std::make_unique<platform::ServiceVersion>(shared_.settings.version));
    chain.push_back(
        std::make_unique<platform::Cors>(platform::CorsOptions{.methods = std::string(type_.cors_methods)}));
    chain.push_back(std::make_unique<platform::InFlightLimit>(kMaxInFlightPerWorker));
    chain.push_back(std::make_unique<platform::BodyLimit>(type_.max_body_bytes));
    chain.push_back(std::make_unique<platform::Authentication>(shared_.tokens, shared_.clock));
    service_->add_middlewares(chain);
    return chain;
}

Result<void> ServiceHost::consume() {
    auto started = consumers_->start();
    if (!started) return with_context(std::string(type_.name) + ": ", std::move(started).error());
    add_jobs();
    outbox_->sweep();
    workflows_->wake();
    return {};
}

void ServiceHost::add_jobs() {
    repeat(kSweepInterval, [this] {
        outbox_->sweep();
        workflows_->wake();
    });
    repeat(kForgetInterval, [this] {
        store_->write(forget_handled(shared_.clock.wall_now()),
                      [](Result<void> /*tried again in a minute*/) {});
    });
    HostJobs jobs([this](Nanos interval, std::function<void()> run) { repeat(interval, std::move(run)); });
    service_->add_jobs(jobs);
}

void ServiceHost::repeat(Nanos interval, std::function<void()> run) {
    after(interval, [this, interval, run = std::move(run)] {
        run();
        repeat(interval, run);
    });
}

void ServiceHost::after(Nanos wait, std::function<void()> task) {
    shared_.background.after(wait, [alive = alive_, task = std::move(task)] {
        if (alive->load()) task();
    });
}

void ServiceHost::begin_drain() {
    consumers_->stop();
    if (!server_) {
        server_drained_ = true;
        return;
    }
    server_->begin_drain([this] { server_drained_ = true; });
}

bool ServiceHost::drained() const {
    return server_drained_.load() && consumers_->idle() && outbox_->idle();
}

void ServiceHost::close() {
    if (!alive_->exchange(false)) return;
    if (server_) server_->stop();
    if (consumers_) consumers_->stop();
    if (outbox_) outbox_->stop();
    workers_.clear();
    // Commits and answers what was accepted; the answers find the loops and the bus still there.
    store_.reset();
    server_.reset();
    claim_.reset();
    consumers_.reset();
    outbox_.reset();
    workflows_.reset();
    service_.reset();
    peers_.reset();
}

ServiceAddress ServiceHost::address() const {
    return {type_.name, server_->url(), server_->port()};
}

}  // namespace loadgen::services::runtime
