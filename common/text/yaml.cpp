#include "common/text/yaml.hpp"

#include <algorithm>
#include <optional>

#include "common/text/detail/json/json_locate.hpp"
#include "common/text/detail/yaml/yaml_raw.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Line breaks of every kind become '\n' (YAML 1.2 section 5.4).
std::string with_plain_breaks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_return = text[at] == '\r';
        out += is_return ? '\n' : text[at];
        if (is_return && at + 1 < text.size() && text[at + 1] == '\n') ++at;
    }
    return out;
}

/// The offset of the first byte that is no text (YAML 1.2 section 5.1).
std::optional<std::size_t> first_bad_byte(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 && c != '\t' && c != '\n') return at;
        const std::size_t length = c < 0x80 ? 1 : utf8_sequence_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

std::string bad_byte_message(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    return "found byte " + std::to_string(byte) +
           (byte < 0x20 ? ", expected no control characters but tabs and ends of lines" : ", expected UTF-8");
}

bool looks_like_json(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

bool read(std::string_view text, const YamlLimits& limits, RawTree& tree, Finding& finding) {
    const SourcePlaces source(text);
    if (const auto bad = first_bad_byte(text)) {
        finding.mark = source.mark_at(*bad);
        finding.message = bad_byte_message(text, *bad);
        return false;
    }
    // What is JSON is read as JSON: yaml-cpp refuses its tabs and the halves of its surrogate pairs.
    if (looks_like_json(text) && locate_json_fault(text, limits.max_depth).empty()) {
        return read_json(source, limits, tree, finding);
    }
    return read_yaml(source, limits, tree, finding);
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
    const auto member = std::find_if(members.begin(), members.end(),
                                     [key](const YamlMember& candidate) { return candidate.key == key; });
    return member == members.end() ? nullptr : &member->value;
}

YamlResult parse_yaml(std::string_view text, std::string_view file, const YamlLimits& limits) {
    YamlResult result;
    Finding finding;
    finding.file = file;
    RawTree tree;
    if (text.size() > limits.max_bytes) {
        finding.message = "found " + std::to_string(text.size()) + " bytes, allowed are " +
                          std::to_string(limits.max_bytes);
        result.findings.push_back(std::move(finding));
        return result;
    }
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const std::string plain = with_plain_breaks(text);
    if (!read(plain, limits, tree, finding)) {
        result.findings.push_back(std::move(finding));
        return result;
    }
    expand_yaml(tree, limits, file, result);
    return result;
}

}  // namespace loadgen::text
