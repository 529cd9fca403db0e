#include "loadgen/steps/user.hpp"

#include <algorithm>
#include <charconv>

namespace loadgen::steps {
namespace {

constexpr std::size_t kMostElements = 100'000;  // that a member assignment may make

std::optional<std::size_t> element_index(const std::string& name) {
    std::size_t index = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (fault != std::errc() || end != name.data() + name.size() || index >= kMostElements)
        return std::nullopt;
    return index;
}

}  // namespace

text::Value with_member(const text::Value& base, const std::vector<std::string>& members, std::size_t from,
                        text::Value value) {
    if (from == members.size()) return value;
    const std::string& name = members[from];
    const auto index = element_index(name);
    if (index && (base.is_array() || !base.is_object())) {
        text::Value::Array elements = base.is_array() ? base.elements() : text::Value::Array();
        if (elements.size() <= *index) elements.resize(*index + 1);
        elements[*index] = with_member(elements[*index], members, from + 1, std::move(value));
        return text::Value(std::move(elements));
    }
    text::Value::Object object = base.is_object() ? base.members() : text::Value::Object();
    auto found = std::find_if(object.begin(), object.end(),
                              [&name](const auto& member) { return member.first == name; });
    if (found == object.end()) found = object.insert(object.end(), {name, text::Value()});
    found->second = with_member(found->second, members, from + 1, std::move(value));
    return text::Value(std::move(object));
}

void assign(User& user, text::Slot slot, text::Value value) {
    if (slot >= user.values.size()) user.values.resize(slot + 1);
    user.values[slot] = std::move(value);
    if (user.known_to != 0) user.changed.push_back(slot);
}

void assign(User& user, const plan::Target& target, text::Value value) {
    if (target.members.empty()) return assign(user, target.slot, std::move(value));
    const text::Value base = target.slot < user.values.size() ? user.values[target.slot] : text::Value();
    assign(user, target.slot, with_member(base, target.members, 0, std::move(value)));
}

}  // namespace loadgen::steps
