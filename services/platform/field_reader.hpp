// Reads the members of a JSON object into typed values and collects everything that is wrong with them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/json_reader.hpp"
#include "services/platform/problem.hpp"

namespace loadgen::services::platform {

/// Length in characters (not bytes). Control characters are refused, except line ends and tabs where asked
/// for.
struct TextRule {
    std::size_t min = 1;
    std::size_t max = 1000;
    bool lines = false;
};
/// Finite always. `above`: the bound itself is not allowed.
struct NumberRule {
    double min = -std::numeric_limits<double>::max();
    double max = std::numeric_limits<double>::max();
    bool above_min = false;
};
struct IntegerRule {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
};
struct ListRule {
    std::size_t min = 0;
    std::size_t max = 1000;
};

/// None when `text` keeps the rule, else what it must be ("must have 1 to 100 characters").
std::optional<std::string> check_text(std::string_view text, const TextRule& rule);
std::optional<std::string> check_integer(std::optional<std::int64_t> number, const IntegerRule& rule);
std::optional<std::string> check_count(std::size_t count, const ListRule& rule);

/// One object. Borrows its document and its list of problems. A member that is missing or null is a problem
/// in the plain readers and none in the optional_ ones; a member of another kind or against its rule is
/// always one, and the value is then empty, 0 or false. Members that nobody asks for are ignored.
class FieldReader {
  public:
    FieldReader(std::optional<text::JsonValue> object, std::string path, Problems& problems)
        : object_(object), path_(std::move(path)), problems_(problems) {}

    bool has(std::string_view name) const { return find(name).has_value(); }

    std::string string(std::string_view name, const TextRule& rule = {});
    double number(std::string_view name, const NumberRule& rule = {});
    std::int64_t integer(std::string_view name, const IntegerRule& rule = {});
    bool boolean(std::string_view name);
    std::vector<std::string> strings(std::string_view name, const ListRule& rule = {},
                                     const TextRule& each = {});

    std::optional<std::string> optional_string(std::string_view name, const TextRule& rule = {});
    std::optional<double> optional_number(std::string_view name, const NumberRule& rule = {});
    std::optional<std::int64_t> optional_integer(std::string_view name, const IntegerRule& rule = {});
    std::optional<bool> optional_boolean(std::string_view name);

    /// A reader of the member's object; of nothing (every plain read is a problem) when it is missing.
    FieldReader object(std::string_view name);
    std::optional<FieldReader> optional_object(std::string_view name);
    /// One reader an element, in order; none when the list or an element is not as it must be.
    std::vector<FieldReader> objects(std::string_view name, const ListRule& rule = {});

    /// For rules that no reader knows: what `name` must be.
    void refuse(std::string_view name, std::string message);

  private:
    std::optional<text::JsonValue> find(std::string_view name) const;  // none for null too
    std::optional<text::JsonValue> require(std::string_view name);
    std::optional<text::JsonValue> list(std::string_view name, const ListRule& rule);

    std::optional<text::JsonValue> object_;
    std::string path_;  // of the object, with its dot
    Problems& problems_;
};

}  // namespace loadgen::services::platform
