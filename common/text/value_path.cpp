#include "common/text/value_path.hpp"

#include <charconv>

namespace loadgen::text {
namespace {

const Value* member_of(const Value& value, const std::string& name) {
    if (value.is_object()) return value.find(name);
    if (!value.is_array()) return nullptr;
    std::size_t index = 0;
    const char* const end = name.data() + name.size();
    const auto [rest, fault] = std::from_chars(name.data(), end, index);
    if (fault != std::errc() || rest != end || index >= value.elements().size()) return nullptr;
    return &value.elements()[index];
}

}  // namespace

const Value* ValuePath::find(std::span<const Value> slots) const {
    if (head >= slots.size()) return nullptr;
    const Value* at = &slots[head];
    for (const std::string& member : members) {
        at = member_of(*at, member);
        if (at == nullptr) return nullptr;
    }
    return at;
}

Value ValuePath::read(std::span<const Value> slots) const {
    if (const Value* found = find(slots)) return *found;
    if (members.empty() || members.back() != "length") return {};
    const ValuePath parent{head, {members.begin(), members.end() - 1}};
    const Value* holder = parent.find(slots);
    if (holder == nullptr) return {};
    if (holder->is_array()) return Value(static_cast<double>(holder->elements().size()));
    if (holder->is_string()) return Value(static_cast<double>(holder->string().size()));
    return {};
}

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> parts;
    std::string part;
    bool open = false;  // something of a part has been seen
    const auto close = [&] {
        if (open) parts.push_back(std::move(part));
        part.clear();
        open = false;
    };
    for (std::size_t at = 0; at < path.size(); ++at) {
        const char c = path[at];
        if (c == '.' || c == ']') {
            close();
        } else if (c == '[') {
            close();
            const char quote = at + 1 < path.size() ? path[at + 1] : '\0';
            if (quote != '"' && quote != '\'') continue;
            const auto end = path.find(quote, at + 2);
            if (end == std::string_view::npos) break;
            part = path.substr(at + 2, end - at - 2);
            open = true;
            close();
            at = end;
        } else {
            part += c;
            open = true;
        }
    }
    close();
    return parts;
}

Result<ValuePath> parse_path(std::string_view path, SlotTable& slots) {
    const std::vector<std::string> parts = split_path(path);
    if (parts.empty()) return Error{ErrorCode::kSyntax, "found nothing, expected the name of a variable"};
    if (const auto whole = slots.find(path)) return ValuePath{*whole, {}};
    std::size_t length = parts.size();
    for (; length > 1; --length) {
        std::string name = parts[0];
        for (std::size_t index = 1; index < length; ++index) name += "." + parts[index];
        if (slots.find(name))
            return ValuePath{*slots.find(name),
                             {parts.begin() + static_cast<std::ptrdiff_t>(length), parts.end()}};
    }
    return ValuePath{slots.slot_of(parts[0]), {parts.begin() + 1, parts.end()}};
}

}  // namespace loadgen::text
