#include "services/grocery/shared/domain/favourite_term.hpp"

#include "services/store/full_text_terms.hpp"

namespace loadgen::services::grocery {

std::string fold_term(std::string_view text) {
    std::string term;
    for (const std::string& word : store::fold_terms(text, store::kMaxQueryTerms)) {
        if (!term.empty()) term += ' ';
        term += word;
    }
    return term;
}

}  // namespace loadgen::services::grocery
