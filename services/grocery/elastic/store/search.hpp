// Full-text search in the offers: FTS5 with BM25, name x3, brand x2, category x1.5, description x1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/elastic/store/promotions.hpp"

namespace loadgen::services::grocery::elastic {

struct Search {
    std::string words;             ///< as typed
    std::string retailer_id = {};  ///< empty: any
    std::string category = {};     ///< empty: any
    std::optional<std::string> batch =
        {};  ///< only what this import brought, and also what becomes valid later
    Day on;  ///< only what is valid on that day
    std::int64_t from = 0;
    std::int64_t size = 20;
};

struct Facet {
    std::string key;
    std::int64_t count = 0;
};

/// Best matches first. A facet counts as if its own filter were not there, so that the other choices stay
/// visible.
struct SearchPage {
    struct Hit {
        Promotion promotion;
        double score = 0;  ///< above 0; greater is better
    };
    std::int64_t total = 0;
    std::vector<Hit> items;
    std::vector<Facet> retailers;   ///< most first
    std::vector<Facet> categories;  ///< most first
};

/// Nothing is found by words that fold to nothing. Errors are the store's.
Result<SearchPage> search(store::Statements& tables, const Search& search);

/// Up to `limit` names of products and brands valid on `on` with a word that begins as typed, best first.
Result<std::vector<std::string>> suggest(store::Statements& tables, std::string_view typed, Day on,
                                         std::size_t limit = 10);

}  // namespace loadgen::services::grocery::elastic
