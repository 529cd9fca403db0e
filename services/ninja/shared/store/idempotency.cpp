#include "services/ninja/shared/store/idempotency.hpp"

#include "services/platform/answers.hpp"
#include "services/store/query.hpp"

namespace loadgen::services::ninja {
namespace {

using store::params;

constexpr int kOk = 200;
constexpr int kFirstRedirect = 300;
constexpr int kUnprocessable = 422;

struct StoredAnswer {
    std::string request;
    http::Response answer;
};

Result<std::optional<StoredAnswer>> find(store::Statements& tables, std::string_view key,
                                         std::int64_t now_ms) {
    return store::find_one(
        tables, "SELECT request, status, answer FROM idempotency WHERE id = ? AND expires_at > ?",
        params(key, now_ms), [](const store::Row& row) {
            return StoredAnswer{
                std::string(row.text(0)),
                platform::json_answer(static_cast<int>(row.integer(1)), std::string(row.text(2)))};
        });
}

Result<void> keep(store::Statements& tables, const IdempotentRequest& idempotent,
                  const http::Response& answer, std::int64_t now_ms) {
    return tables.run(
        "INSERT INTO idempotency (id, request, status, answer, expires_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET request = excluded.request, status = excluded.status,"
        " answer = excluded.answer, expires_at = excluded.expires_at",
        params(idempotent.key, idempotent.request, answer.status, answer.body, now_ms + kIdempotencyMs));
}

bool is_success(const http::Response& answer) {
    return answer.status >= kOk && answer.status < kFirstRedirect;
}

}  // namespace

store::ExpiringTable idempotency_table() {
    return {.table = "idempotency", .key = {"id"}};
}

std::string idempotency_schema() {
    return "CREATE TABLE idempotency ("
           "  id TEXT PRIMARY KEY,"
           "  request TEXT NOT NULL,"
           "  status INTEGER NOT NULL,"
           "  answer TEXT NOT NULL,"
           "  expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;" +
           store::expiry_schema(idempotency_table());
}

Result<http::Response> once(runtime::Transaction& transaction,
                            const std::optional<IdempotentRequest>& idempotent,
                            const std::function<Result<http::Response>()>& create) {
    if (!idempotent) return create();
    auto stored = find(transaction.tables(), idempotent->key, transaction.now_ms());
    if (!stored) return std::move(stored).error();
    if (*stored) {
        if ((*stored)->request == idempotent->request) return std::move((*stored)->answer);
        return transaction.refuse(
            {.status = kUnprocessable, .message = "the Idempotency-Key belongs to another request"});
    }
    auto answer = create();
    if (!answer || !is_success(*answer)) return answer;
    auto kept = keep(transaction.tables(), *idempotent, *answer, transaction.now_ms());
    if (!kept) return std::move(kept).error();
    return answer;
}

}  // namespace loadgen::services::ninja
