// Text of strangers (error texts, URLs, titles) made harmless in HTML and in JSON inside HTML.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::reports {

/// The text with ill-formed UTF-8 and control characters other than tab and line feed replaced by U+FFFD
/// (Unicode 15, section 3.9, "maximal subpart" practice).
std::string valid_utf8(std::string_view text);

/// Safe as element content and inside a quoted attribute value (HTML Living Standard, 13.1.2.3).
std::string html_text(std::string_view text);

/// A JSON string literal (RFC 8259) that is also safe inside a <script> element: no '<', '>', '&', U+2028,
/// U+2029.
std::string json_in_script(std::string_view text);

}  // namespace loadgen::reports
