#include "services/runtime/host.hpp"

#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "common/base/random.hpp"
#include "common/base/uuid.hpp"
#include "common/fetch/http_client.hpp"
#include "common/telemetry/sdk.hpp"
#include "services/platform/auth/secret_file.hpp"
#include "services/runtime/access_log_file.hpp"
#include "services/runtime/endpoints.hpp"
#include "services/runtime/faults/defective_spans.hpp"
#include "services/runtime/host_metrics.hpp"
#include "services/runtime/service_host.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kFaultsInterval = std::chrono::milliseconds(200);
constexpr Nanos kDrainCheck = std::chrono::milliseconds(2);
constexpr std::string_view kNamespace = "loadgen-services";

Settings complete(Settings settings) {
    if (settings.instance.empty()) settings.instance = new_uuid();
    return settings;
}

telemetry::Resource resource_of(const Settings& settings, std::string_view title) {
    return {.service_name = std::string(title),
            .service_version = settings.version,
            .service_namespace = std::string(kNamespace),
            .service_instance_id = settings.instance,
            .environment = settings.environment};
}

platform::auth::PasswordPoolOptions password_options(const Settings& settings) {
    platform::auth::PasswordPoolOptions options;
    options.cost = *platform::auth::password_cost(settings.fast_passwords ? "load" : "default");
    return options;
}

Result<void> make_folder(const std::string& path) {
    std::error_code failure;
    std::filesystem::create_directories(path, failure);
    if (failure) return errno_error("cannot make the folder " + path, failure.value());
    return {};
}

/// Everything the services of the process share. Members are in the order of their use: the later ones go
/// first.
class ProcessHost final : public Host {
  public:
    explicit ProcessHost(const HostOptions& options)
        : settings_(complete(options.settings)),
          log_sink_(STDERR_FILENO),
          logger_(log_sink_, options.log_level),
          faults_(watch_faults(settings_.data, settings_.random_seed, &logger_)) {}
    ~ProcessHost() override;

    Result<void> open(const HostOptions& options);

    std::vector<ServiceAddress> addresses() const override;
    const telemetry::Logger& logger() const override { return logger_; }
    void begin_drain(std::function<void()> done) override;

  private:
    Result<void> open_shared(const HostOptions& options);
    Result<void> open_services(const HostOptions& options);
    Result<void> start_services(const std::vector<HostedService>& services);
    telemetry::Tracer defective(telemetry::Tracer tracer, const ServiceType& type);
    void watch_switches();
    void check_drained(Instant deadline, std::function<void()> done);

    const Settings settings_;
    const Clock& clock_ = system_clock();
    telemetry::DescriptorLogSink log_sink_;
    const telemetry::Logger logger_;
    std::unique_ptr<AccessLogFile> access_log_;
    std::unique_ptr<Faults> faults_;
    std::unique_ptr<telemetry::Sdk> sdk_;
    std::optional<platform::auth::TokenKeys> tokens_;
    std::unique_ptr<bus::Bus> bus_;
    std::unique_ptr<Background> background_;
    std::unique_ptr<Endpoints> endpoints_;
    std::unique_ptr<fetch::HttpClient> client_;
    std::unique_ptr<platform::auth::PasswordPool> passwords_;
    std::atomic<bool> draining_{false};
    Nanos drain_grace_ = std::chrono::seconds(10);
    std::optional<SharedParts> shared_;
    std::vector<std::unique_ptr<DefectiveSpans>> defective_spans_;
    std::vector<std::unique_ptr<telemetry::Tracer>> tracers_;
    std::vector<std::unique_ptr<ServiceHost>> services_;
};

ProcessHost::~ProcessHost() {
    // Timers first: nothing new begins. Then what answers requests on the services' loops; then the services,
    // which commit and settle what they accepted; then what they did it with.
    if (background_) background_->stop();
    passwords_.reset();
    client_.reset();
    for (const auto& service : services_) service->close();
    if (sdk_) sdk_->shutdown();  // gauges read the bus
    bus_.reset();                // answers what the outboxes published last; they still use everything below
    services_.clear();
}

Result<void> ProcessHost::open(const HostOptions& options) {
    auto done = open_shared(options);
    if (done) done = open_services(options);
    if (done) watch_switches();
    return done;
}

