#include "common/text/detail/source_places.hpp"

#include <algorithm>
#include <string>

#include "common/text/json_writer.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::size_t kLongestQuote = 60;
constexpr std::size_t kLongestName = 100;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_name(std::string_view key) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '$';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), is_plain);
}

}  // namespace

SourcePlaces::SourcePlaces(std::string_view text) : text_(text) {
    std::size_t continuations = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at % kBlock == 0) continuations_.push_back(continuations);
        if (text[at] == '\n') line_starts_.push_back(at + 1);
        if (is_continuation(text[at])) ++continuations;
    }
    continuations_.push_back(continuations);
}

std::size_t SourcePlaces::continuation_bytes_before(std::size_t offset) const {
    const std::size_t block = offset / kBlock;
    const std::string_view rest = text_.substr(block * kBlock, offset % kBlock);
    return continuations_[block] +
           static_cast<std::size_t>(std::count_if(rest.begin(), rest.end(), is_continuation));
}

Mark SourcePlaces::mark_at(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const std::size_t start = *std::prev(after);
    const std::size_t wide = continuation_bytes_before(offset) - continuation_bytes_before(start);
    return {static_cast<std::uint32_t>(after - line_starts_.begin()),
            static_cast<std::uint32_t>(offset - start - wide + 1)};
}

std::string found_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return "the end of the file";
    const std::string_view line = text.substr(offset, text.find('\n', offset) - offset);
    const auto end = line.find_last_not_of(" \t\r");
    if (end == std::string_view::npos) return "the end of the line";
    return quoted(line.substr(0, end + 1));
}

std::string quoted(std::string_view text) {
    const std::size_t whole = text.size();
    if (whole > kLongestQuote) {
        text = text.substr(0, kLongestQuote);
        // Not in the middle of a character.
        while (!text.empty() && is_continuation(text.back())) text.remove_suffix(1);
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0x80) text.remove_suffix(1);
    }
    std::string out;
    append_json_string(out, text);
    if (text.size() < whole) out += "...";
    return out;
}

void append_key(std::string& path, std::string_view key) {
    if (!is_name(key) || key.size() > kLongestName) {
        ((path += '[') += quoted(key)) += ']';
        return;
    }
    if (!path.empty()) path += '.';
    path += key;
}

}  // namespace loadgen::text
