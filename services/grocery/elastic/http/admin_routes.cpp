#include "services/grocery/elastic/events/imports.hpp"
#include "services/grocery/elastic/http/import_request.hpp"
#include "services/grocery/elastic/http/routes.hpp"
#include "services/grocery/elastic/store/promotions.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using platform::CallPtr;
using platform::auth::UserType;
using runtime::Transaction;

constexpr int kAccepted = 202;
constexpr int kNoContent = 204;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr std::size_t kMaxBody = 1024 * 1024;

/// The handlers of one worker.
class Office {
  public:
    explicit Office(runtime::ServiceContext& context) : context_(context), document_({kMaxBody, 16}) {}

    void import(const CallPtr& call);
    void remove(const CallPtr& call);

  private:
    runtime::ServiceContext& context_;
    text::JsonDocument document_;
};

void check_id(platform::BodyReader& body, std::string_view name, std::string_view id) {
    if (!id.empty() && !is_identifier(id))
        body.fields().refuse(name, "must be letters, digits, '.', '_' or '-'");
}

Result<http::Response> import_for(Transaction& transaction, const Batch& batch) {
    auto known = is_retailer(transaction.tables(), batch.retailer_id);
    if (!known) return std::move(known).error();
    if (!*known)
        return transaction.refuse(
            {.status = kBadRequest, .message = "retailerId names no retailer", .code = {}, .data = {}});
    auto answer = import_batch(transaction, batch);
    if (!answer) return std::move(answer).error();
    return platform::json_answer(kAccepted, std::move(*answer));
}

void Office::import(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::BodyReader body(*call, {.max_bytes = kMaxBody});
    Batch batch;
    batch.batch_id = body.string("batchId", {.min = 1, .max = 64});
    check_id(body, "batchId", batch.batch_id);
    batch.retailer_id = body.string("retailerId", {.min = 1, .max = 64});
    if (!body.ok()) return call->answer(body.refusal());
    // Read again by itself: an offer that is wrong is rejected alone, which the reader of fields does not
    // know.
    const auto root = document_.parse(call->request().body);
    const auto promotions = root ? root->find("promotions") : std::nullopt;
    if (!promotions || promotions->kind() != text::JsonKind::kArray) {
        body.fields().refuse("promotions", "must be an array");
    } else if (promotions->size() > kMaxBatch) {
        body.fields().refuse("promotions", "must have 0 to " + std::to_string(kMaxBatch) + " elements");
    }
    if (!body.ok()) return call->answer(body.refusal());
    sort_out(batch, *promotions);
    call->span.set("grocery.batch.id", batch.batch_id);
    call->span.set("grocery.retailer.id", batch.retailer_id);
    context_.transact(call, {"INSERT", "promotions"}, [batch = std::move(batch)](Transaction& transaction) {
        return import_for(transaction, batch);
    });
}

void Office::remove(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    context_.transact(
        call, {"DELETE", "promotions"},
        [id = std::string(call->parameter("promotion_id"))](
            Transaction& transaction) -> Result<http::Response> {
            transaction.span().set("grocery.promotion.id", id);
            auto existed = delete_promotion(transaction.tables(), id);
            if (!existed) return std::move(existed).error();
            if (!*existed)
                return transaction.refuse(
                    {.status = kNotFound, .message = "promotion not found", .code = {}, .data = {}});
            return platform::empty_answer(kNoContent);
        });
}

}  // namespace

void add_admin_routes(platform::Router& router, runtime::ServiceContext& context,
                      runtime::RouteTools& /*tools*/) {
    const auto office = std::make_shared<Office>(context);
    router.add("POST", "/admin/promotions", [office](const CallPtr& call) { office->import(call); });
    router.add("DELETE", "/admin/promotions/{promotion_id}",
               [office](const CallPtr& call) { office->remove(call); });
}

}  // namespace loadgen::services::grocery::elastic
