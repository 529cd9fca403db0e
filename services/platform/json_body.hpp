// A request's JSON body, with limits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "services/platform/call.hpp"
#include "services/platform/field_reader.hpp"

namespace loadgen::services::platform {

struct BodyRules {
    std::size_t max_bytes = 256 * 1024;
    std::size_t max_depth = 16;
};

/// Reads `call`'s body as one JSON object, whatever its Content-Type says: the routes know no other kind, and
/// many a client sends the default of its tool. A Content-Encoding is answered with 415. Empty, oversize or
/// malformed bodies and other kinds than objects are a problem of the whole body; the log line of the call
/// then names line and column. Use:
///
///     BodyReader body(*call);
///     const auto name = body.fields().string("name", {.min = 1, .max = 100});
///     const auto price = body.fields().number("price", {.min = 0, .above_min = true});
///     if (!body.ok()) return call->answer(body.refusal());
///
/// Loop thread only; must not outlive the call. Strings are copies.
class BodyReader {
  public:
    explicit BodyReader(Call& call, const BodyRules& rules = {});
    ~BodyReader();
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    FieldReader& fields() { return *fields_; }
    /// Shorthands for what most handlers need.
    std::string string(std::string_view name, const TextRule& rule = {}) {
        return fields_->string(name, rule);
    }
    double number(std::string_view name, const NumberRule& rule = {}) { return fields_->number(name, rule); }
    std::int64_t integer(std::string_view name, const IntegerRule& rule = {}) {
        return fields_->integer(name, rule);
    }

    /// The body is an object and nothing read so far was a problem.
    bool ok() const { return status_ == 0 && problems_.empty(); }
    /// The body is a JSON object at all. When not, fields are not reported as missing.
    bool readable() const { return status_ == 0; }
    const Problems& problems() const { return problems_; }
    /// 400, 413 or 415 in the service's shape. Not for a reader that is ok.
    http::Response refusal();

  private:
    void read(const BodyRules& rules);
    void fail(int status, std::string message);

    Call& call_;
    std::unique_ptr<text::JsonDocument> document_;
    Problems problems_;
    Problems ignored_;  // what the fields of an unreadable body would report
    int status_ = 0;
    bool reusable_ = false;
    std::optional<FieldReader> fields_;  // always there; reseated once the body is parsed
};

}  // namespace loadgen::services::platform
