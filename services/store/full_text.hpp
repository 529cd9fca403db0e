// Full-text search in the store's own file, changed in the same transactions as the rows it points to:
// SQLite's FTS5, ranked by BM25 with a weight for each field (https://www.sqlite.org/fts5.html).
//
// The index holds folded words and their stems (full_text_terms.hpp), not the texts, and is a table of its
// own: contentless tables of SQLite 3.40 cannot delete without the exact old words, and words folded by an
// earlier program are not those of this one. The porter stemmer of FTS5 is not used: it knows no Dutch, and
// it cuts words that people have typed only half ("universit" then finds no "university").
#pragma once

#include <span>
#include <string>
#include <vector>

#include "services/store/full_text_terms.hpp"
#include "services/store/name.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::store {

struct FullTextField {
    Name name;
    double weight = 1;  ///< how much more a hit in this field counts
};

struct FullTextHit {
    std::int64_t row = 0;  ///< what the document was put under: the rowid of the row that it describes
    double score = 0;      ///< greater is better; comparable within one answer only
};

/// One index. Holds SQL only, so one constant serves all threads.
class FullTextIndex {
  public:
    FullTextIndex(Name table, const std::vector<FullTextField>& fields);

    /// The migration that creates it.
    const std::string& schema() const { return schema_; }
    /// For joins: a query with the columns `row` and `score`, in no order, whose parameter ?1 is a
    /// match_expression. To be used in a WITH clause, AS MATERIALIZED: bm25() is not available in a join.
    const std::string& hits() const { return hits_; }

    // Errors are the store's. `put` and `remove` belong into the transaction that changes the row.

    /// Adds the document of a row, or replaces it. One text a field, in the order of the fields.
    Result<void> put(Statements& tables, std::int64_t row, std::span<const std::string_view> texts) const;
    Result<void> remove(Statements& tables, std::int64_t row) const;

    /// Documents that hold every word of what somebody typed, best first; equal ones by row. None for a query
    /// without words.
    Result<std::vector<FullTextHit>> search(Statements& tables, std::string_view query, std::int64_t limit,
                                            std::int64_t offset = 0) const;

  private:
    std::size_t fields_;
    std::string schema_;
    std::string hits_;
    std::string put_;
    std::string remove_;
    std::string search_;
};

}  // namespace loadgen::services::store
