#include "services/platform/query.hpp"

#include <algorithm>
#include <charconv>

#include "common/text/utf8.hpp"
#include "services/platform/error_body.hpp"
#include "services/platform/router.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::size_t kMaxParameters = 200;
constexpr int kBadRequest = 400;

Result<std::string> decode(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    auto decoded = percent_decode(spaced);
    if (!decoded) return decoded;
    for (std::string_view rest = *decoded; !rest.empty();) {
        const std::size_t size = text::utf8_sequence_length(rest);
        if (size == 0) return Error{ErrorCode::kSyntax, "the query must be UTF-8"};
        rest.remove_prefix(size);
    }
    return decoded;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string_view part = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        if (part.empty()) continue;
        if (parameters.size() == kMaxParameters) {
            return Error{ErrorCode::kLimit,
                         "the query may have at most " + std::to_string(kMaxParameters) + " parameters"};
        }
        const auto equals = part.find('=');
        auto name = decode(part.substr(0, equals));
        if (!name) return std::move(name).error();
        auto value = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
        if (!value) return std::move(value).error();
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

QueryReader::QueryReader(Call& call) : call_(call) {
    auto parsed = parse_query(call.query());
    if (parsed) {
        parameters_ = std::move(*parsed);
    } else {
        problems_.push_back({std::string(), parsed.error().message});
    }
}

bool QueryReader::has(std::string_view name) const {
    return std::any_of(parameters_.begin(), parameters_.end(),
                       [name](const auto& parameter) { return parameter.first == name; });
}

void QueryReader::refuse(std::string_view name, std::string message) {
    problems_.push_back({std::string(name), std::move(message)});
}

std::optional<std::string_view> QueryReader::single(std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& [known, value] : parameters_) {
        if (known != name) continue;
        if (found) {
            refuse(name, "must be given once");
            return found;
        }
        found = value;
    }
    return found;
}

std::optional<std::string> QueryReader::text(std::string_view name, const TextRule& rule) {
    const auto value = single(name);
    if (!value) return std::nullopt;
    if (auto fault = check_text(*value, rule)) refuse(name, std::move(*fault));
    return std::string(*value);
}

std::string QueryReader::required_text(std::string_view name, const TextRule& rule) {
    auto value = text(name, rule);
    if (!value) refuse(name, "is required");
    return value.value_or(std::string());
}

std::vector<std::string> QueryReader::texts(std::string_view name, const ListRule& rule,
                                            const TextRule& each) {
    std::vector<std::string> values;
    for (const auto& [known, value] : parameters_) {
        if (known != name) continue;
        if (auto fault = check_text(value, each)) refuse(name, std::move(*fault));
        values.push_back(value);
    }
    if (auto fault = check_count(values.size(), rule)) refuse(name, std::move(*fault));
    return values;
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, const IntegerRule& rule) {
    const auto value = single(name);
    if (!value) return std::nullopt;
    const auto number = whole_number(*value);
    if (auto fault = check_integer(number, rule)) refuse(name, std::move(*fault));
    return number.value_or(0);
}

std::int64_t QueryReader::integer_or(std::string_view name, std::int64_t fallback, const IntegerRule& rule) {
    return integer(name, rule).value_or(fallback);
}

std::string QueryReader::choice(std::string_view name, const std::vector<std::string_view>& allowed) {
    const auto value = single(name);
    if (!value) return std::string(allowed.front());
    if (std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
        std::string list;
        for (const std::string_view word : allowed) list += (list.empty() ? "" : ", ") + std::string(word);
        refuse(name, "must be one of " + list);
    }
    return std::string(*value);
}

http::Response QueryReader::refusal() {
    return error_response(call_, Failure{.status = kBadRequest, .problems = &problems_});
}

}  // namespace loadgen::services::platform
