// Reads the `data` of an event: members by name and kind, the first thing wrong kept.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::services::contracts {

/// One JSON object. Values of members that are missing or of another kind are empty or 0, and `error` tells
/// of the first of them: 'event data: "productId" must be a non-empty text'. Not thread-safe.
class Payload {
  public:
    explicit Payload(std::string_view data);
    ~Payload();
    Payload(Payload&&) noexcept = default;
    Payload& operator=(Payload&&) = delete;

    /// Non-empty.
    std::string text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    double number(std::string_view name);
    std::int64_t integer(std::string_view name);
    std::optional<double> optional_number(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    /// One reader an element; they live no longer than this one. An element that is no object is an error
    /// there.
    std::vector<Payload> objects(std::string_view name);

    bool ok() const { return !error_; }
    Error error() const { return *error_; }

  private:
    explicit Payload(std::optional<text::JsonValue> object);
    std::optional<text::JsonValue> find(std::string_view name) const;
    void refuse(std::string_view name, std::string_view wanted);

    std::unique_ptr<text::JsonDocument> document_;  // of the outermost only
    std::optional<text::JsonValue> object_;
    std::optional<Error> error_;
};

}  // namespace loadgen::services::contracts
