#include "services/grocery/elastic/events/imports.hpp"

#include <algorithm>

#include "services/grocery/elastic/store/promotions.hpp"
#include "services/grocery/shared/events/payloads.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

PromotionsImported news_of(const Batch& batch) {
    PromotionsImported event;
    event.batch_id = batch.batch_id;
    event.retailer_id = batch.retailer_id;
    Day from = batch.promotions.front().valid_from;
    Day until = batch.promotions.front().valid_until;
    for (const Promotion& promotion : batch.promotions) {
        event.promotion_ids.push_back(promotion.promotion_id);
        from = std::min(from, promotion.valid_from);
        until = std::max(until, promotion.valid_until);
    }
    event.valid_from = format_day(from);
    event.valid_until = format_day(until);
    return event;
}

}  // namespace

Result<std::string> import_batch(runtime::Transaction& transaction, const Batch& batch) {
    store::Statements& tables = transaction.tables();
    auto answered = find_batch_answer(tables, batch.batch_id);
    if (!answered) return std::move(answered).error();
    if (*answered) return std::move(**answered);
    auto outcome = store_batch(tables, batch, transaction.now_ms());
    if (!outcome) return std::move(outcome).error();
    std::string answer = outcome_json(batch, *outcome);
    auto done = remember_batch(tables, batch, answer, transaction.now_ms());
    if (done && !batch.promotions.empty())
        done = transaction.publish({.type = PromotionsImported::kType, .data = write(news_of(batch))});
    if (!done) return std::move(done).error();
    return answer;
}

}  // namespace loadgen::services::grocery::elastic