Result<void> ProcessHost::open_shared(const HostOptions& options) {
    auto made = make_folder(settings_.data);
    if (!made) return made;
    if (!options.access_log.empty()) {
        auto opened = AccessLogFile::open(options.access_log);
        if (!opened) return std::move(opened).error();
        access_log_ = std::move(*opened);
    }
    auto sdk = telemetry::Sdk::start({.otlp = {.url = settings_.otlp_url},
                                      .process = resource_of(settings_, "loadgen-services"),
                                      .ratio = settings_.trace_ratio,
                                      .logger = &logger_});
    if (!sdk) return std::move(sdk).error();
    sdk_ = std::move(*sdk);
    auto secret = platform::auth::load_or_create_secret(
        (std::filesystem::path(settings_.data) / "token-secret").string());
    if (!secret) return std::move(secret).error();
    auto keys = platform::auth::TokenKeys::make(*secret);
    if (!keys) return std::move(keys).error();
    tokens_.emplace(std::move(*keys));
    auto bus = bus::open_embedded_bus({.folder = settings_.data});
    if (!bus) return std::move(bus).error();
    bus_ = std::move(*bus);
    const telemetry::Resource process = resource_of(settings_, "loadgen-services");
    add_bus_metrics(sdk_->meter_for(process), *bus_);
    background_ = std::make_unique<Background>(clock_);
    endpoints_ = std::make_unique<Endpoints>(settings_.data, clock_);
    client_ = std::make_unique<fetch::HttpClient>();
    passwords_ = std::make_unique<platform::auth::PasswordPool>(password_options(settings_));
    if (settings_.fast_passwords) {
        const std::string cost = platform::auth::describe(password_options(settings_).cost);
        logger_.log(telemetry::LogLevel::kWarn, "password hashing is set for load tests",
                    {{"cost", std::string_view(cost)}});
    }
    return {};
}

Result<void> ProcessHost::open_services(const HostOptions& options) {
    shared_.emplace(SharedParts{.settings = settings_,
                                .clock = clock_,
                                .logger = logger_,
                                .access_log = access_log_ ? &access_log_->sink() : nullptr,
                                .bus = *bus_,
                                .background = *background_,
                                .faults = *faults_,
                                .client = *client_,
                                .endpoints = *endpoints_,
                                .tokens = *tokens_,
                                .passwords = *passwords_,
                                .draining = draining_,
                                .owner = static_cast<std::int64_t>(entropy_seed() >> 1U)});
    for (const HostedService& hosted : options.services) {
        drain_grace_ = std::max(drain_grace_, hosted.server.drain_grace);
        const telemetry::Resource resource = resource_of(settings_, hosted.type->title);
        tracers_.push_back(
            std::make_unique<telemetry::Tracer>(defective(sdk_->tracer_for(resource), *hosted.type)));
        auto service = ServiceHost::open(*shared_, hosted, *tracers_.back(), sdk_->meter_for(resource));
        if (!service) return std::move(service).error();
        services_.push_back(std::move(*service));
    }
    for (const ServiceType* other : options.beside) {
        auto declared = services_.front()->declare_queues_of(*other);
        if (!declared) return declared;
    }
    return start_services(options.services);
}

Result<void> ProcessHost::start_services(const std::vector<HostedService>& services) {
    // All listen before the first of them takes an event, whose handler may ask any other.
    for (std::size_t i = 0; i < services.size(); ++i) {
        auto served = services_[i]->serve(services[i].server);
        if (!served) return served;
    }
    for (const auto& service : services_) {
        auto consuming = service->consume();
        if (!consuming) return consuming;
    }
    return {};
}

telemetry::Tracer ProcessHost::defective(telemetry::Tracer tracer, const ServiceType& type) {
    if (!tracer.enabled()) return tracer;
    defective_spans_.push_back(
        std::make_unique<DefectiveSpans>(*tracer.processor(), *faults_, std::string(type.name)));
    return tracer.ending_at(*defective_spans_.back());
}

void ProcessHost::watch_switches() {
    faults_->refresh();
    background_->after(kFaultsInterval, [this] { watch_switches(); });
}

std::vector<ServiceAddress> ProcessHost::addresses() const {
    std::vector<ServiceAddress> all;
    for (const auto& service : services_) all.push_back(service->address());
    return all;
}

void ProcessHost::begin_drain(std::function<void()> done) {
    draining_ = true;
    for (const auto& service : services_) service->begin_drain();
    check_drained(clock_.now() + drain_grace_, std::move(done));
}

void ProcessHost::check_drained(Instant deadline, std::function<void()> done) {
    bool drained = true;
    for (const auto& service : services_) drained = drained && service->drained();
    if (drained || clock_.now() >= deadline) return done();
    background_->after(kDrainCheck,
                       [this, deadline, done = std::move(done)] { check_drained(deadline, done); });
}

}  // namespace

Result<std::unique_ptr<Host>> Host::start(const HostOptions& options) {
    auto host = std::make_unique<ProcessHost>(options);
    auto opened = host->open(options);
    if (!opened) return std::move(opened).error();
    return std::unique_ptr<Host>(std::move(host));
}

}  // namespace loadgen::services::runtime
