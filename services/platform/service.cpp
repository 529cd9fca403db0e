#include "services/platform/service.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "common/text/json_writer.hpp"
#include "services/platform/health.hpp"
#include "services/platform/middlewares/access_log.hpp"
#include "services/platform/middlewares/body_limit.hpp"
#include "services/platform/middlewares/in_flight_limit.hpp"
#include "services/platform/middlewares/request_id.hpp"
#include "services/platform/middlewares/request_log.hpp"
#include "services/platform/middlewares/version_headers.hpp"
#include "services/platform/run.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::size_t kMaxInFlightPerWorker = 10'000;
constexpr std::size_t kMaxBodyBytes = 64 * 1024;

/// The access log's file and its thread.
class AccessLogFile {
  public:
    static Result<std::unique_ptr<AccessLogFile>> open(const std::string& path) {
        const bool is_stderr = path == "-";
        const int descriptor = is_stderr
                                   ? ::dup(STDERR_FILENO)
                                   : ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (descriptor < 0) return errno_error("cannot open access log " + path, errno);
        return std::unique_ptr<AccessLogFile>(new AccessLogFile(descriptor));
    }
    ~AccessLogFile() {
        sink_.reset();
        ::close(descriptor_);
    }
    AccessLogFile(const AccessLogFile&) = delete;
    AccessLogFile& operator=(const AccessLogFile&) = delete;

    telemetry::LogSink& sink() { return *sink_; }

  private:
    explicit AccessLogFile(int descriptor)
        : descriptor_(descriptor), sink_(std::make_unique<telemetry::DescriptorLogSink>(descriptor)) {}
    int descriptor_;
    std::unique_ptr<telemetry::DescriptorLogSink> sink_;
};

/// A connection is a descriptor; the usual soft limit of 1024 would be ours to hit first.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);  // a refusal leaves the old limit, which works too
}

Middlewares make_middlewares(const telemetry::Logger& logger, AccessLogFile* access_log,
                             const std::string& version) {
    Middlewares chain;
    chain.push_back(std::make_unique<RequestId>(entropy_seed()));
    if (access_log != nullptr)
        chain.push_back(std::make_unique<AccessLog>(access_log->sink(), system_clock()));
    chain.push_back(std::make_unique<RequestLog>(logger, system_clock()));
    if (!version.empty()) chain.push_back(std::make_unique<ServiceVersion>(version));
    chain.push_back(std::make_unique<InFlightLimit>(kMaxInFlightPerWorker));
    chain.push_back(std::make_unique<BodyLimit>(kMaxBodyBytes));
    return chain;
}

void print_ready_line(std::string_view service, const Server& server) {
    std::string line;
    text::JsonWriter writer(line);
    writer.begin_object().key("service").string(service).key("url").string(server.url());
    writer.key("host").string(server.host()).key("port").integer(server.port());
    writer.key("pid").integer(::getpid()).end_object().new_line();
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace

Result<void> run_service(const ServiceOptions& options, const ServiceParts& parts) {
    raise_descriptor_limit();
    telemetry::DescriptorLogSink log_sink(STDERR_FILENO);
    const telemetry::Logger logger(log_sink, options.log_level);
    std::unique_ptr<AccessLogFile> access_log;
    if (!options.access_log.empty()) {
        auto opened = AccessLogFile::open(options.access_log);
        if (!opened) return std::move(opened).error();
        access_log = std::move(*opened);
    }
    std::atomic<bool> draining{false};
    const auto make_dispatcher = [&]() -> Result<Dispatcher> {
        Router router;
        add_health_routes(router, [&draining] { return draining.load(); });
        auto added = parts.add_routes(router);
        if (!added) return std::move(added).error();
        return Dispatcher(std::move(router), make_middlewares(logger, access_log.get(), options.version));
    };
    auto server = Server::start(options.server, make_dispatcher, logger);
    if (!server) return std::move(server).error();
    const LifeCycle life{.ready = [&] { print_ready_line(parts.name, **server); },
                         .drain =
                             [&](std::function<void()> done) {
                                 draining = true;
                                 (*server)->begin_drain(std::move(done));
                             }};
    run_until_terminated(logger, life);
    (*server)->stop();
    parts.close();
    logger.log(telemetry::LogLevel::kInfo, "stopped");
    return {};
}

}  // namespace loadgen::services::platform
