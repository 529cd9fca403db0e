#include "services/store/full_text.hpp"

#include <array>
#include <charconv>

#include "services/store/query.hpp"

namespace loadgen::services::store {
namespace {

/// Always with a point, whatever the process's locale.
std::string number_text(double number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), end.ptr};
}

}  // namespace

FullTextIndex::FullTextIndex(Name table, const std::vector<FullTextField>& fields) : fields_(fields.size()) {
    const std::string name = table.quoted();
    std::string columns;
    std::string places;
    std::string weights;
    for (const FullTextField& field : fields) {
        columns.append(columns.empty() ? "" : ", ").append(field.name.quoted());
        places += ", ?";
        weights.append(", ").append(number_text(field.weight));
    }
    schema_ = "CREATE VIRTUAL TABLE " + name + " USING fts5(" + columns +
              ", tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');";
    hits_ = "SELECT rowid AS row, -bm25(" + name + weights + ") AS score FROM " + name + " WHERE " + name +
            " MATCH ?1";
    put_ = "INSERT OR REPLACE INTO " + name + " (rowid, " + columns + ") VALUES (?" + places + ")";
    remove_ = "DELETE FROM " + name + " WHERE rowid = ?";
    search_ = hits_ + " ORDER BY score DESC, row LIMIT ?2 OFFSET ?3";
}

Result<void> FullTextIndex::put(Statements& tables, std::int64_t row,
                                std::span<const std::string_view> texts) const {
    if (texts.size() != fields_) {
        return Error{ErrorCode::kInternal, "store: a document has " + std::to_string(texts.size()) +
                                               " texts, its index has " + std::to_string(fields_) +
                                               " fields"};
    }
    std::vector<std::string> folded;
    folded.reserve(texts.size());
    for (const std::string_view text : texts) folded.push_back(index_text(text));
    std::vector<Parameter> parameters = {row};
    for (const std::string& text : folded) parameters.push_back(parameter(text));
    return tables.run(put_, parameters);
}

Result<void> FullTextIndex::remove(Statements& tables, std::int64_t row) const {
    return tables.run(remove_, params(row));
}

Result<std::vector<FullTextHit>> FullTextIndex::search(Statements& tables, std::string_view query,
                                                       std::int64_t limit, std::int64_t offset) const {
    const std::string expression = match_expression(query);
    if (expression.empty()) return std::vector<FullTextHit>{};
    return find_all(tables, search_, params(expression, limit, offset), [](const Row& row) {
        return FullTextHit{row.integer(0), row.real(1)};
    });
}

}  // namespace loadgen::services::store
