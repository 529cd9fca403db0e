// What was found, in a sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace loadgen::services::search {

/// The best price of one when many are ordered.
struct BulkPrice {
    std::int64_t quantity = 0;
    double price = 0;
    friend bool operator==(const BulkPrice&, const BulkPrice&) = default;
};

struct FoundProduct {
    std::string id;
    std::string name;
    double price = 0;
    double stock_level = 0;
    std::optional<BulkPrice> bulk;
};

inline constexpr std::size_t kMaxFound = 5;

/// `products` are the best matches for `query`, best first.
std::string answer_sentence(std::string_view query, std::span<const FoundProduct> products);

}  // namespace loadgen::services::search
