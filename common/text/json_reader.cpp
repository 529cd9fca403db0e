#include "common/text/json_reader.hpp"

#include <simdjson.h>

#include <bit>
#include <string>

#include "common/text/detail/json/json_locate.hpp"

namespace loadgen::text {

namespace dom = simdjson::dom;

/// The two words of a JsonValue are simdjson's element: a document pointer and an index on its tape.
struct JsonValue::Access {
    using Words = std::array<std::uint64_t, 2>;
    static_assert(sizeof(dom::element) == sizeof(Words) && std::is_trivially_copyable_v<dom::element>);

    static dom::element element(const JsonValue& value) { return std::bit_cast<dom::element>(value.handle_); }
    static JsonValue value(dom::element element) {
        JsonValue value;
        value.handle_ = std::bit_cast<Words>(element);
        return value;
    }
    template <typename T>
    static std::optional<T> get(const JsonValue& value) {
        T result{};
        if (element(value).get(result) != simdjson::SUCCESS) return std::nullopt;
        return result;
    }
};

std::string_view json_kind_name(JsonKind kind) {
    static constexpr std::array<std::string_view, 6> kNames{"null",     "a boolean", "a number",
                                                            "a string", "an array",  "an object"};
    return kNames[static_cast<std::size_t>(kind)];
}

JsonKind JsonValue::kind() const {
    switch (Access::element(*this).type()) {
        case dom::element_type::ARRAY:
            return JsonKind::kArray;
        case dom::element_type::OBJECT:
            return JsonKind::kObject;
        case dom::element_type::STRING:
            return JsonKind::kString;
        case dom::element_type::BOOL:
            return JsonKind::kBool;
        case dom::element_type::NULL_VALUE:
            return JsonKind::kNull;
        default:
            return JsonKind::kNumber;
    }
}

std::optional<bool> JsonValue::as_bool() const {
    return Access::get<bool>(*this);
}
std::optional<std::int64_t> JsonValue::as_int() const {
    return Access::get<std::int64_t>(*this);
}
std::optional<std::uint64_t> JsonValue::as_uint() const {
    return Access::get<std::uint64_t>(*this);
}
std::optional<double> JsonValue::as_double() const {
    return Access::get<double>(*this);
}
std::optional<std::string_view> JsonValue::as_string() const {
    return Access::get<std::string_view>(*this);
}

std::size_t JsonValue::size() const {
    if (const auto array = Access::get<dom::array>(*this)) return array->size();
    if (const auto object = Access::get<dom::object>(*this)) return object->size();
    return 0;
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
    const auto object = Access::get<dom::object>(*this);
    dom::element element;
    if (!object || object->at_key(name).get(element) != simdjson::SUCCESS) return std::nullopt;
    return Access::value(element);
}

std::optional<JsonValue> JsonValue::at(std::size_t index) const {
    const auto array = Access::get<dom::array>(*this);
    dom::element element;
    if (!array || array->at(index).get(element) != simdjson::SUCCESS) return std::nullopt;
    return Access::value(element);
}

void JsonValue::visit_members(void* context, bool (*use)(void*, std::string_view, JsonValue)) const {
    const auto object = Access::get<dom::object>(*this);
    if (!object) return;
    for (const auto field : *object) {
        if (!use(context, field.key, Access::value(field.value))) return;
    }
}

void JsonValue::visit_elements(void* context, bool (*use)(void*, JsonValue)) const {
    const auto array = Access::get<dom::array>(*this);
    if (!array) return;
    for (const auto element : *array) {
        if (!use(context, Access::value(element))) return;
    }
}

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// simdjson refuses integers beyond 64 bits, which are valid JSON and a double to everybody else: they get an
/// exponent. Expects valid JSON.
std::string with_wide_integers(std::string_view json) {
    constexpr std::size_t kDigitsThatFit = 18;
    std::string out;
    for (std::size_t at = 0; at < json.size();) {
        std::size_t end = at + 1;
        if (json[at] == '"') {
            while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
            out += json.substr(at, ++end - at);
        } else if (is_digit(json[at])) {
            end = std::min(json.find_first_not_of("0123456789", at), json.size());
            const bool is_whole =
                end == json.size() || std::string_view(".eE").find(json[end]) == std::string_view::npos;
            const bool is_part =
                at > 0 && std::string_view(".eE+").find(json[at - 1]) != std::string_view::npos;
            const bool is_exponent =
                at > 1 && json[at - 1] == '-' && (json[at - 2] == 'e' || json[at - 2] == 'E');
            out += json.substr(at, end - at);
            if (is_whole && !is_part && !is_exponent && end - at > kDigitsThatFit) out += "e0";
        } else {
            out += json[at];
        }
        at = end;
    }
    return out;
}

}  // namespace

struct JsonDocument::Parser {
    dom::parser parser;
};

JsonDocument::JsonDocument(JsonLimits limits) : limits_(limits), parser_(std::make_unique<Parser>()) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonValue> JsonDocument::parse(std::string_view json) {
    if (json.size() > limits_.max_bytes) {
        return Error{ErrorCode::kLimit, "found " + std::to_string(json.size()) +
                                            " bytes of JSON, allowed are " +
                                            std::to_string(limits_.max_bytes)};
    }
    dom::parser& parser = parser_->parser;
    if (json.size() > parser.capacity() || parser.max_depth() != limits_.max_depth) {
        const std::size_t capacity = std::max(json.size(), std::size_t{1024});
        if (parser.allocate(std::bit_ceil(capacity), limits_.max_depth) != simdjson::SUCCESS) {
            return Error{ErrorCode::kLimit,
                         "no memory for " + std::to_string(json.size()) + " bytes of JSON"};
        }
    }
    dom::element root;
    simdjson::error_code failure = parser.parse(json.data(), json.size()).get(root);
    if (failure == simdjson::SUCCESS) return JsonValue::Access::value(root);
    std::string fault = locate_json_fault(json, limits_.max_depth);
    if (fault.empty() && failure == simdjson::NUMBER_ERROR) {
        const std::string widened = with_wide_integers(json);
        failure = parser.parse(widened).get(root);
        if (failure == simdjson::SUCCESS) return JsonValue::Access::value(root);
    }
    if (fault.empty()) fault = "found a number that no double can hold";
    return Error{failure == simdjson::DEPTH_ERROR ? ErrorCode::kLimit : ErrorCode::kSyntax, std::move(fault)};
}

}  // namespace loadgen::text
