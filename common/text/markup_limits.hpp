// What an HTML or XML document of a stranger may cost.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "common/base/error.hpp"

namespace loadgen::text {

struct MarkupLimits {
    std::size_t max_bytes = 4U << 20U;
    /// Start tags: hostile nesting costs the square of their number.
    std::size_t max_elements = 10'000;
    std::size_t max_matches = 10'000;
    std::size_t max_memory_bytes = 64U << 20U;  ///< of the tree of an HTML document
    std::size_t max_text_bytes = 16U << 20U;    ///< of all matches together
};

/// What is wrong with the size of a document, before it is parsed.
std::optional<Error> markup_too_large(std::string_view text, const MarkupLimits& limits);
Error markup_matches_too_much(const MarkupLimits& limits);

}  // namespace loadgen::text
