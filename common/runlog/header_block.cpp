#include "common/runlog/header_block.hpp"

#include <algorithm>

namespace loadgen::runlog {
namespace {

/// tchar of RFC 9110 section 5.6.2.
bool is_token_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character);
}

std::string_view trimmed(std::string_view text) {
    static constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

void append_header_block(std::string& out, const HeaderMap& headers, std::vector<std::size_t>& order) {
    order.resize(headers.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return headers[a].first < headers[b].first; });
    for (const std::size_t i : order) {
        const auto& [name, values] = headers[i];
        if (!is_token(name)) continue;
        for (const std::string& value : values) {
            out += name;
            out += ": ";
            for (const char c : trimmed(value)) out += c == '\r' || c == '\n' ? ' ' : c;
            out += "\r\n";
        }
    }
    out += "\r\n";
}

Result<void> parse_header_block(std::string_view block, HeaderMap& headers) {
    while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        const std::string_view line = trimmed(block.substr(0, end));
        block.remove_prefix(std::min(end + 1, block.size()));
        if (line.empty()) return {};
        const std::size_t colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos) {
            return Error{ErrorCode::kSyntax, "found header line \"" + std::string(line.substr(0, 80)) +
                                                 "\", expected \"Name: value\""};
        }
        header_values(headers, line.substr(0, colon)).emplace_back(trimmed(line.substr(colon + 1)));
    }
    return {};
}

std::vector<std::string>& header_values(HeaderMap& headers, std::string_view name) {
    for (auto& [known, values] : headers) {
        if (known == name) return values;
    }
    return headers.emplace_back(std::string(name), std::vector<std::string>()).second;
}

}  // namespace loadgen::runlog
