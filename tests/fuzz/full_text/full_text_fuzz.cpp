// What strangers type into a search box, asked of a real FTS5 table: no text may make an expression that FTS5
// refuses, none may bring an operator of its own, and a document is found by its own words.
#include <sqlite3.h>

#include <cstdint>

#include "common/text/utf8.hpp"
#include "services/store/full_text_terms.hpp"
#include "tests/fuzz/require.hpp"

namespace {

namespace store = loadgen::services::store;

using loadgen::test::require;

sqlite3* open_index() {
    sqlite3* database = nullptr;
    sqlite3_open(":memory:", &database);
    const int rc = sqlite3_exec(database,
                                "CREATE VIRTUAL TABLE t USING fts5(name, brand,"
                                " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
                                nullptr, nullptr, nullptr);
    require(rc == SQLITE_OK, "FTS5 is there");
    return database;
}

/// Runs `sql` with one text; the number of rows, or -1 for an error.
int run(sqlite3* database, const char* sql, std::string_view text) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK,
            "the statement is right");
    sqlite3_bind_text(statement, 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    int rows = 0;
    int rc = sqlite3_step(statement);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(statement)) ++rows;
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE ? rows : -1;
}

/// Outside quotes there is nothing but what the builder puts there: AND, OR before the last beginning,
/// brackets, *.
void check_grammar(std::string_view expression) {
    std::string outside;
    bool inside = false;
    for (const char c : expression) {
        if (c == '"') {
            inside = !inside;
            if (!inside) outside += 'w';
        } else if (!inside) {
            outside += c;
        }
        require(c != '\0', "no NUL");
    }
    require(!inside, "quotes are closed");
    while (outside.starts_with("w AND ")) outside.erase(0, 6);
    require(outside.empty() || outside == "(w OR w*)" || outside == "w*", "no operator of the user's");
}

/// Up to U+017F we know every letter as FTS5 does.
bool is_latin(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = loadgen::text::utf8_sequence_length(text.substr(at));
        if (length > 2 || static_cast<unsigned char>(text[at]) > 0xC5) return false;
        at += length > 0 ? length : 1;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static sqlite3* const database = open_index();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string expression = store::match_expression(text);
    const std::string completion = store::completion_expression(text);
    check_grammar(expression);
    check_grammar(completion);
    require(expression.empty() == completion.empty(), "both see the same words");
    for (const std::string& term : store::fold_terms(text)) {
        require(!term.empty() && term.size() <= store::kMaxTermBytes, "terms have their limit");
        require(store::stem_term(term).size() <= term.size() + 1, "stems are not longer, but for ies");
        require(store::fold_terms(term).size() == 1 && store::fold_terms(term)[0] == term,
                "folding twice is folding");
    }
    if (expression.empty()) return 0;
    require(
        run(database, "INSERT OR REPLACE INTO t (rowid, name) VALUES (1, ?)", store::index_text(text)) == 0,
        "any text can be indexed");
    constexpr const char* kSearch = "SELECT rowid FROM t WHERE t MATCH ?";
    const int found = run(database, kSearch, expression);
    const int completed = run(database, kSearch, completion);
    require(found >= 0 && completed >= 0, "the expression is well-formed");
    if (is_latin(text)) require(found == 1 && completed == 1, "a document is found by its own words");
    return 0;
}
