#include "loadgen/scenario/artillery/findings.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "loadgen/pacing/phase_words.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::string_view kCharacter = "character ";

/// "character 7: found ..." in its parts; 0 when the message does not start so.
std::size_t split_character(std::string& message) {
    if (!message.starts_with(kCharacter)) return 0;
    std::size_t number = 0;
    const char* end = message.data() + message.size();
    const auto parsed = std::from_chars(message.data() + kCharacter.size(), end, number);
    if (parsed.ec != std::errc() || end - parsed.ptr < 2 || parsed.ptr[0] != ':' || parsed.ptr[1] != ' ')
        return 0;
    message.erase(0, static_cast<std::size_t>(parsed.ptr - message.data()) + 2);
    return number;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

}  // namespace

std::uint32_t Findings::add_file(std::string name, std::string text) {
    files_.push_back({std::move(name), std::move(text)});
    return static_cast<std::uint32_t>(files_.size() - 1);
}

void Findings::error(const Place& place, const std::string& path, std::string message) {
    put(text::Severity::kError, place, path, std::move(message));
}

void Findings::warning(const Place& place, const std::string& path, std::string message) {
    put(text::Severity::kWarning, place, path, std::move(message));
}

void Findings::error_inside(const Spot& scalar, const Error& error) {
    std::string message = error.message;
    const std::size_t character = split_character(message);
    if (full() || character == 0 || scalar->scalar.find('\n') != std::string::npos) {
        this->error(scalar.place(), scalar.path, error.message);
    } else {
        this->error(inside(*scalar, character), scalar.path, std::move(message));
    }
}

void Findings::add(const text::Finding& finding, std::uint32_t file) {
    put(finding.severity, {file, finding.mark}, finding.path, finding.message);
}

void Findings::put(text::Severity severity, const Place& place, const std::string& path,
                   std::string message) {
    if (severity == text::Severity::kError) ++errors_;
    if (full() || (severity == text::Severity::kWarning && ++warnings_ > kMaxFindings / 2)) return;
    entries_.push_back(
        {place.file, {severity, files_.at(place.file).name, place.mark, path, std::move(message)}});
}

std::vector<text::Finding> Findings::take() {
    const auto order = [](const Entry& entry) {
        const text::Finding& finding = entry.finding;
        return std::tie(entry.file, finding.mark.line, finding.mark.column, finding.path, finding.message);
    };
    std::stable_sort(entries_.begin(), entries_.end(),
                     [order](const Entry& a, const Entry& b) { return order(a) < order(b); });
    const auto last = std::unique(entries_.begin(), entries_.end(),
                                  [order](const Entry& a, const Entry& b) { return order(a) == order(b); });
    std::vector<text::Finding> findings;
    for (auto entry = entries_.begin(); entry != last; ++entry) findings.push_back(std::move(entry->finding));
    entries_.clear();
    return findings;
}

std::string_view Findings::source_at(const Place& place) const {
    std::string_view rest = files_.at(place.file).text;
    for (std::uint32_t line = 1; line < place.mark.line; ++line) {
        const auto end = rest.find('\n');
        if (end == rest.npos) return {};
        rest.remove_prefix(end + 1);
    }
    rest = rest.substr(0, rest.find('\n'));
    // Columns count characters, of which UTF-8 continuation bytes are no beginning.
    std::uint32_t column = 1;
    while (!rest.empty() && column < place.mark.column) {
        rest.remove_prefix(1);
        while (!rest.empty() && (static_cast<unsigned char>(rest[0]) & 0xC0U) == 0x80U) rest.remove_prefix(1);
        ++column;
    }
    return rest;
}

Place Findings::inside(const Node& scalar, std::size_t character) const {
    Place place = scalar.place;
    const std::string_view source = source_at(place);
    // What was quoted with escapes, folded, or came out of a template does not stand there letter by letter.
    const std::size_t quote = !source.empty() && (source[0] == '"' || source[0] == '\'') ? 1 : 0;
    if (source.size() < quote || !source.substr(quote).starts_with(scalar.scalar)) return place;
    place.mark.column += static_cast<std::uint32_t>(quote + character - 1);
    return place;
}

std::string shown(std::string_view text) {
    return "\"" + pacing::quoted_start(text) + "\"";
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words) {
    const std::string wanted = lower_case(word);
    std::vector<std::string> lowered;
    for (const std::string_view candidate : words) lowered.push_back(lower_case(candidate));
    const std::vector<std::string_view> views(lowered.begin(), lowered.end());
    for (std::size_t i = 0; i < words.size(); ++i)
        if (lowered[i] == wanted) return words[i];
    const std::string_view found = pacing::nearest_word(wanted, views);
    for (std::size_t i = 0; i < words.size() && !found.empty(); ++i)
        if (lowered[i] == found) return words[i];
    return {};
}

std::string either(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace loadgen::scenario::artillery
