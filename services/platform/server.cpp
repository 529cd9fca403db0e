#include "services/platform/server.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "services/platform/detail/listener.hpp"
#include "services/platform/detail/worker.hpp"

namespace loadgen::services::platform {

struct Server::State {
    State(const ServerOptions& wanted, const telemetry::Logger& logger)
        : options(wanted),
          shared{options, logger, options.traffic != nullptr ? *options.traffic : own_traffic} {}

    void run_worker(detail::Worker& worker);
    void drain_all();

    const ServerOptions options;
    Traffic own_traffic;
    detail::Shared shared;
    std::vector<std::unique_ptr<detail::Worker>> workers;
    std::unique_ptr<detail::Listener> listener;
    io::Address address;
    std::atomic<std::size_t> running{0};
    std::function<void()> drained;  // set before the drain is posted, read after the last worker has left
    std::vector<std::thread> threads;
};

void Server::State::run_worker(detail::Worker& worker) {
    worker.run();
    if (--running > 0) return;
    if (shared.cut_off > 0) {
        shared.logger.log(telemetry::LogLevel::kError, "grace is over: requests cut off",
                          {{"count", static_cast<std::int64_t>(shared.cut_off.load())}});
    }
    if (drained) drained();
}

void Server::State::drain_all() {
    listener->drain();
    // Behind the connections that the listener has just dealt out.
    for (const auto& worker : workers) {
        worker->loop().post([target = worker.get()] { target->begin_drain(); });
    }
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, const DispatcherFactory& factory,
                                              const telemetry::Logger& logger) {
    auto state = std::make_unique<State>(options, logger);
    std::vector<detail::Worker*> workers;
    for (unsigned i = 0; i < options.threads; ++i) {
        auto dispatcher = factory();
        if (!dispatcher) return std::move(dispatcher).error();
        state->workers.push_back(std::make_unique<detail::Worker>(state->shared, std::move(*dispatcher)));
        workers.push_back(state->workers.back().get());
    }
    auto listener = detail::Listener::open(state->shared, std::move(workers));
    if (!listener) return std::move(listener).error();
    state->listener = std::move(*listener);
    state->address = state->listener->address();
    state->listener->start();
    state->running = state->workers.size();
    for (const auto& worker : state->workers) {
        state->threads.emplace_back([&all = *state, &mine = *worker] { all.run_worker(mine); });
    }
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
    stop();
}

void Server::stop() {
    for (const auto& worker : state_->workers) worker->stop();
    for (std::thread& thread : state_->threads) thread.join();
    state_->threads.clear();
}

std::string Server::host() const {
    const std::string text = state_->address.text();  // "127.0.0.1:80" or "[::1]:80"
    const std::string host = text.substr(0, text.rfind(':'));
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::uint16_t Server::port() const {
    return state_->address.port();
}

std::string Server::url() const {
    return "http://" + state_->address.text();
}

void Server::begin_drain(std::function<void()> done) {
    state_->drained = std::move(done);
    state_->workers.front()->loop().post([state = state_.get()] { state->drain_all(); });
}

}  // namespace loadgen::services::platform
