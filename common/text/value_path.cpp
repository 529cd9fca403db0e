#include "common/text/value_path.hpp"

#include <charconv>

#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// The index that a name stands for: digits without needless zeros, as JavaScript has it.
std::size_t index_of(std::string_view name) {
    if (name.empty() || name.size() > 10 || (name[0] == '0' && name.size() > 1)) return kNowhere;
    std::size_t index = 0;
    const auto [rest, fault] = std::from_chars(name.data(), name.data() + name.size(), index);
    return fault == std::errc() && rest == name.data() + name.size() ? index : kNowhere;
}

const Value* find_member(const Value& holder, std::string_view name) {
    if (holder.is_object()) return holder.find(name);
    if (!holder.is_array()) return nullptr;
    const std::size_t index = index_of(name);
    return index < holder.elements().size() ? &holder.elements()[index] : nullptr;
}

/// Code units of the character that `text` begins with; `bytes` becomes its length.
std::size_t code_units(std::string_view text, std::size_t& bytes) {
    bytes = utf8_sequence_length(text);
    if (bytes == 4) return 2;
    if (bytes == 0) bytes = 1;
    return 1;
}

/// Half of a surrogate pair has no UTF-8 and becomes U+FFFD.
Value code_unit_at(std::string_view text, std::size_t index) {
    std::size_t bytes = 0;
    for (std::size_t at = 0, unit = 0; at < text.size(); at += bytes) {
        const std::size_t units = code_units(text.substr(at), bytes);
        if (index < unit + units) return Value(units == 2 ? "\uFFFD" : text.substr(at, bytes));
        unit += units;
    }
    return {};
}

/// What lodash's `isKey` takes for a path: something with a dot or a pair of brackets without brackets
/// inside.
bool is_deep(std::string_view path) {
    if (path.find('.') != std::string_view::npos) return true;
    for (auto open = path.find('['); open != std::string_view::npos; open = path.find('[', open + 1)) {
        const auto next = path.find_first_of("[]", open + 1);
        if (next != std::string_view::npos && path[next] == ']') return true;
    }
    return false;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number in "[-1.5]" at the beginning of `text`; empty when there is none.
std::string_view bracketed_number(std::string_view text) {
    std::size_t at = text.starts_with("[-") ? 2 : 1;
    const auto digits = [&at, text] {
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at > begin;
    };
    if (!digits()) return {};
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!digits()) return {};
    }
    return at < text.size() && text[at] == ']' ? text.substr(1, at - 1) : std::string_view();
}

/// Reads "['…']" at the beginning of `text` and gives its length; 0 when there is none.
std::size_t bracketed_text(std::string_view text, std::string& name) {
    if (text.size() < 2 || (text[1] != '"' && text[1] != '\'')) return 0;
    for (std::size_t at = 2; at < text.size(); ++at) {
        if (text[at] == text[1]) return text.substr(at + 1).starts_with(']') ? at + 2 : 0;
        if (text[at] == '\\' && ++at < text.size() && text[at] != '\\') {
            name += text[at];
        } else if (at < text.size()) {
            name += text[at];
        }
    }
    return 0;
}

/// An empty name: between two dots or empty brackets, or behind the last of them.
bool is_empty_part(std::string_view text) {
    const std::size_t first = text.starts_with('.') ? 1 : text.starts_with("[]") ? 2 : 0;
    if (first == 0) return false;
    const std::string_view rest = text.substr(first);
    return rest.empty() || rest.starts_with('.') || rest.starts_with("[]");
}

}  // namespace

const Value* ValuePath::find(std::span<const Value> slots) const {
    if (head >= slots.size()) return nullptr;
    const Value* at = &slots[head];
    for (const std::string& member : members) {
        at = find_member(*at, member);
        if (at == nullptr) return nullptr;
    }
    return at;
}

Value ValuePath::read(std::span<const Value> slots) const {
    if (head >= slots.size()) return {};
    const Value* at = &slots[head];
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Value* inside = find_member(*at, members[i]);
        if (inside == nullptr) {
            Value made = member_value(*at, members[i]);
            while (++i < members.size()) made = member_value(made, members[i]);
            return made;
        }
        at = inside;
    }
    return *at;
}

Value member_value(const Value& holder, std::string_view name) {
    if (const Value* found = find_member(holder, name)) return *found;
    if (holder.is_array() && name == "length") return Value(static_cast<double>(holder.elements().size()));
    if (!holder.is_string()) return {};
    if (name == "length") return Value(static_cast<double>(utf16_length(holder.string())));
    const std::size_t index = index_of(name);
    return index == kNowhere ? Value() : code_unit_at(holder.string(), index);
}

std::size_t utf16_length(std::string_view text) {
    std::size_t length = 0;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < text.size(); at += bytes) length += code_units(text.substr(at), bytes);
    return length;
}

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> parts;
    if (path.starts_with('.')) parts.emplace_back();
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t end = std::min(path.find_first_of(".[]", at), path.size());
        const std::string_view rest = path.substr(at);
        if (end > at) {
            parts.emplace_back(path.substr(at, end - at));
            at = end;
            continue;
        }
        if (path[at] == '[') {
            const std::string_view number = bracketed_number(rest);
            std::string name(number);
            const std::size_t length = number.empty() ? bracketed_text(rest, name) : number.size() + 2;
            if (length > 0) {
                parts.push_back(std::move(name));
                at += length;
                continue;
            }
        }
        if (is_empty_part(rest)) parts.emplace_back();
        ++at;
    }
    return parts;
}

Result<ValuePath> parse_path(std::string_view path, SlotTable& slots) {
    if (path.empty()) return Error{ErrorCode::kSyntax, "found nothing, expected the name of a variable"};
    if (!is_deep(path)) return ValuePath{slots.slot_of(path), {}};
    for (std::size_t end = path.size(); end > 0; --end) {
        const bool may_end = end == path.size() || path[end] == '.' || path[end] == '[';
        if (!may_end) continue;
        if (const auto known = slots.find(path.substr(0, end))) {
            const std::string_view rest = path.substr(end);
            return ValuePath{*known, split_path(rest.starts_with('.') ? rest.substr(1) : rest)};
        }
    }
    std::vector<std::string> parts = split_path(path);
    if (parts.empty() || parts.front().empty()) {
        return Error{ErrorCode::kSyntax,
                     "found '" + std::string(path) + "', expected it to begin with the name of a variable"};
    }
    return ValuePath{slots.slot_of(parts.front()), {parts.begin() + 1, parts.end()}};
}

}  // namespace loadgen::text
