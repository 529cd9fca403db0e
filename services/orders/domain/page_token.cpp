#include "services/orders/domain/page_token.hpp"

#include "common/base/encoding.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::services::orders {

std::string write_page_token(const PageKey& key) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("created").integer(key.created_ms).key("id").string(key.order_id).end_object();
    return to_base64(json);
}

std::optional<PageKey> read_page_token(std::string_view token) {
    if (token.size() > kMaxPageToken) return std::nullopt;
    const auto json = from_base64(token);
    if (!json) return std::nullopt;
    text::JsonDocument document({.max_bytes = kMaxPageToken, .max_depth = 2});
    const auto root = document.parse(*json);
    if (!root) return std::nullopt;
    const auto created = root->find("created");
    const auto id = root->find("id");
    const auto created_ms = created ? created->as_int() : std::nullopt;
    const auto order_id = id ? id->as_string() : std::nullopt;
    if (!created_ms || !order_id) return std::nullopt;
    return PageKey{*created_ms, std::string(*order_id)};
}

}  // namespace loadgen::services::orders
