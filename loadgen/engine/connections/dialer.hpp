// Decides where a connection goes: overrides, unix socket, proxy, DNS; and from which local address.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/io/address.hpp"
#include "common/io/loop.hpp"
#include "common/io/resolver.hpp"
#include "loadgen/engine/connections/authority.hpp"
#include "loadgen/plan/connection_policy.hpp"

namespace loadgen::engine {

/// Addresses to try in this order until one connects.
struct Route {
    std::vector<io::Address> addresses;
    std::optional<io::Address> local;
};

/// One a worker; not thread-safe.
class Dialer {
  public:
    using Callback = std::function<void(Result<Route>)>;

    /// kUsage when an address of the policy does not parse.
    static Result<std::unique_ptr<Dialer>> create(io::Loop& loop, const plan::ConnectionPolicy& policy);

    /// Finds the way to `authority`; calls back once, at once when no look-up is needed.
    void find_route(const Authority& authority, Callback callback);
    /// `address` refused while another address of the same host answered: it goes to the end from now on.
    void demote(const io::Address& address);

  private:
    struct Override {
        std::vector<std::pair<std::string, std::uint16_t>> targets;
        std::size_t next = 0;
    };

    Dialer(const plan::ConnectionPolicy& policy, std::unique_ptr<io::Resolver> resolver);
    Result<void> parse_policy();
    std::optional<io::Address> next_local();
    Result<Route> make_route(const std::string& host, const std::vector<io::Address>& found,
                             std::uint16_t port);

    const plan::ConnectionPolicy& policy_;
    std::unique_ptr<io::Resolver> resolver_;
    std::map<std::string, Override> overrides_;  // by "host:port"
    std::vector<io::Address> locals_;
    std::vector<io::Address> demoted_;
    std::size_t next_local_ = 0;
    std::size_t next_address_ = 0;
};

}  // namespace loadgen::engine
