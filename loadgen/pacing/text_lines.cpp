#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::pacing {

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\v\f";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string quoted_start(std::string_view text) {
    constexpr std::size_t kShown = 60;
    std::size_t length = text.size();
    if (length > kShown) {
        length = kShown;
        // Do not cut a UTF-8 character in two: its continuation bytes start with the bits 10.
        while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
    }
    std::string shown(text.substr(0, length));
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    if (length < text.size()) shown += "...";
    return shown;
}

std::string TextLine::place(const std::string& name, std::size_t column) const {
    return name + ":" + std::to_string(number) + ":" + std::to_string(column) + ": ";
}

std::optional<TextLine> TextLines::next() {
    while (!rest_.empty()) {
        const std::size_t end = rest_.find('\n');
        const std::string_view line = trim(rest_.substr(0, end));
        rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
        ++number_;
        if (!line.empty() && line.front() != '#') return TextLine{number_, line};
    }
    return std::nullopt;
}

}  // namespace loadgen::pacing
