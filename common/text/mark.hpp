// Where something stands in a file, and what is wrong there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace loadgen::text {

/// A place in a text, both counted from 1; 0 = unknown.
struct Mark {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    friend auto operator<=>(const Mark&, const Mark&) = default;
};

enum class Severity : std::uint8_t { kError, kWarning };

/// One finding about a file, for a reader who looks at the file.
struct Finding {
    Severity severity = Severity::kError;
    std::string file;
    Mark mark;
    std::string path;     ///< of keys: "config.phases[0].duration"; may be empty
    std::string message;  ///< what was found and what is allowed
};

/// "load.yml:3:7: config.phases[0].duration: found \"abc\", expected …" (with "warning: " before a warning's
/// message).
std::string to_text(const Finding& finding);

}  // namespace loadgen::text
