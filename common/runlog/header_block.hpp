// Response headers as one block of text: the twelfth CSV column, before base64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::runlog {

/// Appends "Name: value" CRLF for each value and a final CRLF, as Go's http.Header.Write does: names sorted
/// by bytes, names that are no HTTP token left out, line breaks in values made blanks, blanks around values
/// cut. `order` is scratch memory kept by the caller.
void append_header_block(std::string& out, const HeaderMap& headers, std::vector<std::size_t>& order);

/// The reverse; the blank line at the end may be missing. Values of one name are gathered. The error says
/// which line was not "Name: value".
Result<void> parse_header_block(std::string_view block, HeaderMap& headers);

/// The values of a name in `headers`, added when it was not there.
std::vector<std::string>& header_values(HeaderMap& headers, std::string_view name);

}  // namespace loadgen::runlog
