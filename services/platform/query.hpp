// The parameters behind the '?' of a request's target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/platform/call.hpp"
#include "services/platform/field_reader.hpp"

namespace loadgen::services::platform {

/// The decoded parameters (application/x-www-form-urlencoded: '+' is a space, %XX a byte), in order. Parts
/// without
/// '=' have an empty value. kSyntax for '%' without two hex digits and for text that is not UTF-8, kLimit for
/// more than 200 parameters.
Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

/// Reads parameters into typed values and collects everything that is wrong with them. A parameter that comes
/// twice where one is wanted is a problem. Use as BodyReader: read, then ask ok().
class QueryReader {
  public:
    explicit QueryReader(Call& call);

    bool has(std::string_view name) const;
    std::optional<std::string> text(std::string_view name, const TextRule& rule = {});
    /// Missing is a problem.
    std::string required_text(std::string_view name, const TextRule& rule = {});
    /// All values, in order.
    std::vector<std::string> texts(std::string_view name, const ListRule& list = {},
                                   const TextRule& each = {});
    std::optional<std::int64_t> integer(std::string_view name, const IntegerRule& rule = {});
    std::int64_t integer_or(std::string_view name, std::int64_t fallback, const IntegerRule& rule = {});
    /// One of `allowed`; the first of them when missing.
    std::string choice(std::string_view name, const std::vector<std::string_view>& allowed);
    void refuse(std::string_view name, std::string message);

    bool ok() const { return problems_.empty(); }
    const Problems& problems() const { return problems_; }
    /// 400 in the service's shape.
    http::Response refusal();

  private:
    std::optional<std::string_view> single(std::string_view name);

    Call& call_;
    std::vector<std::pair<std::string, std::string>> parameters_;
    Problems problems_;
};

}  // namespace loadgen::services::platform
