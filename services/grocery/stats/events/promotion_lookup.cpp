#include "services/grocery/stats/events/promotion_lookup.hpp"

#include "common/http/url.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::services::grocery::stats {
namespace {

constexpr std::int64_t kAtOnce = 100;
constexpr std::int64_t kPauseMs = 10'000;
constexpr int kOk = 200;
constexpr text::JsonLimits kLimits{.max_bytes = 4 << 20, .max_depth = 16};

Error not_an_answer() {
    return {ErrorCode::kSyntax, "promotions: the answer is not a page of offers"};
}

std::optional<KnownPromotion> read_promotion(const text::JsonValue& value) {
    const auto id = value.find("promotionId");
    const auto name = value.find("productName");
    const auto original = value.find("originalPriceCents");
    const auto offer = value.find("offerPriceCents");
    if (!id || !name || !original || !offer) return std::nullopt;
    if (!id->as_string() || !name->as_string() || !original->as_int() || !offer->as_int())
        return std::nullopt;
    return KnownPromotion{std::string(*id->as_string()), std::string(*name->as_string()),
                          *original->as_int() - *offer->as_int()};
}

}  // namespace

Result<std::vector<KnownPromotion>> read_promotions(std::string_view body) {
    text::JsonDocument document(kLimits);
    const auto root = document.parse(body);
    if (!root) return with_context("promotions: ", root.error());
    const auto items = root->find("items");
    if (!items || items->kind() != text::JsonKind::kArray) return not_an_answer();
    std::vector<KnownPromotion> promotions;
    bool sound = true;
    items->for_each_element([&](text::JsonValue element) {
        auto promotion = read_promotion(element);
        sound = promotion.has_value();
        if (promotion) promotions.push_back(std::move(*promotion));
        return sound;
    });
    if (!sound) return not_an_answer();
    return promotions;
}

void PromotionLookup::run() {
    const std::int64_t now_ms = context_.clock().wall_now().unix_ns / 1'000'000;
    if (asking_.load() || now_ms < not_before_ms_.load()) return;
    if (!reader_) {
        auto reader = context_.store().open_reader();
        if (!reader) return;
        reader_ = std::move(*reader);
    }
    auto ids = unknown_promotions(*reader_, now_ms, kAtOnce);
    if (ids && !ids->empty()) ask(std::move(*ids));
}

void PromotionLookup::ask(std::vector<std::string> ids) {
    asking_.store(true);
    std::string path = "/promotions?size=" + std::to_string(kAtOnce);
    for (const std::string& id : ids) path += "&id=" + http::percent_encode(id);
    context_.peers().get(
        "grocery-elastic", path, {},
        [this, ids = std::move(ids)](const Result<http::Response>& answer) { take(ids, answer); });
}

void PromotionLookup::take(std::vector<std::string> asked, const Result<http::Response>& answer) {
    const std::int64_t now_ms = context_.clock().wall_now().unix_ns / 1'000'000;
    auto found = answer && answer->status == kOk ? read_promotions(answer->body) : not_an_answer();
    if (!found) {
        not_before_ms_.store(now_ms + kPauseMs);
        asking_.store(false);
        return;
    }
    context_.transact(
        "remember promotions", {},
        [asked = std::move(asked), found = std::move(*found)](runtime::Transaction& transaction) {
            return remember_promotions(transaction.tables(), asked, found, transaction.now_ms());
        },
        [this](Result<void> /*asked again when it failed*/) { asking_.store(false); });
}

}  // namespace loadgen::services::grocery::stats
