// From a phrase to what the full-text index is asked.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::services::search {

/// The FTS5 expression for texts that hold any word of `phrase`, by its stem, or a word that begins with it:
/// people ask in sentences, and most of their words name no product. Words that are in every question and in
/// few names are left out, unless there is no other. Well-formed whatever `phrase` holds: words are letters
/// and digits, and stand in quotes. Empty when there is no word in it.
std::string any_word_expression(std::string_view phrase);

}  // namespace loadgen::services::search
