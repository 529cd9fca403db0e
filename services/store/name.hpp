// Names of tables and columns that SQL is built from.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::services::store {

/// A letter, then letters, digits and underscores, 63 characters at most; not one of the engine's own.
constexpr bool is_name(std::string_view text) {
    if (text.empty() || text.size() > 63 || text.starts_with("sqlite_")) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool inner = (c >= '0' && c <= '9') || c == '_';
        if (!letter && !(at > 0 && inner)) return false;
    }
    return true;
}

/// A name that stands in the source code: the compiler checks it, and what comes from outside cannot become
/// one.
class Name {
  public:
    // Implicit, so that tables read as lists of names. The throw never runs: it makes a bad name an error of
    // the compiler's.
    consteval Name(const char* text) : text_(text) {  // NOLINT(google-explicit-constructor)
        if (!is_name(text_)) throw "not a name of a table or column";
    }
    constexpr std::string_view text() const { return text_; }
    /// As SQL wants it, so that words of the language are names too.
    std::string quoted() const { return std::string("\"").append(text_).append("\""); }

  private:
    std::string_view text_;
};

}  // namespace loadgen::services::store
