// Reads JSON (RFC 8259) into a read-only tree. Backed by simdjson, which stays out of this header.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::text {

enum class JsonKind { kNull, kBool, kNumber, kString, kArray, kObject };

/// "null", "a boolean", "a number", "a string", "an array", "an object": for messages.
std::string_view json_kind_name(JsonKind kind);

/// One value of a document. Two words, to be passed by value; dies with the document's next parse.
class JsonValue {
  public:
    JsonKind kind() const;
    bool is_null() const { return kind() == JsonKind::kNull; }

    /// The value, or none when it is of another kind (or, for the integers, does not fit).
    std::optional<bool> as_bool() const;
    std::optional<std::int64_t> as_int() const;
    std::optional<std::uint64_t> as_uint() const;
    std::optional<double> as_double() const;
    std::optional<std::string_view> as_string() const;

    /// Members or elements; 0 for other kinds.
    std::size_t size() const;
    /// The first member with this name, or none (also when this is no object).
    std::optional<JsonValue> find(std::string_view name) const;
    /// The element at a place, or none. Walks from the start: use for_each_element for all of them.
    std::optional<JsonValue> at(std::size_t index) const;

    /// Calls use(name, value) for each member in order of the text; nothing when this is no object. Stops
    /// when `use` returns false.
    template <typename Use>
    void for_each_member(Use&& use) const {
        visit_members(&use, [](void* context, std::string_view name, JsonValue value) {
            return (*static_cast<std::remove_reference_t<Use>*>(context))(name, value);
        });
    }

    /// The same for the elements of an array: use(value).
    template <typename Use>
    void for_each_element(Use&& use) const {
        visit_elements(&use, [](void* context, JsonValue value) {
            return (*static_cast<std::remove_reference_t<Use>*>(context))(value);
        });
    }

  private:
    friend class JsonDocument;
    struct Access;
    JsonValue() = default;

    void visit_members(void* context, bool (*use)(void*, std::string_view, JsonValue)) const;
    void visit_elements(void* context, bool (*use)(void*, JsonValue)) const;

    std::array<std::uint64_t, 2> handle_{};
};

struct JsonLimits {
    std::size_t max_bytes = 64U << 20U;
    std::size_t max_depth = 64;
};

/// Owns the memory of one parsed text and reuses it for the next. Not thread-safe: one a thread.
class JsonDocument {
  public:
    explicit JsonDocument(JsonLimits limits = {});
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;
    ~JsonDocument();

    /// The root of `json`, which need not outlive the call. The error names line and column, what was found
    /// and what is allowed.
    Result<JsonValue> parse(std::string_view json);

  private:
    struct Parser;
    JsonLimits limits_;
    std::unique_ptr<Parser> parser_;
};

}  // namespace loadgen::text
