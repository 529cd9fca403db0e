// Queries and multipart bodies: what is written is safe where it goes. The input is the old query, a line
// end, the new one, a line end, a name.
#include <algorithm>
#include <cstdint>
#include <string>

#include "common/http/form.hpp"
#include "common/http/http1_writer.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::http;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string path = "/p?" + std::string(take_line(text));
    const std::string_view query = take_line(text);

    const std::string merged = with_query(path, query, QueryRule::kMerge);
    require(merged.starts_with("/p"), "the path stays");
    require(merged.ends_with(query), "the new query is at the end");
    require(with_query(merged, query, QueryRule::kMerge) == merged || query.empty() ||
                query.find('&') != query.npos,
            "merging twice changes nothing");
    const std::string replaced = with_query(path, query, QueryRule::kReplace);
    require(replaced == (query.empty() ? "/p" : "/p?" + std::string(query)), "replacing replaces");

    std::string encoded;
    UrlEncodedWriter(encoded).add(text, path);
    require(std::count(encoded.begin(), encoded.end(), '=') == 1, "one pair");
    require(encoded.find_first_not_of(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-._+%=") == std::string::npos,
            "only safe bytes");

    std::string body;
    MultipartWriter writer(body, "b");
    if (!writer.add_file(text, text, "", query)) {
        require(body.empty() && !is_valid_field_value(query), "only a content type is refused");
        return 0;
    }
    require(body.find("\r\n\r\n") == body.size() - 6, "nothing ends the head of a part early");
    return 0;
}
