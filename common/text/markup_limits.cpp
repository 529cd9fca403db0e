#include "common/text/markup_limits.hpp"

#include <string>

namespace loadgen::text {
namespace {

/// Counts too many rather than too few: in comments and scripts, too.
std::size_t count_start_tags(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const char next = at + 1 < text.size() ? text[at + 1] : '/';
        if (next != '/' && next != '!' && next != '?') ++count;
    }
    return count;
}

}  // namespace

std::optional<Error> markup_too_large(std::string_view text, const MarkupLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return Error{ErrorCode::kLimit, "found " + std::to_string(text.size()) + " bytes, allowed are " +
                                            std::to_string(limits.max_bytes)};
    }
    const std::size_t elements = count_start_tags(text);
    if (elements <= limits.max_elements) return std::nullopt;
    return Error{ErrorCode::kLimit, "found " + std::to_string(elements) + " start tags, allowed are " +
                                        std::to_string(limits.max_elements)};
}

Error markup_matches_too_much(const MarkupLimits& limits) {
    return {ErrorCode::kLimit, "found matches with more than " + std::to_string(limits.max_text_bytes) +
                                   " bytes of text together"};
}

}  // namespace loadgen::text
