// The HTTP message model shared by both protocol versions and both sides.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadgen::http {

/// One field as written. Names compare without case (RFC 9110 section 5.1); use `equal_name`.
struct Header {
    std::string name;
    std::string value;
    friend bool operator==(const Header&, const Header&) = default;
};

using Headers = std::vector<Header>;

/// A field inside a receive buffer: valid only during the callback that hands it out.
struct HeaderView {
    std::string_view name;
    std::string_view value;
};

/// ASCII case-insensitive comparison.
bool equal_name(std::string_view a, std::string_view b);

/// The first field with this name, or nullptr.
const Header* find_header(const Headers& headers, std::string_view name);

/// The standard reason phrase of a status ("Not Found"); empty when the status has none.
std::string_view reason_phrase(int status);

}  // namespace loadgen::http
