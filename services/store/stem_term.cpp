// The stemmer of full_text_terms.hpp.
#include <algorithm>

#include "services/store/full_text_terms.hpp"

namespace loadgen::services::store {
namespace {

bool is_vowel(char letter) {
    return std::string_view("aeiouy").find(letter) != std::string_view::npos;
}

/// Words of other scripts, numbers and abbreviations without a vowel have no endings that these rules know.
bool has_endings(std::string_view term) {
    const auto is_letter = [](char letter) { return letter >= 'a' && letter <= 'z'; };
    return term.size() >= 3 && std::all_of(term.begin(), term.end(), is_letter) &&
           std::any_of(term.begin(), term.end(), is_vowel);
}

/// The letter `back` places before the end; 1 is the last.
char from_end(std::string_view word, std::size_t back) {
    return back <= word.size() ? word[word.size() - back] : '\0';
}

void cut(std::string& word, std::size_t letters) {
    word.resize(word.size() - letters);
}

/// Dutch diminutives: koekje, tomaatje, appeltje.
void strip_diminutive(std::string& word) {
    if (word.size() < 6 || !word.ends_with("je")) return;
    const char before = from_end(word, 3);
    const bool extra_t =
        before == 't' && std::string_view("lnrw").find(from_end(word, 4)) != std::string_view::npos;
    if (extra_t) {
        cut(word, 3);
    } else if (!is_vowel(before)) {
        cut(word, 2);
    }
}

void strip_plural_s(std::string& word) {
    if (word.size() < 4 || !word.ends_with('s')) return;
    const char before = from_end(word, 2);
    const bool long_word = word.size() >= 5;
    if (long_word && word.ends_with("ies")) {
        cut(word, 3);
        word += 'y';
    } else if (word.ends_with("oes") || word.ends_with("xes") || word.ends_with("ches") ||
               word.ends_with("shes")) {
        if (long_word) cut(word, 2);
    } else if (before == 'e' || before == 'a' || before == 'o') {
        // Not vlees, kaas, roos, where the vowel is doubled; fles is too short to be a plural.
        if (long_word && !is_vowel(from_end(word, 3))) cut(word, 1);
    } else if (!is_vowel(before) && before != 's' && before != 'j') {
        cut(word, 1);
    }
}

/// kaars-kaarsen, vers-verse, horse-horses: an s that an ending has uncovered looks like a plural's, so it
/// goes in all of them.
void strip_uncovered_s(std::string& word) {
    const char before = from_end(word, 2);
    if (word.size() >= 4 && word.ends_with('s') && !is_vowel(before) && before != 'j') cut(word, 1);
}

/// flessen, kazen, druiven: after a consonant only.
void strip_plural_en(std::string& word) {
    if (word.size() >= 5 && word.ends_with("en") && !is_vowel(from_end(word, 3))) cut(word, 2);
}

/// Spelling that changes with an ending: fles-flessen, druif-druiven, kaas-kazen, berry-berries.
void level_last_letters(std::string& word) {
    if (word.size() >= 4 && word.ends_with('e') && !is_vowel(from_end(word, 2))) cut(word, 1);
    if (word.size() >= 3 && !is_vowel(from_end(word, 1)) && from_end(word, 1) == from_end(word, 2))
        cut(word, 1);
    if (word.ends_with('v')) word.back() = 'f';
    if (word.ends_with('z')) word.back() = 's';
    if (word.size() >= 4 && word.ends_with('y')) word.back() = 'i';
    if (word.size() >= 4 && word.ends_with("ie")) cut(word, 1);
}

/// Long vowels are written once before an ending and twice without one: rode-rood, peren-peer.
void level_long_vowel(std::string& word) {
    const char vowel = from_end(word, 2);
    const bool doubled =
        std::string_view("aeou").find(vowel) != std::string_view::npos && vowel == from_end(word, 3);
    if (word.size() >= 4 && doubled && !is_vowel(from_end(word, 1))) word.erase(word.size() - 2, 1);
}

}  // namespace

std::string stem_term(std::string_view term) {
    std::string stem(term);
    if (!has_endings(term)) return stem;
    if (stem.ends_with("jes")) cut(stem, 1);
    strip_diminutive(stem);
    strip_plural_s(stem);
    strip_plural_en(stem);
    level_last_letters(stem);
    strip_uncovered_s(stem);
    level_long_vowel(stem);
    return stem;
}

}  // namespace loadgen::services::store
