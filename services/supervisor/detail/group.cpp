#include "services/supervisor/detail/group.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/io/address.hpp"
#include "services/platform/listen_sockets.hpp"
#include "services/platform/server.hpp"

namespace loadgen::services::supervisor::detail {
namespace {

std::uint16_t port_of(int socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    // getsockname of a bound socket does not fail.
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
    return io::Address::from_native(reinterpret_cast<sockaddr*>(&storage), size).port();
}

}  // namespace

Group::Group(boost::asio::io_context& loop, const telemetry::Logger& logger, GroupOptions options)
    : loop_(loop),
      logger_(logger),
      options_(std::move(options)),
      rules_{.start = [this](const std::string& version) { return start(version); },
             .start_limit = options_.start_limit,
             .leave_limit = options_.leave_limit} {}

Group::~Group() {
    close_sockets();
}

Result<void> Group::open_sockets() {
    for (Place& place : options_.places) {
        if (place.socket >= 0) continue;
        platform::ServerOptions where;
        where.host = place.host;
        where.port = place.port;
        where.backlog = options_.backlog;
        const auto opened = platform::open_listen_socket(where);
        if (!opened) return with_context(place.service + ": ", opened.error());
        place.socket = *opened;
        place.port = port_of(*opened);
    }
    return {};
}

void Group::close_sockets() {
    for (Place& place : options_.places) {
        if (place.socket >= 0) ::close(std::exchange(place.socket, -1));
    }
}

void Group::grow(std::size_t count) {
    while (slots_.size() < count) slots_.push_back(std::make_unique<Slot>(loop_, logger_, rules_));
}

void Group::shrink(std::size_t count) {
    if (slots_.size() > count) slots_.resize(count);
}

bool Group::serves(std::string_view service) const {
    return std::any_of(options_.places.begin(), options_.places.end(),
                       [service](const Place& place) { return place.service == service; });
}

Result<std::shared_ptr<Instance>> Group::start(const std::string& version) {
    // After a recreate that failed half way the sockets may be closed.
    auto listening = open_sockets();
    if (!listening) return std::move(listening).error();
    Launch what{.program = options_.program, .arguments = {"serve"}, .sockets = {}};
    for (const Place& place : options_.places) {
        what.arguments.push_back(place.service);
        what.sockets.push_back({place.service, place.socket});
    }
    what.arguments.insert(what.arguments.end(), options_.arguments.begin(), options_.arguments.end());
    what.arguments.push_back("--service-version=" + version);
    return Instance::start(loop_, logger_, std::move(what), options_.name, version, options_.places.size());
}

}  // namespace loadgen::services::supervisor::detail
