// The form in which favourites and searched words are kept and compared.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::services::grocery {

/// The words of `text`, folded as search folds them ("Crème Fraîche!" is "creme fraiche"), with one space
/// between. Empty when it has none.
std::string fold_term(std::string_view text);

}  // namespace loadgen::services::grocery
