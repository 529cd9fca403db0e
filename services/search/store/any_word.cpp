#include "services/search/store/any_word.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "services/store/full_text_terms.hpp"

namespace loadgen::services::search {
namespace {

constexpr std::array<std::string_view, 52> kCommonWords = {
    "a",       "about", "all",   "an",        "and",   "any", "anything", "are",      "at",
    "be",      "best",  "by",    "can",       "could", "do",  "does",     "find",     "for",
    "from",    "get",   "give",  "have",      "i",     "in",  "is",       "it",       "like",
    "looking", "me",    "my",    "of",        "on",    "or",  "please",   "products", "recommend",
    "sell",    "show",  "some",  "something", "that",  "the", "there",    "to",       "want",
    "we",      "what",  "which", "with",      "would", "you", "your"};
static_assert(std::ranges::is_sorted(kCommonWords), "is_common searches by halves");

/// Shorter ones begin too many words.
constexpr std::size_t kMinPrefix = 3;

bool is_common(std::string_view word) {
    return std::ranges::binary_search(kCommonWords, word);
}

std::string quoted(std::string_view word) {
    return std::string("\"").append(word).append("\"");
}

}  // namespace

std::string any_word_expression(std::string_view phrase) {
    const auto words = store::fold_terms(phrase.substr(0, store::kMaxQueryBytes), store::kMaxQueryTerms * 4);
    const bool only_common = std::ranges::all_of(words, is_common);
    std::string expression;
    std::size_t taken = 0;
    for (const std::string& word : words) {
        if (is_common(word) && !only_common) continue;
        if (taken++ == store::kMaxQueryTerms) break;
        if (!expression.empty()) expression += " OR ";
        expression += quoted(store::stem_term(word));
        if (word.size() >= kMinPrefix) expression += " OR " + quoted(word) + "*";
    }
    return expression;
}

}  // namespace loadgen::services::search
