// Writes JSON (RFC 8259) to the end of a string. No tree, no allocation beyond the string's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen::text {

/// How strings are escaped. All are valid JSON for the same string; they differ in what is escaped
/// needlessly. Bytes that are not UTF-8 become U+FFFD in each of them.
enum class JsonEscape {
    kPlain,       ///< only what RFC 8259 section 7 demands
    kGo,          ///< as Go's encoding/json: also < > & U+2028 U+2029, as \u00xx
    kGoEasyJson,  ///< as easyjson, which vegeta's results use: as kGo, but without \b and \f
};

/// Appends `text` in quotes.
void append_json_string(std::string& out, std::string_view text, JsonEscape escape = JsonEscape::kPlain);

/// Appends the shortest decimal that reads back as `number`, in Go's form (exponent below 1e-6 and from 1e21,
/// without padding zeros). Infinities and NaN have no JSON form and become null.
void append_json_number(std::string& out, double number);

/// Puts commas and colons where they belong. The caller keeps calls in an order that makes sense: a key
/// before each member of an object, an end for each begin. Not thread-safe; holds a reference to `out`.
class JsonWriter {
  public:
    explicit JsonWriter(std::string& out, JsonEscape escape = JsonEscape::kPlain)
        : out_(out), escape_(escape) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);

    JsonWriter& string(std::string_view text);
    JsonWriter& integer(std::int64_t number);
    JsonWriter& unsigned_integer(std::uint64_t number);
    JsonWriter& number(double number);
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    /// A value that is JSON text already.
    JsonWriter& raw(std::string_view json);
    /// Starts the next document on a line of its own.
    void new_line() {
        out_ += '\n';
        need_comma_ = false;
    }

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string& out_;
    JsonEscape escape_;
    bool need_comma_ = false;
};

}  // namespace loadgen::text
