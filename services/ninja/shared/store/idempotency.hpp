// The answers that are given again: the same table in the database of each twin.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/http/message.hpp"
#include "services/runtime/transaction.hpp"
#include "services/store/expiry.hpp"

namespace loadgen::services::ninja {

store::ExpiringTable idempotency_table();
/// The table and its index, for a migration.
std::string idempotency_schema();

inline constexpr std::int64_t kIdempotencyMs = 5 * 60 * 1000;

struct IdempotentRequest {
    std::string key;      ///< the client's
    std::string request;  ///< what it asked for, in one canonical text
};

/// Runs `create` unless a request with the same key was answered within five minutes: that answer is given
/// again, or refused with 422 when the request was another one. Only answers of success are kept, in the
/// transaction of what they tell of. A database has one writer, so no request ever sees another in progress:
/// a concurrent one waits its turn and gets the stored answer. Without `idempotent` it only runs `create`.
Result<http::Response> once(runtime::Transaction& transaction,
                            const std::optional<IdempotentRequest>& idempotent,
                            const std::function<Result<http::Response>()>& create);

}  // namespace loadgen::services::ninja
