#include "loadgen/engine/connections/dialer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace loadgen::engine {
namespace {

Result<std::pair<std::string, std::uint16_t>> parse_host_port(const std::string& text) {
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const bool valid = colon != std::string::npos && colon > 0 &&
                       std::from_chars(text.data() + colon + 1, end, port).ptr == end && port != 0;
    if (!valid) {
        return Error{ErrorCode::kUsage,
                     "bad address \"" + text + "\": expected host:port, such as 127.0.0.1:8080"};
    }
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    return std::pair(std::move(host), port);
}

/// Anything but "no such address here" is left for the dial to find out.
bool is_of_this_machine(const io::Address& address) {
    const int probe = socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return true;
    const bool is_foreign = bind(probe, address.data(), address.size()) != 0 && errno == EADDRNOTAVAIL;
    close(probe);
    return !is_foreign;
}

}  // namespace

Dialer::Dialer(const plan::ConnectionPolicy& policy, std::unique_ptr<io::Resolver> resolver)
    : policy_(policy), resolver_(std::move(resolver)) {}

Result<std::unique_ptr<Dialer>> Dialer::create(io::Loop& loop, const plan::ConnectionPolicy& policy) {
    auto resolver =
        io::Resolver::create(loop, {.servers = policy.dns.servers, .cache_ttl = policy.dns.cache_ttl});
    if (!resolver) return std::move(resolver).error();
    std::unique_ptr<Dialer> dialer(new Dialer(policy, std::move(*resolver)));
    if (auto parsed = dialer->parse_policy(); !parsed) return std::move(parsed).error();
    return dialer;
}

Result<void> Dialer::parse_policy() {
    for (const plan::ConnectTo& rule : policy_.connect_to) {
        Override& entry = overrides_[rule.source];
        for (const std::string& target : rule.targets) {
            auto parsed = parse_host_port(target);
            if (!parsed) return with_context("connect-to: ", std::move(parsed).error());
            entry.targets.push_back(std::move(*parsed));
        }
    }
    for (const std::string& text : policy_.source_addresses) {
        const auto address = io::Address::from_ip(text, 0);
        if (!address || !is_of_this_machine(*address)) {
            return Error{ErrorCode::kUsage,
                         "bad source address \"" + text + "\": expected an IP address of this machine"};
        }
        locals_.push_back(*address);
    }
    return {};
}

void Dialer::find_route(const Authority& authority, Callback callback) {
    if (!policy_.unix_socket.empty()) {
        auto address = io::Address::from_unix_path(policy_.unix_socket);
        if (!address) return callback(std::move(address).error());
        return callback(Route{{*address}, std::nullopt});
    }
    std::string host = authority.host;
    std::uint16_t port = authority.port;
    if (policy_.proxy) {
        host = policy_.proxy->url.host;
        port = policy_.proxy->url.port;
    } else if (const auto rule = overrides_.find(authority.text()); rule != overrides_.end()) {
        const auto& target = rule->second.targets[rule->second.next++ % rule->second.targets.size()];
        host = target.first;
        port = target.second;
    }
    if (const auto literal = io::Address::from_ip(host, port))
        return callback(make_route(host, {*literal}, port));
    resolver_->resolve(host, [this, host, port,
                              callback = std::move(callback)](const Result<std::vector<io::Address>>& found) {
        callback(found ? make_route(host, *found, port) : Result<Route>(found.error()));
    });
}

void Dialer::demote(const io::Address& address) {
    const io::Address bare = address.with_port(0);
    if (std::find(demoted_.begin(), demoted_.end(), bare) == demoted_.end()) demoted_.push_back(bare);
}

std::optional<io::Address> Dialer::next_local() {
    if (locals_.empty()) return std::nullopt;
    return locals_[next_local_++ % locals_.size()];
}

Result<Route> Dialer::make_route(const std::string& host, const std::vector<io::Address>& found,
                                 std::uint16_t port) {
    // Checked here as well as before the run: a redirect or a changed DNS answer may lead anywhere.
    if (!policy_.allow_public &&
        std::any_of(found.begin(), found.end(), [](const auto& a) { return a.is_public(); })) {
        return Error{ErrorCode::kUsage, host + " is a public address, which needs -yes"};
    }
    Route route{{}, next_local()};
    for (const io::Address& address : found) {
        if (!route.local || route.local->family() == address.family()) {
            route.addresses.push_back(address.with_port(port));
        }
    }
    if (route.addresses.empty()) {
        return Error{ErrorCode::kNotFound,
                     "no address of " + host + " fits the source address " + route.local->text()};
    }
    const auto good =
        std::stable_partition(route.addresses.begin(), route.addresses.end(), [this](const auto& address) {
            return std::find(demoted_.begin(), demoted_.end(), address.with_port(0)) == demoted_.end();
        });
    // Round robin over the addresses of the preferred family (RFC 6724 put it first); the rest is fallback.
    const auto family_end = std::find_if(route.addresses.begin(), good, [&](const auto& address) {
        return address.family() != route.addresses.front().family();
    });
    const auto same_family = family_end - route.addresses.begin();
    if (same_family > 1) {
        const auto turn =
            static_cast<std::ptrdiff_t>(next_address_++ % static_cast<std::size_t>(same_family));
        std::rotate(route.addresses.begin(), route.addresses.begin() + turn, family_end);
    }
    return route;
}

}  // namespace loadgen::engine
