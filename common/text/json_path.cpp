#include "common/text/json_path.hpp"

#include "common/text/detail/json_path/json_path_tree.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {

struct JsonPath::Query {
    PathQuery query;
    std::optional<PathQuery> measured;  ///< without the `.length` it ends in
};

std::optional<std::size_t> javascript_length(JsonValue value) {
    if (value.kind() == JsonKind::kArray) return value.size();
    const auto text = value.as_string();
    if (!text) return std::nullopt;
    // In units of UTF-16: characters beyond the first 65536 take two.
    std::size_t pairs = 0;
    for (const char c : *text) pairs += static_cast<unsigned char>(c) >= 0xF0 ? 1 : 0;
    return utf8_length(*text) + pairs;
}

Result<JsonPath> JsonPath::compile(std::string_view path, Tests tests) {
    auto parsed = parse_json_path(path, tests == Tests::kTruth);
    if (!parsed) return std::move(parsed).error();
    Query query{std::move(*parsed), std::nullopt};
    if (query.query.takes_length()) {
        query.measured = query.query;
        query.measured->segments.pop_back();
    }
    JsonPath compiled;
    compiled.query_ = std::make_shared<const Query>(std::move(query));
    return compiled;
}

bool JsonPath::selects_several() const {
    return query_ && !query_->query.is_singular();
}

std::vector<JsonValue> JsonPath::select(JsonValue root, std::size_t limit) const {
    std::vector<JsonValue> nodes;
    if (query_) PathWalk(root, limit).select(query_->query, root, nodes);
    return nodes;
}

std::optional<JsonValue> JsonPath::first(JsonValue root) const {
    return query_ ? PathWalk(root, 1).first(query_->query, root) : std::nullopt;
}

std::vector<Value> JsonPath::values(JsonValue root, std::size_t limit) const {
    std::vector<Value> out;
    if (!query_) return out;
    for (const JsonValue node : select(root, limit)) out.push_back(to_value(node));
    if (!out.empty() || !query_->measured) return out;
    std::vector<JsonValue> measured;
    PathWalk(root, limit).select(*query_->measured, root, measured);
    for (const JsonValue node : measured) {
        if (const auto length = javascript_length(node))
            out.push_back(Value::number(static_cast<double>(*length)));
    }
    return out;
}

}  // namespace loadgen::text
