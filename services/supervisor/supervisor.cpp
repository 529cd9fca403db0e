#include "services/supervisor/supervisor.hpp"

#include <signal.h>

#include <boost/asio/signal_set.hpp>
#include <filesystem>
#include <optional>
#include <utility>

#include "services/supervisor/control_socket.hpp"
#include "services/supervisor/detail/answers.hpp"
#include "services/supervisor/detail/control_server.hpp"
#include "services/supervisor/detail/fleet.hpp"
#include "services/supervisor/ports.hpp"

namespace loadgen::services::supervisor {
namespace {

using telemetry::LogLevel;

std::int64_t milliseconds(Nanos time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// Fills in what the folder remembers of ports that the system chose.
Result<void> recall_ports(SupervisorOptions& options) {
    const auto known = read_ports(options.data);
    if (!known) return known.error();
    for (ServicePort& service : options.services) {
        const auto port = known->find(service.service);
        if (service.port == 0 && port != known->end()) service.port = port->second;
    }
    return {};
}

Result<void> remember_ports(const std::string& data, const Ready& ready) {
    auto ports = read_ports(data);
    if (!ports) return std::move(ports).error();
    for (const Ready::Service& service : ready.services) (*ports)[service.name] = service.port;
    return write_ports(data, *ports);
}

/// Everything of one run. Main thread.
class Supervisor {
  public:
    Supervisor(const SupervisorOptions& options, const telemetry::Logger& logger,
               const std::function<void(const Ready&)>& ready)
        : options_(options),
          logger_(logger),
          ready_(ready),
          signals_(loop_, SIGTERM, SIGINT),
          fleet_(loop_, logger, options_),
          began_(system_clock().now()) {}

    Result<void> run(int control_socket);

  private:
    void await_signal();
    void opened(Result<void> outcome);
    void started(Result<void> outcome);
    void fail(Error error);
    void stop(std::string_view why);
    void serve_control(const Request& request, const std::shared_ptr<detail::Reply>& reply);
    void deploy(const DeployRequest& request, const std::shared_ptr<detail::Reply>& reply);
    void all_gone();

    const SupervisorOptions& options_;
    const telemetry::Logger& logger_;
    const std::function<void(const Ready&)>& ready_;
    boost::asio::io_context loop_{1};
    boost::asio::signal_set signals_;
    detail::Fleet fleet_;
    std::unique_ptr<detail::ControlServer> control_;
    std::shared_ptr<detail::Reply> deploy_reply_;
    std::vector<std::shared_ptr<detail::Reply>> stop_replies_;
    Result<void> outcome_;
    bool is_ready_ = false;
    bool stopping_ = false;
    Instant began_;
    Instant stop_began_;
};

Result<void> Supervisor::run(int control_socket) {
    ::signal(SIGPIPE, SIG_IGN);
    control_ = std::make_unique<detail::ControlServer>(
        loop_, control_socket,
        [this](const Request& request, const auto& reply) { serve_control(request, reply); });
    await_signal();
    fleet_.open([this](Result<void> outcome) { opened(std::move(outcome)); });
    loop_.run();
    return std::move(outcome_);
}

void Supervisor::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        await_signal();
        if (!stopping_) return stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
        logger_.log(LogLevel::kWarn, "a second signal: what still runs is killed");
        fleet_.kill();
    });
}

void Supervisor::opened(Result<void> outcome) {
    if (outcome) outcome = remember_ports(options_.data, fleet_.listening());
    if (!outcome) return fail(std::move(outcome).error());
    fleet_.start([this](Result<void> all) { started(std::move(all)); });
}

void Supervisor::started(Result<void> outcome) {
    if (!outcome) return fail(std::move(outcome).error());
    is_ready_ = true;
    Ready ready = fleet_.listening();
    ready.took = system_clock().now() - began_;
    ready_(ready);
}

void Supervisor::fail(Error error) {
    outcome_ = std::move(error);
    stop("start failed");
}

void Supervisor::stop(std::string_view why) {
    if (std::exchange(stopping_, true)) return;
    stop_began_ = system_clock().now();
    logger_.log(LogLevel::kInfo, "stopping", {{"why", why}});
    if (deploy_reply_) deploy_reply_->refuse("the supervisor stops; the deploy was not finished");
    deploy_reply_ = nullptr;
    // Not from within a callback of what is stopped.
    boost::asio::post(loop_, [this] { fleet_.stop([this](const Result<void>&) { all_gone(); }); });
}

void Supervisor::all_gone() {
    const Nanos took = system_clock().now() - stop_began_;
    logger_.log(LogLevel::kInfo, "stopped", {{"took_ms", milliseconds(took)}});
    // First the files: who hears that it stopped may start the next one at once.
    remove_control_socket(options_.data);
    for (const auto& reply : stop_replies_) {
        reply->send(detail::stopped_line(took));
        reply->end();
    }
    stop_replies_.clear();
    control_->close();
    signals_.cancel();  // nothing is left then, and the loop ends
}

void Supervisor::serve_control(const Request& request, const std::shared_ptr<detail::Reply>& reply) {
    switch (request.command) {
        case Command::kStatus:
            reply->send(detail::status_line(fleet_, options_.data, system_clock().now() - began_));
            reply->end();
            return;
        case Command::kDeploy:
            deploy(request.deploy, reply);
            return;
        case Command::kStop:
            reply->send(detail::event_line("stopping"));
            stop_replies_.push_back(reply);
            stop("asked to on the control socket");
            return;
    }
}

void Supervisor::deploy(const DeployRequest& request, const std::shared_ptr<detail::Reply>& reply) {
    if (stopping_) return reply->refuse("the supervisor stops");
    if (!is_ready_) return reply->refuse("the services are still starting; try again");
    auto begun = fleet_.deploy(
        request, {.phase = [reply](const detail::Phase& phase) { reply->send(detail::phase_line(phase)); },
                  .done =
                      [this, reply, request](const detail::DeployOutcome& outcome) {
                          deploy_reply_ = nullptr;
                          reply->send(detail::deployed_line(request, outcome));
                          reply->end();
                      }});
    if (!begun) return reply->refuse(begun.error().message);
    if (fleet_.deploying()) deploy_reply_ = reply;
}

}  // namespace

Result<void> supervise(const SupervisorOptions& options, const telemetry::Logger& logger,
                       const std::function<void(const Ready&)>& ready) {
    std::error_code failure;
    std::filesystem::create_directories(options.data, failure);
    if (failure) return errno_error("cannot make the folder " + options.data, failure.value());
    auto lock = FolderLock::take(options.data);
    if (!lock) return std::move(lock).error();
    SupervisorOptions recalled = options;
    auto ports = recall_ports(recalled);
    if (!ports) return ports;
    auto control = listen_for_control(options.data);
    if (!control) return std::move(control).error();
    Supervisor supervisor(recalled, logger, ready);
    return supervisor.run(*control);
}

}  // namespace loadgen::services::supervisor
