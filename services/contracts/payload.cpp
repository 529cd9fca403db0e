#include "services/contracts/payload.hpp"

namespace loadgen::services::contracts {
namespace {

constexpr text::JsonLimits kLimits{.max_bytes = 256 * 1024, .max_depth = 16};

/// A thread's last document, for the parser's memory. One: handlers read one event at a time.
std::unique_ptr<text::JsonDocument>& kept_document() {
    thread_local std::unique_ptr<text::JsonDocument> document;
    return document;
}

std::unique_ptr<text::JsonDocument> take_document() {
    auto document = std::move(kept_document());
    return document ? std::move(document) : std::make_unique<text::JsonDocument>(kLimits);
}

}  // namespace

Payload::~Payload() {
    if (document_) kept_document() = std::move(document_);
}

Payload::Payload(std::string_view data) : document_(take_document()) {
    auto root = document_->parse(data);
    if (!root) {
        error_ = with_context("event data: ", std::move(root).error());
    } else if (root->kind() != text::JsonKind::kObject) {
        error_ = Error{ErrorCode::kSyntax, "event data: must be an object"};
    } else {
        object_ = *root;
    }
}

Payload::Payload(std::optional<text::JsonValue> object) : object_(object) {
    if (!object_) error_ = Error{ErrorCode::kSyntax, "event data: an element must be an object"};
}

std::optional<text::JsonValue> Payload::find(std::string_view name) const {
    auto value = object_ ? object_->find(name) : std::nullopt;
    if (value && value->is_null()) return std::nullopt;
    return value;
}

void Payload::refuse(std::string_view name, std::string_view wanted) {
    if (error_) return;
    error_ =
        Error{ErrorCode::kSyntax, "event data: \"" + std::string(name) + "\" must be " + std::string(wanted)};
}

std::string Payload::text(std::string_view name) {
    auto value = optional_text(name);
    if (!value || value->empty()) refuse(name, "a non-empty text");
    return value.value_or(std::string());
}

std::optional<std::string> Payload::optional_text(std::string_view name) {
    const auto value = find(name);
    if (!value) return std::nullopt;
    const auto content = value->as_string();
    if (!content) refuse(name, "a text");
    return content ? std::optional<std::string>(*content) : std::nullopt;
}

double Payload::number(std::string_view name) {
    const auto value = optional_number(name);
    if (!value) refuse(name, "a number");
    return value.value_or(0);
}

std::optional<double> Payload::optional_number(std::string_view name) {
    const auto value = find(name);
    if (!value) return std::nullopt;
    const auto number = value->as_double();
    if (!number) refuse(name, "a number");
    return number;
}

std::int64_t Payload::integer(std::string_view name) {
    const auto value = find(name);
    const auto number = value ? value->as_int() : std::nullopt;
    if (!number) refuse(name, "an integer");
    return number.value_or(0);
}

std::vector<std::string> Payload::texts(std::string_view name) {
    std::vector<std::string> all;
    const auto value = find(name);
    if (!value || value->kind() != text::JsonKind::kArray) {
        refuse(name, "an array of texts");
        return all;
    }
    value->for_each_element([&](text::JsonValue element) {
        if (const auto content = element.as_string()) {
            all.emplace_back(*content);
        } else {
            refuse(name, "an array of texts");
        }
        return true;
    });
    return all;
}

std::vector<Payload> Payload::objects(std::string_view name) {
    std::vector<Payload> all;
    const auto value = find(name);
    if (!value || value->kind() != text::JsonKind::kArray) {
        refuse(name, "an array of objects");
        return all;
    }
    value->for_each_element([&](text::JsonValue element) {
        const bool object = element.kind() == text::JsonKind::kObject;
        all.push_back(Payload(object ? std::optional<text::JsonValue>(element) : std::nullopt));
        return true;
    });
    return all;
}

}  // namespace loadgen::services::contracts
