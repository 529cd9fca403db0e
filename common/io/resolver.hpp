// Host names to addresses without blocking, on c-ares, with a stated cache.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/io/address.hpp"
#include "common/io/loop.hpp"

namespace loadgen::io {

struct ResolverOptions {
    /// "address" or "address:port" of DNS servers; empty = the system's.
    std::vector<std::string> servers{};
    /// How long an answer is reused: 0 = for ever, negative = not at all (vegeta's -dns-ttl).
    Nanos cache_ttl{0};
    Nanos timeout{5'000'000'000};
};

/// Looks host names up: IP literals, /etc/hosts, then DNS. One a loop; not thread-safe.
class Resolver {
  public:
    /// Addresses in the order of preference (port 0), never empty; or why there are none.
    using Callback = std::function<void(const Result<std::vector<Address>>&)>;

    /// kUsage when a server's address does not parse.
    static Result<std::unique_ptr<Resolver>> create(Loop& loop, const ResolverOptions& options);
    ~Resolver();

    /// Calls back once: within the call when the answer is known already, else later on the loop. Concurrent
    /// look-ups of one name share one query. Destroying the resolver drops pending calls.
    void resolve(const std::string& host, Callback callback);

  private:
    struct State;
    explicit Resolver(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// One blocking look-up with the options' servers, for validation before a run.
Result<std::vector<Address>> resolve_now(const std::string& host, const ResolverOptions& options);

}  // namespace loadgen::io
