#include "loadgen/steps/requests/answer_body.hpp"

#include "common/http/content_decoding.hpp"

namespace loadgen::steps {

AnswerBody::AnswerBody(const Answer& answer, BodyTools& tools)
    : headers_(answer.headers), status_(answer.status), text_(answer.body), tools_(tools) {
    decode(tools);
}

AnswerBody::AnswerBody(std::string_view text, BodyTools& tools) : text_(text), tools_(tools) {}

void AnswerBody::decode(BodyTools& tools) {
    const std::string coding = header("content-encoding");
    if (coding.empty() || text_.empty()) return;
    tools.decoded.clear();
    auto decoded = http::decode(coding, text_, tools.decoded);
    if (decoded) {
        text_ = tools.decoded;
        return;
    }
    fault_ = std::move(decoded).error().message;
    text_ = {};
}

std::string AnswerBody::header(std::string_view name) const {
    std::string value;
    if (headers_ == nullptr) return value;
    bool found = false;
    for (const http::Header& field : *headers_) {
        if (!http::equal_name(field.name, name)) continue;
        if (found) value += ", ";
        value += field.value;
        found = true;
    }
    return value;
}

std::optional<text::JsonValue> AnswerBody::json() {
    if (parsed_) return json_;
    parsed_ = true;
    if (text_.empty()) return json_;
    if (auto root = tools_.document.parse(text_)) json_ = *root;
    return json_;
}

bool AnswerBody::claims_json() const {
    const std::string type = header("content-type");
    return type.find("application/json") != std::string::npos ||
           type.find("application/problem+json") != std::string::npos ||
           type.find("application/ld+json") != std::string::npos;
}

}  // namespace loadgen::steps
