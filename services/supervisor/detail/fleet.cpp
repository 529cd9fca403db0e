#include "services/supervisor/detail/fleet.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "common/io/address.hpp"

namespace loadgen::services::supervisor::detail {
namespace {

using telemetry::LogLevel;

constexpr Nanos kOpenPause = std::chrono::milliseconds(50);
constexpr unsigned kOpenAttempts = 40;

std::int64_t milliseconds(Nanos time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

struct Fleet::Running {
    DeployRequest request;
    DeployListener listener;
    std::vector<Group*> groups;
    std::size_t next = 0;
    std::unique_ptr<Deploy> step;
    DeployOutcome outcome;
    Instant began;
};

Fleet::Fleet(boost::asio::io_context& loop, const telemetry::Logger& logger, const SupervisorOptions& options)
    : loop_(loop), logger_(logger), options_(options), retry_(loop) {
    const auto add = [this](std::string name, std::vector<Place> places) {
        groups_.push_back(std::make_unique<Group>(loop_, logger_,
                                                  GroupOptions{.name = std::move(name),
                                                               .places = std::move(places),
                                                               .program = options_.program,
                                                               .arguments = options_.arguments,
                                                               .backlog = options_.backlog,
                                                               .start_limit = options_.start_limit,
                                                               .leave_limit = options_.leave_limit}));
    };
    std::vector<Place> all;
    for (const ServicePort& service : options.services) {
        Place place{.service = service.service, .host = options.host, .port = service.port};
        if (options.separate) {
            add(service.service, {std::move(place)});
        } else {
            all.push_back(std::move(place));
        }
    }
    if (!all.empty()) add("all", std::move(all));
}

void Fleet::open(Done done) {
    open_attempt(kOpenAttempts, std::move(done));
}

void Fleet::open_attempt(unsigned attempts_left, Done done) {
    Result<void> opened;
    for (const auto& group : groups_) {
        if (opened) opened = group->open_sockets();
    }
    if (opened || attempts_left == 0 || opened.error().code == ErrorCode::kUsage) {
        done(std::move(opened));
        return;
    }
    retry_.expires_after(kOpenPause);
    retry_.async_wait([this, attempts_left, done = std::move(done)](const boost::system::error_code& error) {
        if (!error) open_attempt(attempts_left - 1, done);
    });
}

void Fleet::start(Done done) {
    const auto missing = std::make_shared<std::size_t>(groups_.size() * options_.instances);
    const auto failed = std::make_shared<bool>(false);
    for (const auto& group : groups_) {
        group->grow(options_.instances);
        for (const auto& slot : group->slots()) {
            slot->prepare(options_.version, [&slot = *slot, missing, failed, done](Result<void> outcome) {
                if (*failed) return;
                if (outcome) {
                    slot.promote();
                    if (--*missing == 0) done({});
                } else {
                    *failed = true;
                    done(std::move(outcome));
                }
            });
        }
    }
}

void Fleet::stop(Done done) {
    retry_.cancel();
    deploy_.reset();
    for (const auto& group : groups_) group->close_sockets();
    const auto missing = std::make_shared<std::size_t>(1);
    const auto one_less = [missing, done](const Result<void>&) {
        if (--*missing == 0) done({});
    };
    for (const auto& group : groups_) {
        for (const auto& slot : group->slots()) {
            ++*missing;
            slot->stop_all(one_less);
        }
    }
    one_less({});
}

void Fleet::kill() {
    for (const auto& group : groups_) {
        for (const auto& slot : group->slots()) slot->kill_all();
    }
}

Result<std::vector<Group*>> Fleet::groups_for(const std::string& service) {
    std::vector<Group*> chosen;
    for (const auto& group : groups_) {
        if (service.empty() || group->serves(service)) chosen.push_back(group.get());
    }
    if (chosen.empty()) {
        return Error{ErrorCode::kUsage, "\"" + service + "\" is none of the services that run here"};
    }
    if (!service.empty() && chosen.front()->places().size() > 1) {
        return Error{ErrorCode::kUsage,
                     "all services share one process here, so \"" + service +
                         "\" cannot be deployed alone; `up --separate` gives each its own"};
    }
    return chosen;
}

Result<void> Fleet::deploy(const DeployRequest& request, DeployListener listener) {
    if (deploy_) {
        return Error{ErrorCode::kUsage,
                     "version " + deploy_->request.version + " is being deployed (" +
                         std::string(strategy_name(deploy_->request.strategy)) + ", for " +
                         std::to_string(milliseconds(system_clock().now() - deploy_->began)) +
                         " ms); wait for it"};
    }
    auto groups = groups_for(request.of);
    if (!groups) return std::move(groups).error();
    deploy_ = std::make_shared<Running>();
    deploy_->request = request;
    deploy_->listener = std::move(listener);
    deploy_->groups = std::move(*groups);
    deploy_->began = system_clock().now();
    logger_.log(LogLevel::kInfo, "deploy begins",
                {{"version", request.version}, {"strategy", strategy_name(request.strategy)}});
    next_group();
    return {};
}

void Fleet::next_group() {
    Running& running = *deploy_;
    Group& group = *running.groups[running.next++];
    running.step = std::make_unique<Deploy>(
        loop_, group, running.request,
        Deploy::Listener{.phase = running.listener.phase,
                         .done = [this](Result<void> outcome) { group_deployed(std::move(outcome)); }});
    running.step->begin();
}

void Fleet::group_deployed(Result<void> outcome) {
    Running& running = *deploy_;
    running.outcome.refused = std::max(running.outcome.refused, running.step->refused());
    running.outcome.unavailable = std::max(running.outcome.unavailable, running.step->unavailable());
    const bool failed = !outcome;
    running.outcome.result = std::move(outcome);
    if (!failed && running.next < running.groups.size()) {
        // Not from within the step that is replaced.
        boost::asio::post(loop_, [this, alive = std::weak_ptr<Running>(deploy_)] {
            if (!alive.expired()) next_group();
        });
        return;
    }
    running.outcome.took = system_clock().now() - running.began;
    const auto over = std::exchange(deploy_, nullptr);
    logger_.log(
        failed ? LogLevel::kError : LogLevel::kInfo, failed ? "deploy failed" : "deploy is over",
        {{"version", over->request.version},
         {"strategy", strategy_name(over->request.strategy)},
         {"error", failed ? std::string_view(over->outcome.result.error().message) : std::string_view()},
         {"refused_ms", milliseconds(over->outcome.refused)},
         {"unavailable_ms", milliseconds(over->outcome.unavailable)},
         {"took_ms", milliseconds(over->outcome.took)}});
    over->listener.done(over->outcome);
    // The step's own function is still running below us.
    boost::asio::post(loop_, [over] {});
}

Ready Fleet::listening() const {
    Ready ready;
    for (const auto& group : groups_) {
        for (const Place& place : group->places()) {
            const auto address = io::Address::from_ip(place.host, place.port);
            ready.services.push_back({.name = place.service,
                                      .host = place.host,
                                      .port = place.port,
                                      .url = "http://" + (address ? address->text() : place.host),
                                      .group = group->name()});
        }
    }
    return ready;
}

}  // namespace loadgen::services::supervisor::detail
