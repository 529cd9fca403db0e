#include "services/birthday/domain/username.hpp"

#include <algorithm>

namespace loadgen::services::birthday {
namespace {

// Not std::isalpha: the rule must not change with the process's locale.
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Result<std::string> parse_username(std::string_view text) {
    const bool long_enough = text.size() >= kMinUsernameLetters && text.size() <= kMaxUsernameLetters;
    if (!long_enough || !std::all_of(text.begin(), text.end(), is_letter)) {
        return Error{ErrorCode::kUsage, "username must be 2 to 12 letters (a to z)"};
    }
    std::string name(text);
    std::transform(name.begin(), name.end(), name.begin(), to_lower);
    return name;
}

}  // namespace loadgen::services::birthday
