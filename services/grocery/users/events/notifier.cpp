#include "services/grocery/users/events/notifier.hpp"

#include "common/http/url.hpp"
#include "services/grocery/shared/domain/calendar.hpp"
#include "services/grocery/users/events/offers_found.hpp"
#include "services/grocery/users/store/notifications.hpp"
#include "services/grocery/users/store/users.hpp"

namespace loadgen::services::grocery::users {
namespace {

using runtime::Incoming;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr std::int64_t kTermsAtOnce = 500;
constexpr std::int64_t kUsersAtOnce = 200;
constexpr std::int64_t kOffersAtOnce = 100;
constexpr int kOk = 200;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
// A run asks once for each favourite; thousands of them take longer than a queue's usual 30 seconds.
constexpr Nanos kRunTimeout = std::chrono::minutes(5);

/// One import being looked through: favourites in pages, a question for each, then the users of each in
/// pages. Its steps follow one another on the threads of the store and of the client, never two at once.
class Run : public std::enable_shared_from_this<Run> {
  public:
    Run(ServiceContext& context, std::shared_ptr<Incoming> incoming, PromotionsImported event)
        : context_(context),
          incoming_(std::move(incoming)),
          event_(std::move(event)),
          parent_(incoming_->span().context()),
          import_(incoming_->event().trace) {}

    void next_terms();

  private:
    void next_term();
    void ask(std::int64_t from);
    void take_answer(Result<http::Response> answer, std::int64_t from);
    void tell_users(const std::string& after);
    Result<void> tell_page(Transaction& transaction, const std::string& after);
    Result<void> tell(Transaction& transaction, const std::string& user_id, const OfferFound& offer);
    void fail(Error error) { incoming_->fail(std::move(error)); }

    ServiceContext& context_;
    const std::shared_ptr<Incoming> incoming_;
    const PromotionsImported event_;
    const telemetry::SpanContext parent_;
    const telemetry::SpanContext import_;
    std::string last_term_;
    std::vector<std::string> terms_;  // of the present page, last first
    std::vector<OfferFound> offers_;  // of the present term
    std::vector<std::string> users_;  // of the present page
};

void Run::next_terms() {
    context_.transact(
        "read favourites", parent_,
        [run = shared_from_this()](Transaction& transaction) -> Result<void> {
            auto terms = favourite_terms(transaction.tables(), run->last_term_, kTermsAtOnce);
            if (!terms) return std::move(terms).error();
            run->terms_.assign(terms->rbegin(), terms->rend());
            return {};
        },
        [run = shared_from_this()](Result<void> outcome) {
            if (!outcome) return run->fail(std::move(outcome).error());
            if (!run->terms_.empty()) return run->next_term();
            run->incoming_->apply([](Transaction&, const contracts::Event&) { return Result<void>(); });
        });
}

void Run::next_term() {
    if (terms_.empty()) return next_terms();
    last_term_ = std::move(terms_.back());
    terms_.pop_back();
    offers_.clear();
    ask(0);
}

void Run::ask(std::int64_t from) {
    const std::string path = "/search?q=" + http::percent_encode(last_term_) +
                             "&batch=" + http::percent_encode(event_.batch_id) +
                             "&size=" + std::to_string(kOffersAtOnce) + "&from=" + std::to_string(from);
    context_.peers().get("grocery-elastic", path, parent_,
                         [run = shared_from_this(), from](Result<http::Response> answer) {
                             run->take_answer(std::move(answer), from);
                         });
}

void Run::take_answer(Result<http::Response> answer, std::int64_t from) {
    if (!answer) return fail(std::move(answer).error());
    if (answer->status != kOk)
        return fail({ErrorCode::kIo, "search answered " + std::to_string(answer->status)});
    auto found = read_offers(answer->body);
    if (!found) return fail(std::move(found).error());
    offers_.insert(offers_.end(), found->offers.begin(), found->offers.end());
    if (!found->offers.empty() && from + kOffersAtOnce < found->total) return ask(from + kOffersAtOnce);
    if (offers_.empty()) return next_term();
    tell_users("");
}

void Run::tell_users(const std::string& after) {
    context_.transact(
        "notify favourites", parent_,
        [run = shared_from_this(), after](Transaction& transaction) {
            return run->tell_page(transaction, after);
        },
        [run = shared_from_this()](Result<void> outcome) {
            if (!outcome) return run->fail(std::move(outcome).error());
            const bool more = static_cast<std::int64_t>(run->users_.size()) == kUsersAtOnce;
            more ? run->tell_users(run->users_.back()) : run->next_term();
        });
}

Result<void> Run::tell_page(Transaction& transaction, const std::string& after) {
    auto users = users_with_favourite(transaction.tables(), last_term_, after, kUsersAtOnce);
    if (!users) return std::move(users).error();
    users_ = std::move(*users);
    for (const std::string& user_id : users_) {
        for (const OfferFound& offer : offers_) {
            auto told = tell(transaction, user_id, offer);
            if (!told) return told;
        }
    }
    return {};
}

Result<void> Run::tell(Transaction& transaction, const std::string& user_id, const OfferFound& offer) {
    const std::int64_t expires_ms = start_ms(offer.valid_until) + kDayMs;
    if (expires_ms <= transaction.now_ms()) return {};
    auto first =
        mark_sent(transaction.tables(), {.user_id = user_id,
                                         .favourite = last_term_,
                                         .promotion_id = offer.promotion_id,
                                         .traceparent = import_.valid() ? format_traceparent(import_) : "",
                                         .expires_ms = expires_ms});
    if (!first) return std::move(first).error();
    if (!*first) return {};
    auto done =
        transaction.publish({.type = FavouriteOnOffer::kType,
                             .data = write(FavouriteOnOffer{.user_id = user_id,
                                                            .favourite = last_term_,
                                                            .promotion_id = offer.promotion_id,
                                                            .retailer_id = event_.retailer_id,
                                                            .offer_price_cents = offer.offer_price_cents,
                                                            .valid_until = format_day(offer.valid_until)})});
    if (!done) return done;
    return transaction.publish({.type = ItemEvent::kType,
                                .data = write(ItemEvent{.action = std::string(ItemEvent::kFavourited),
                                                        .user_id = user_id,
                                                        .promotion_id = offer.promotion_id,
                                                        .retailer_id = event_.retailer_id,
                                                        .term = last_term_})});
}

}  // namespace

void add_notifier(runtime::Consumers& consumers, ServiceContext& context) {
    runtime::Subscription subscription{.queue = "GroceryNotifier", .types = {PromotionsImported::kType}};
    subscription.visibility_timeout = kRunTimeout;
    consumers.on_async(std::move(subscription), [&context](std::shared_ptr<Incoming> incoming) {
        auto event = read_promotions_imported(incoming->event().data);
        if (!event) return incoming->fail(std::move(event).error());
        incoming->span().set("grocery.batch.id", event->batch_id);
        incoming->span().set("grocery.retailer.id", event->retailer_id);
        std::make_shared<Run>(context, std::move(incoming), std::move(*event))->next_terms();
    });
}

}  // namespace loadgen::services::grocery::users
