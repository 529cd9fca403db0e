// From what people type to what a full-text index is asked, and from texts to what the index holds. Plain
// functions: search, suggestions and stored search terms agree because all fold here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen::services::store {

inline constexpr std::size_t kMaxTermBytes = 64;       ///< the rest of a longer word is left out
inline constexpr std::size_t kMaxIndexedTerms = 4096;  ///< of one text; the rest is left out
inline constexpr std::size_t kMaxQueryTerms = 16;      ///< the rest of a longer query is left out
inline constexpr std::size_t kMaxQueryBytes = 1024;    ///< the same

/// The words of `text`: lower case, Latin letters without accents ("Crème" is "creme", "ß" is "ss"), split at
/// everything that is neither letter nor digit, except apostrophes and accents of their own, which vanish
/// ("kilo's" is "kilos"). Letters of other scripts stay as they are; the index's tokenizer folds those. Bytes
/// that are not UTF-8 (RFC 3629) separate words.
std::vector<std::string> fold_terms(std::string_view text, std::size_t max_terms = kMaxIndexedTerms);

/// What a folded word shares with its plural, in Dutch and English alike ("kazen" and "kaas", "berries" and
/// "berry"). A key for comparing, not a word. Light rules in the manner of Harman, "How effective is
/// suffixing?" (1991), and of the first steps of Snowball's Dutch stemmer, for every word alike, because
/// nobody says which language a word is.
std::string stem_term(std::string_view term);

/// What the index holds of a text: its words, each followed by its stem where that differs. The word itself
/// stays in so that what somebody has typed of it so far finds it.
std::string index_text(std::string_view text);

/// The FTS5 expression for texts that hold all words of `query`: each by its stem, the last one also as a
/// beginning. Whatever `query` holds, the expression is well-formed and contains no operator of the user's.
/// Empty when there is no word in it.
std::string match_expression(std::string_view query);

/// The same for completing what somebody types: words as they are, the last one as a beginning.
std::string completion_expression(std::string_view typed);

}  // namespace loadgen::services::store
