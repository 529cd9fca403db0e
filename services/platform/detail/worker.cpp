#include "services/platform/detail/worker.hpp"

#include <time.h>

#include <array>
#include <boost/asio/steady_timer.hpp>

#include "services/platform/detail/connection.hpp"
#include "services/platform/detail/native_loop.hpp"

namespace loadgen::services::platform::detail {
namespace {

// Timeouts are seconds, so looking at the connections ten times a second is exact enough and costs no timer
// each.
constexpr Nanos kSweepInterval = std::chrono::milliseconds(100);

/// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(WallTime now) {
    const std::time_t seconds = now.unix_ns / 1'000'000'000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    // The C locale's names are the ones wanted: no program of ours calls setlocale.
    const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), length};
}

}  // namespace

struct Worker::SweepTimer {
    explicit SweepTimer(Loop& loop) : timer(loop.native().context) {}
    boost::asio::steady_timer timer;
};

Worker::Worker(Shared& shared, Dispatcher dispatcher)
    : shared_(shared), dispatcher_(std::move(dispatcher)), timer_(std::make_unique<SweepTimer>(loop_)) {}

Worker::~Worker() {
    while (!connections_.empty()) connections_.back()->close();
    timer_->timer.cancel();
    loop_.finish();
}

void Worker::run() {
    on_timer();
    loop_.run();
}

void Worker::adopt(int socket) {
    loop_.refresh();
    auto connection = std::make_shared<Connection>(*this, socket);
    connection->set_index(connections_.size());
    connections_.push_back(connection);
    connection->start();
    if (draining_) connection->begin_drain();
}

void Worker::begin_drain() {
    draining_ = true;
    drain_deadline_ = loop_.refresh() + shared_.options.drain_grace;
    // Backwards: a connection that closes on the way swaps the last one into its place.
    for (std::size_t i = connections_.size(); i > 0; --i) connections_[i - 1]->begin_drain();
    leave_when_empty();
}

void Worker::send(Call& call, http::Response&& response) {
    auto& connection_call =
        static_cast<ConnectionCall&>(call);  // calls of a worker are made by its connections
    dispatcher_.finish(call, response);
    ++shared_.traffic.answers;
    if (connection_call.connection != nullptr)
        connection_call.connection->respond(connection_call, std::move(response));
}

std::shared_ptr<Stream> Worker::open_stream(Call& call, http::Response&& head) {
    auto& connection_call =
        static_cast<ConnectionCall&>(call);  // calls of a worker are made by its connections
    dispatcher_.finish(call, head);
    ++shared_.traffic.answers;
    if (connection_call.connection == nullptr) return std::make_shared<ConnectionStream>(loop_, nullptr, 0);
    return connection_call.connection->open_stream(connection_call, std::move(head));
}

void Worker::hang_up(Call& call) {
    Connection* connection = static_cast<ConnectionCall&>(call).connection;
    if (connection != nullptr) connection->close();
    CallOwner::hang_up(call);  // for the middlewares; nobody hears it
}

void Worker::remove(Connection& connection) {
    const std::size_t index = connection.index();
    connections_[index].swap(connections_.back());
    connections_[index]->set_index(index);
    connections_.pop_back();
    --shared_.connections;
    --shared_.traffic.connections;
    leave_when_empty();
}

void Worker::set_timer() {
    timer_->timer.expires_after(kSweepInterval);
    timer_->timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) on_timer();
    });
}

void Worker::on_timer() {
    loop_.refresh();
    set_timer();
    date_ = http_date(system_clock().wall_now());
    sweep();
}

void Worker::sweep() {
    const Instant now = loop_.now();
    for (std::size_t i = connections_.size(); i > 0; --i) connections_[i - 1]->check_time(now);
    if (!draining_ || now < drain_deadline_) return;
    for (std::size_t i = connections_.size(); i > 0; --i) {
        shared_.cut_off += connections_[i - 1]->in_flight();
        connections_[i - 1]->close();
    }
}

void Worker::leave_when_empty() {
    if (draining_ && connections_.empty()) loop_.stop();
}

}  // namespace loadgen::services::platform::detail
