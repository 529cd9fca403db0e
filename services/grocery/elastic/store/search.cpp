#include "services/grocery/elastic/store/search.hpp"

#include <algorithm>
#include <map>

#include "services/store/query.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using store::params;
using store::Row;
using store::Statements;

constexpr std::int64_t kMaxSuggestionRows = 200;

/// Everything that matches, best first.
const std::string& hits_query() {
    static const std::string sql =
        "WITH hits AS MATERIALIZED (" + offer_index().hits() +
        ") SELECT p.row, hits.score, p.retailer_id, p.category FROM hits JOIN promotions p ON p.row = "
        "hits.row"
        " WHERE p.valid_until >= ?2 AND (p.valid_from <= ?2 OR ?3) AND (NOT ?3 OR p.batch_id = ?4)"
        " ORDER BY hits.score DESC, p.promotion_id";
    return sql;
}

const std::string& suggestions_query() {
    static const std::string sql =
        "WITH hits AS MATERIALIZED (" + offer_index().hits() +
        ") SELECT p.product_name, p.brand FROM hits JOIN promotions p ON p.row = hits.row"
        " WHERE p.valid_from <= ?2 AND p.valid_until >= ?2 ORDER BY hits.score DESC, p.product_name LIMIT ?3";
    return sql;
}

/// Scores, row numbers and facets of everything found; the offers themselves only of the wanted page.
struct Found {
    std::int64_t row = 0;
    double score = 0;
};

struct Harvest {
    std::vector<Found> found;
    std::map<std::string, std::int64_t, std::less<>> retailers;
    std::map<std::string, std::int64_t, std::less<>> categories;

    void take(const Search& search, const Row& row) {
        const std::string_view retailer = row.text(2);
        const std::string_view category = row.text(3);
        const bool retailer_fits = search.retailer_id.empty() || search.retailer_id == retailer;
        const bool category_fits = search.category.empty() || search.category == category;
        if (category_fits) ++retailers[std::string(retailer)];
        if (retailer_fits) ++categories[std::string(category)];
        if (retailer_fits && category_fits) found.push_back({row.integer(0), row.real(1)});
    }
};

std::vector<Facet> facets(const std::map<std::string, std::int64_t, std::less<>>& counts) {
    std::vector<Facet> all;
    for (const auto& [key, count] : counts) all.push_back({key, count});
    std::stable_sort(all.begin(), all.end(),
                     [](const Facet& a, const Facet& b) { return a.count > b.count; });
    return all;
}

bool has_word_beginning(std::string_view text, std::string_view beginning) {
    const auto words = store::fold_terms(text);
    return std::any_of(words.begin(), words.end(),
                       [beginning](const std::string& word) { return word.starts_with(beginning); });
}

void add_once(std::vector<std::string>& all, std::string_view text, std::size_t limit) {
    if (text.empty() || all.size() >= limit || std::find(all.begin(), all.end(), text) != all.end()) return;
    all.emplace_back(text);
}

}  // namespace

Result<SearchPage> search(Statements& tables, const Search& search) {
    SearchPage page;
    const std::string expression = store::match_expression(search.words);
    if (expression.empty()) return page;
    Harvest harvest;
    const std::int64_t day = search.on.time_since_epoch().count();
    auto done =
        tables.run(hits_query(), params(expression, day, search.batch.has_value(), search.batch.value_or("")),
                   [&](const Row& row) { harvest.take(search, row); });
    if (!done) return std::move(done).error();
    page.total = static_cast<std::int64_t>(harvest.found.size());
    page.retailers = facets(harvest.retailers);
    page.categories = facets(harvest.categories);

    const std::size_t begin = std::min(static_cast<std::size_t>(search.from), harvest.found.size());
    const std::size_t end = std::min(begin + static_cast<std::size_t>(search.size), harvest.found.size());
    for (std::size_t at = begin; at < end; ++at) {
        auto promotion = find_by_row(tables, harvest.found[at].row);
        if (!promotion) return std::move(promotion).error();
        // It may have been deleted since.
        if (*promotion) page.items.push_back({std::move(**promotion), harvest.found[at].score});
    }
    return page;
}

Result<std::vector<std::string>> suggest(Statements& tables, std::string_view typed, Day on,
                                         std::size_t limit) {
    std::vector<std::string> suggestions;
    const std::string words = store::completion_expression(typed);
    if (words.empty()) return suggestions;
    const std::string expression = "{name brand} : (" + words + ")";
    const std::string beginning = store::fold_terms(typed).back();
    const std::int64_t day = on.time_since_epoch().count();
    auto done =
        tables.run(suggestions_query(), params(expression, day, kMaxSuggestionRows), [&](const Row& row) {
            // A brand is suggested only where it is what was typed, a product always.
            if (has_word_beginning(row.text(1), beginning)) add_once(suggestions, row.text(1), limit);
            add_once(suggestions, row.text(0), limit);
        });
    if (!done) return std::move(done).error();
    return suggestions;
}

}  // namespace loadgen::services::grocery::elastic
