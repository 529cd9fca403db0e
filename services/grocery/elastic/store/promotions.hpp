// The offers, and the retailers who make them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/elastic/domain/import.hpp"
#include "services/store/full_text.hpp"

namespace loadgen::services::grocery::elastic {

std::span<const std::string_view> migrations();
/// Words of the offers: name x3, brand x2, category x1.5, description x1.
const store::FullTextIndex& offer_index();

struct Retailer {
    std::string retailer_id;
    std::string name;
    std::string logo_url;
    std::int64_t active_promotions = 0;
};

enum class Order { kRelevance, kDiscount, kEndDate, kPrice };

/// Which offers, and which part of them. Empty texts do not filter.
struct Browse {
    std::string retailer_id;
    std::string category;
    std::vector<std::string> promotion_ids;  ///< only these
    std::optional<Day> on;                   ///< valid on that day; none: whenever
    Order order = Order::kRelevance;         ///< relevance without words to match: the newest imports first
    std::int64_t from = 0;
    std::int64_t size = 20;
};

struct PromotionPage {
    std::int64_t total = 0;
    std::vector<Promotion> items;
};

// Errors are the store's.
Result<std::vector<Retailer>> list_retailers(store::Statements& tables, Day today);
Result<bool> is_retailer(store::Statements& tables, std::string_view retailer_id);
/// Leaves a retailer that is there as it is.
Result<void> add_retailer(store::Statements& tables, const Retailer& retailer);

Result<PromotionPage> browse(store::Statements& tables, const Browse& browse);
Result<std::optional<Promotion>> find_promotion(store::Statements& tables, std::string_view promotion_id);
/// By the number of its row, which the index shares.
Result<std::optional<Promotion>> find_by_row(store::Statements& tables, std::int64_t row);
/// False when there was none.
Result<bool> delete_promotion(store::Statements& tables, std::string_view promotion_id);

/// Writes a batch's offers and their index entries.
Result<ImportOutcome> store_batch(store::Statements& tables, const Batch& batch, std::int64_t now_ms);
/// The answer that was given to a batch, or none when it is new.
Result<std::optional<std::string>> find_batch_answer(store::Statements& tables, std::string_view batch_id);
Result<void> remember_batch(store::Statements& tables, const Batch& batch, std::string_view answer,
                            std::int64_t now_ms);

/// Forgets offers that ended before `day` and batches older than `batches_before_ms`, some hundred at a time.
Result<void> forget_old(store::Statements& tables, Day day, std::int64_t batches_before_ms);

}  // namespace loadgen::services::grocery::elastic
