#include "services/supervisor/detail/instance.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>

namespace loadgen::services::supervisor::detail {
namespace {

namespace asio = boost::asio;
using telemetry::LogLevel;

std::string end_text(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "exit code " + std::to_string(WEXITSTATUS(status));
}

std::int64_t milliseconds(Nanos time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

std::string_view state_name(Instance::State state) {
    constexpr std::array<std::string_view, 4> kNames = {"starting", "ready", "leaving", "gone"};
    return kNames[static_cast<std::size_t>(state)];
}

Instance::Instance(asio::io_context& loop, const telemetry::Logger& logger, Launched launched)
    : loop_(loop),
      logger_(logger),
      process_(loop, launched.process),
      output_(loop, launched.output),
      timer_(loop),
      pid_(launched.pid),
      started_(system_clock().now()) {}

Result<std::shared_ptr<Instance>> Instance::start(asio::io_context& loop, const telemetry::Logger& logger,
                                                  Launch what, std::string group, std::string version,
                                                  std::size_t ready_lines) {
    auto traffic = platform::SharedTraffic::create();
    if (!traffic) return std::move(traffic).error();
    what.traffic = (*traffic)->descriptor();
    const auto launched = launch(what);
    if (!launched) return launched.error();
    std::shared_ptr<Instance> instance(new Instance(loop, logger, *launched));
    instance->traffic_ = std::move(*traffic);
    instance->group_ = std::move(group);
    instance->version_ = std::move(version);
    instance->watch_output(ready_lines);
    instance->watch_process();
    return instance;
}

Instance::~Instance() {
    if (state_ == State::kGone) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

Nanos Instance::age() const {
    return system_clock().now() - started_;
}

void Instance::watch_output(std::size_t lines_missing) {
    output_.async_read_some(
        asio::buffer(buffer_), [this, self = shared_from_this(), lines_missing](
                                   const boost::system::error_code& error, std::size_t size) {
            if (error) return;  // its end is seen through the process
            const auto lines = static_cast<std::size_t>(
                std::count(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size), '\n'));
            const std::size_t missing = lines_missing - std::min(lines_missing, lines);
            watch_output(missing);
            if (missing > 0 || state_ != State::kStarting) return;
            state_ = State::kReady;
            timer_.cancel();
            logger_.log(LogLevel::kInfo, "instance ready",
                        {{"group", group_},
                         {"version", version_},
                         {"pid", std::int64_t{pid_}},
                         {"took_ms", milliseconds(age())}});
            if (const auto told = on_ready) told();
        });
}

void Instance::watch_process() {
    process_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [this, self = shared_from_this()](const boost::system::error_code& error) {
                            if (!error) gone();
                        });
}

void Instance::gone() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    state_ = State::kGone;
    end_ = end_text(status);
    timer_.cancel();
    output_.close();
    log_gone();
    if (const auto told = on_gone) told();
}

void Instance::log_gone() const {
    platform::Traffic& counts = traffic_->traffic();
    const auto unanswered = static_cast<std::int64_t>(counts.in_flight());
    const auto cut = static_cast<std::int64_t>(counts.connections.load());
    const auto answers = static_cast<std::int64_t>(counts.answers.load());
    const auto since = answers - static_cast<std::int64_t>(answers_when_asked_);
    const Nanos took = asked_ ? system_clock().now() - asked_at_ : age();
    const bool lost = unanswered > 0 || cut > 0;
    const LogLevel level = !asked_ ? LogLevel::kError : lost ? LogLevel::kWarn : LogLevel::kInfo;
    logger_.log(level, asked_ ? "instance left" : "instance died",
                {{"group", group_},
                 {"version", version_},
                 {"pid", std::int64_t{pid_}},
                 {"end", end_},
                 {asked_ ? "took_ms" : "age_ms", milliseconds(took)},
                 {asked_ ? "answered_while_leaving" : "answered", asked_ ? since : answers},
                 {"requests_lost", unanswered},
                 {"connections_cut", cut}});
}

void Instance::send(int signal) {
    // Reaped only in gone(), so the number is its own until then.
    if (state_ != State::kGone) ::kill(pid_, signal);
}

void Instance::log_leaving(LogLevel level, std::string_view what, std::string_view why) {
    logger_.log(level, what,
                {{"group", group_},
                 {"version", version_},
                 {"pid", std::int64_t{pid_}},
                 {"why", why},
                 {"in_flight", static_cast<std::int64_t>(traffic().in_flight())},
                 {"connections", static_cast<std::int64_t>(traffic().connections.load())}});
}

void Instance::leave(Nanos patience) {
    if (state_ == State::kLeaving || state_ == State::kGone) return;
    state_ = State::kLeaving;
    asked_ = true;
    asked_at_ = system_clock().now();
    answers_when_asked_ = traffic().answers.load();
    log_leaving(LogLevel::kInfo, "instance is asked to leave", "drain");
    send(SIGTERM);
    timer_.expires_after(patience);
    timer_.async_wait([this, self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) kill("it did not leave in time");
    });
}

void Instance::kill(std::string_view why) {
    if (state_ == State::kGone) return;
    if (!asked_) {
        asked_at_ = system_clock().now();
        answers_when_asked_ = traffic().answers.load();
    }
    asked_ = true;
    state_ = State::kLeaving;
    log_leaving(LogLevel::kWarn, "instance is killed", why);
    send(SIGKILL);
}

void Instance::expect_ready(Nanos limit) {
    timer_.expires_after(limit);
    timer_.async_wait([this, self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && state_ == State::kStarting) kill("it was not ready in time");
    });
}

}  // namespace loadgen::services::supervisor::detail
