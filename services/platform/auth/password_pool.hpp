// Password hashes (Argon2id, RFC 9106) on threads of their own, so that no event loop waits for one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "services/platform/loop.hpp"

namespace loadgen::services::platform::auth {

/// What one hash costs.
struct PasswordCost {
    std::uint32_t memory_kib = 19 * 1024;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
    friend bool operator==(const PasswordCost&, const PasswordCost&) = default;
};

/// "default": OWASP's minimum for Argon2id (19 MiB, 2 passes, 1 lane). "load": 1 MiB, 1 pass, for load tests
/// that log in often; not for real passwords. None for other names.
std::optional<PasswordCost> password_cost(std::string_view profile);
/// For the start-up log: "Argon2id m=1024 KiB t=1 p=1: WEAK, for load tests only".
std::string describe(const PasswordCost& cost);

/// The PHC string of `password`, made on the caller's thread: for start-up, not for an event loop.
Result<std::string> hash_password(const PasswordCost& cost, const std::string& password);

struct PasswordPoolOptions {
    PasswordCost cost;
    unsigned threads = 1;        ///< each holds cost.memory_kib while it works
    std::size_t max_queue = 32;  ///< tasks waiting for a thread
};

/// Any thread may call. Answers come on the given loop, which must outlive the pool's tasks: destroy the pool
/// while the loops still exist. Every task taken is answered, at the latest by the destructor, with kLimit.
class PasswordPool {
  public:
    using HashDone = std::function<void(Result<std::string> phc)>;
    using VerifyDone = std::function<void(Result<bool> matches)>;

    explicit PasswordPool(const PasswordPoolOptions& options);
    ~PasswordPool();
    PasswordPool(const PasswordPool&) = delete;
    PasswordPool& operator=(const PasswordPool&) = delete;

    /// The PHC string "$argon2id$v=19$m=...,t=...,p=...$salt$hash". False, and nothing happens, when the
    /// queue is full: answer 503 with Retry-After.
    [[nodiscard]] bool hash(std::string password, Loop& loop, HashDone done);
    /// Whether the password made `phc`, compared in constant time. Without `phc` (no such user) as much work
    /// is done for the answer false, so that time does not tell who exists. kSyntax for a string that is no
    /// Argon2id PHC string, or one that costs more than 256 MiB, 16 passes or 8 lanes. False when the queue
    /// is full.
    [[nodiscard]] bool verify(std::string password, std::optional<std::string> phc, Loop& loop,
                              VerifyDone done);

    std::size_t waiting() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace loadgen::services::platform::auth
