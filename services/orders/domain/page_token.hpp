// Where the next page of a list begins, as clients carry it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loadgen::services::orders {

inline constexpr std::size_t kMaxPageToken = 1000;

/// The last order of a page.
struct PageKey {
    std::int64_t created_ms = 0;
    std::string order_id;
    friend bool operator==(const PageKey&, const PageKey&) = default;
};

/// Base64 of the key as JSON. Opaque to clients.
std::string write_page_token(const PageKey& key);
/// None when `token` was not written by us.
std::optional<PageKey> read_page_token(std::string_view token);

}  // namespace loadgen::services::orders
