// The body of one answer as captures and expectations look at it: decoded once, parsed once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/text/json_reader.hpp"
#include "loadgen/steps/host.hpp"

namespace loadgen::steps {

/// Parsers of a thread, reused from answer to answer.
struct BodyTools {
    text::JsonDocument document{{.max_bytes = 64U << 20U, .max_depth = 200}};
    std::string decoded;
};

/// Lives while an answer is handled. Holds views into the answer.
class AnswerBody {
  public:
    AnswerBody(const Answer& answer, BodyTools& tools);
    /// Of a message without fields: a WebSocket's, an event's.
    AnswerBody(std::string_view text, BodyTools& tools);

    /// The bytes with content codings undone. When they cannot be (`fault()` says why) it is empty.
    std::string_view text() const { return text_; }
    const std::string& fault() const { return fault_; }
    /// The value of a field, "" when there is none. Several fields of a name are joined with ", ".
    std::string header(std::string_view name) const;
    std::uint16_t status() const { return status_; }
    /// The parsed body, or none when it is not JSON.
    std::optional<text::JsonValue> json();
    /// Content-Type says JSON (application/json, problem+json, ld+json).
    bool claims_json() const;

  private:
    void decode(BodyTools& tools);

    const http::Headers* headers_ = nullptr;
    std::uint16_t status_ = 0;
    std::string_view text_;
    std::string fault_;
    BodyTools& tools_;
    bool parsed_ = false;
    std::optional<text::JsonValue> json_;
};

}  // namespace loadgen::steps
