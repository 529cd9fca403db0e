#include <algorithm>
#include <vector>

#include "common/telemetry/trace_context.hpp"

// The list of W3C Trace Context level 2, section 3.3. Level 1 knew two kinds of keys ("key" and
// "tenant@system") with lengths of their own; level 2 has one kind, in which '@' is a character like others.

namespace loadgen::telemetry {
namespace {

constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxKeyLength = 256;
constexpr std::size_t kMaxValueLength = 256;
constexpr std::size_t kKeptLength = 512;
constexpr std::size_t kLargeMemberLength = 128;
// 32 members of full length with some blanks; more is no list that could be kept.
constexpr std::size_t kMaxInputLength = 32 * 1024;

bool starts_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool continues_key(char c) {
    return starts_key(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
}

bool valid_key(std::string_view key) {
    return !key.empty() && key.size() <= kMaxKeyLength && starts_key(key.front()) &&
           std::all_of(key.begin(), key.end(), continues_key);
}

bool valid_value(std::string_view value) {
    return !value.empty() && value.size() <= kMaxValueLength && value.back() != ' ' &&
           std::all_of(value.begin(), value.end(),
                       [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

struct Member {
    std::string_view text;
    std::string_view key;
};

// Blanks around a member are ignored; inside it, those before the value belong to the value.
std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool add_member(std::string_view text, std::vector<Member>& members) {
    if (text.empty()) return true;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = text.substr(0, equals);
    if (!valid_key(key) || !valid_value(text.substr(equals + 1))) return false;
    const bool twice =
        std::any_of(members.begin(), members.end(), [key](const Member& other) { return other.key == key; });
    if (twice || members.size() == kMaxMembers) return false;
    members.push_back({text, key});
    return true;
}

std::size_t joined_length(const std::vector<Member>& members) {
    std::size_t length = members.empty() ? 0 : members.size() - 1;
    for (const Member& member : members) length += member.text.size();
    return length;
}

// Section 3.3.1.5: whole members go, the large ones first, each time from the right end.
void shorten(std::vector<Member>& members) {
    for (std::size_t i = members.size(); i-- > 0 && joined_length(members) > kKeptLength;) {
        if (members[i].text.size() > kLargeMemberLength) {
            members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    while (joined_length(members) > kKeptLength) members.pop_back();
}

}  // namespace

std::optional<std::string> parse_tracestate(std::string_view value) {
    if (value.size() > kMaxInputLength) return std::nullopt;
    std::vector<Member> members;
    for (;;) {
        const std::size_t comma = value.find(',');
        if (!add_member(trim(value.substr(0, comma)), members)) return std::nullopt;
        if (comma == std::string_view::npos) break;
        value.remove_prefix(comma + 1);
    }
    shorten(members);
    std::string out;
    out.reserve(joined_length(members));
    for (const Member& member : members) {
        if (!out.empty()) out += ',';
        out += member.text;
    }
    return out;
}

}  // namespace loadgen::telemetry
