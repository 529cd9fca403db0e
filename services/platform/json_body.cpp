#include "services/platform/json_body.hpp"

#include <utility>

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kBadRequest = 400;
constexpr int kTooLarge = 413;
constexpr int kUnsupportedMediaType = 415;

/// A thread's parsed documents, for their memory. Two, as few handlers read more than one body at a time.
constexpr std::size_t kKept = 2;
constexpr std::size_t kUsualDepth = BodyRules{}.max_depth;

std::vector<std::unique_ptr<text::JsonDocument>>& kept_documents() {
    thread_local std::vector<std::unique_ptr<text::JsonDocument>> documents;
    return documents;
}

std::unique_ptr<text::JsonDocument> take_document(const BodyRules& rules) {
    auto& kept = kept_documents();
    if (rules.max_depth != kUsualDepth || kept.empty()) {
        return std::make_unique<text::JsonDocument>(text::JsonLimits{.max_depth = rules.max_depth});
    }
    auto document = std::move(kept.back());
    kept.pop_back();
    return document;
}

bool is_encoded(const http::Headers& headers) {
    const http::Header* encoding = http::find_header(headers, "content-encoding");
    return encoding != nullptr && !http::equal_name(encoding->value, "identity");
}

}  // namespace

BodyReader::BodyReader(Call& call, const BodyRules& rules)
    : call_(call), fields_(std::in_place, std::nullopt, std::string(), ignored_) {
    read(rules);
}

BodyReader::~BodyReader() {
    auto& kept = kept_documents();
    if (reusable_ && document_ && kept.size() < kKept) kept.push_back(std::move(document_));
}

void BodyReader::read(const BodyRules& rules) {
    const http::Request& request = call_.request();
    if (is_encoded(request.headers)) {
        return fail(kUnsupportedMediaType, "the body must be sent without a Content-Encoding");
    }
    if (request.body.size() > rules.max_bytes) {
        return fail(kTooLarge, "the body may have at most " + std::to_string(rules.max_bytes) + " bytes");
    }
    if (request.body.empty()) return fail(kBadRequest, "the body is empty; a JSON object is needed");
    document_ = take_document(rules);
    reusable_ = rules.max_depth == kUsualDepth;
    const auto root = document_->parse(request.body);
    if (!root) {
        call_.error = "body: " + root.error().message;
        return fail(kBadRequest, "the body is not valid JSON");
    }
    if (root->kind() != text::JsonKind::kObject) {
        return fail(kBadRequest,
                    "the body must be a JSON object, not " + std::string(text::json_kind_name(root->kind())));
    }
    fields_.emplace(*root, std::string(), problems_);
}

void BodyReader::fail(int status, std::string message) {
    status_ = status;
    problems_.push_back({std::string(), std::move(message)});
}

http::Response BodyReader::refusal() {
    // What is wrong with the whole is no field's fault: a message, not a list.
    const int status = status_ == 0 ? kBadRequest : status_;
    if (status_ != 0) return error_response(call_, status, problems_.front().message);
    return error_response(call_, Failure{.status = status, .problems = &problems_});
}

}  // namespace loadgen::services::platform
