#include "services/store/full_text_terms.hpp"

#include <array>
#include <utility>

#include "common/text/utf8.hpp"

namespace loadgen::services::store {
namespace {

constexpr char32_t kFirstAccented = 0xC0;
constexpr char32_t kLastAccented = 0x17F;
/// Base letters of U+00C0 to U+017F (Latin-1 Supplement, Latin Extended-A). '*': two letters, see below; ' ':
/// none.
constexpr std::string_view kBaseLetters =
    "aaaaaa*ceeeeiiiidnooooo ouuuuy**aaaaaa*ceeeeiiiidnooooo ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kBaseLetters.size() == kLastAccented - kFirstAccented + 1);
constexpr std::array<std::pair<char32_t, std::string_view>, 9> kLigatures = {{{0xC6, "ae"},
                                                                              {0xDE, "th"},
                                                                              {0xDF, "ss"},
                                                                              {0xE6, "ae"},
                                                                              {0xFE, "th"},
                                                                              {0x132, "ij"},
                                                                              {0x133, "ij"},
                                                                              {0x152, "oe"},
                                                                              {0x153, "oe"}}};

/// The character of one valid sequence (RFC 3629 section 3).
char32_t decode(std::string_view sequence) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(sequence[at]); };
    if (sequence.size() == 1) return byte(0);
    char32_t code = byte(0) & (0x7FU >> sequence.size());
    for (std::size_t at = 1; at < sequence.size(); ++at) code = (code << 6U) | (byte(at) & 0x3FU);
    return code;
}

/// Characters inside a word that leave no trace: apostrophes, combining accents.
bool vanishes(char32_t code) {
    return code == U'\'' || code == 0x2018 || code == 0x2019 || (code >= 0x300 && code <= 0x36F);
}

/// Punctuation, symbols and spaces above ASCII that turn up in texts. Not all that Unicode has: what is
/// missing here only makes a word that finds little.
bool separates(char32_t code) {
    return (code >= 0x80 && code < kFirstAccented) || (code >= 0x2000 && code <= 0x2BFF) ||
           (code >= 0x3000 && code <= 0x303F) || (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF ||
           code >= 0x1F000;
}

std::string_view two_letters(char32_t code) {
    for (const auto& [ligature, letters] : kLigatures) {
        if (ligature == code) return letters;
    }
    return {};
}

/// Appends the folded form of one character; false when it ends a word.
bool fold_ascii(char letter, std::string& word) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    const bool part = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (part) word += letter;
    return part;
}

bool fold(std::string_view sequence, std::string& word) {
    const char32_t code = decode(sequence);
    if (vanishes(code)) return true;
    if (code < 0x80) return fold_ascii(static_cast<char>(code), word);
    if (separates(code)) return false;
    if (code > kLastAccented) {
        word += sequence;
        return true;
    }
    const char base = kBaseLetters[code - kFirstAccented];
    if (base == ' ') return false;
    if (base == '*') {
        word += two_letters(code);
    } else {
        word += base;
    }
    return true;
}

// Folded words hold neither quotes nor NUL, so quoting is all that the expression's grammar asks for.
std::string quoted(std::string_view word) {
    return std::string("\"").append(word).append("\"");
}

std::vector<std::string> query_terms(std::string_view query) {
    return fold_terms(query.substr(0, kMaxQueryBytes), kMaxQueryTerms);
}

}  // namespace

std::vector<std::string> fold_terms(std::string_view text, std::size_t max_terms) {
    std::vector<std::string> terms;
    std::string term;
    const auto finish = [&] {
        if (!term.empty()) terms.push_back(std::move(term));
        term.clear();
    };
    std::string folded;
    while (!text.empty() && terms.size() < max_terms) {
        const std::size_t length = text::utf8_sequence_length(text);
        folded.clear();
        const bool part = length > 0 && fold(text.substr(0, length), folded);
        if (!part) {
            finish();
        } else if (term.size() + folded.size() <= kMaxTermBytes) {
            term += folded;
        }
        text.remove_prefix(length > 0 ? length : 1);
    }
    if (terms.size() < max_terms) finish();
    return terms;
}

std::string index_text(std::string_view text) {
    std::string indexed;
    for (const std::string& term : fold_terms(text)) {
        if (!indexed.empty()) indexed += ' ';
        indexed += term;
        const std::string stem = stem_term(term);
        if (stem != term) indexed.append(" ").append(stem);
    }
    return indexed;
}

std::string match_expression(std::string_view query) {
    const auto terms = query_terms(query);
    std::string expression;
    for (std::size_t at = 0; at < terms.size(); ++at) {
        if (at > 0) expression += " AND ";
        const std::string stem = quoted(stem_term(terms[at]));
        const bool last = at + 1 == terms.size();
        expression += last ? "(" + stem + " OR " + quoted(terms[at]) + "*)" : stem;
    }
    return expression;
}

std::string completion_expression(std::string_view typed) {
    std::string expression;
    for (const std::string& term : query_terms(typed)) {
        if (!expression.empty()) expression += " AND ";
        expression += quoted(term);
    }
    if (!expression.empty()) expression += "*";
    return expression;
}

}  // namespace loadgen::services::store
