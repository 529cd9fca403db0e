#include "loadgen/scenario/artillery/node.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace loadgen::scenario::artillery {
namespace {

bool is_word(std::string_view key) {
    const auto usual = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '$' || c == '-';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), usual);
}

text::YamlNode yaml_scalar(const Node& node) {
    text::YamlNode yaml;
    yaml.kind = node.kind;
    yaml.scalar = node.scalar;
    yaml.plain = node.plain;
    return yaml;
}

void merge_maps(Node& into, const Node& from, void (*merge_values)(Node&, const Node&)) {
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < into.members.size(); ++i) places.emplace(into.members[i].key, i);
    for (const Member& member : from.members) {
        const auto [place, is_new] = places.emplace(member.key, into.members.size());
        if (is_new) {
            into.members.push_back(member);
        } else {
            merge_values(into.members[place->second].value, member.value);
        }
    }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
    for (const Member& member : members)
        if (member.key == key) return &member.value;
    return nullptr;
}

Node* Node::find(std::string_view key) {
    return const_cast<Node*>(std::as_const(*this).find(key));
}

Node& Node::member(std::string_view key) {
    if (is_null()) kind = Kind::kMap;
    if (Node* existing = find(key)) return *existing;
    members.push_back({std::string(key), place, {}});
    members.back().value.place = place;
    return members.back().value;
}

Node from_yaml(text::YamlNode&& yaml, std::uint32_t file) {
    Node node;
    node.kind = yaml.kind;
    node.place = {file, yaml.mark};
    node.scalar = std::move(yaml.scalar);
    node.plain = yaml.plain;
    node.items.reserve(yaml.items.size());
    for (text::YamlNode& item : yaml.items) node.items.push_back(from_yaml(std::move(item), file));
    node.members.reserve(yaml.members.size());
    for (text::YamlMember& member : yaml.members)
        node.members.push_back(
            {std::move(member.key), {file, member.key_mark}, from_yaml(std::move(member.value), file)});
    return node;
}

Node from_value(const text::Value& value, const Place& place) {
    Node node;
    node.place = place;
    switch (value.kind()) {
        case text::Value::Kind::kUndefined:
        case text::Value::Kind::kNull:
            break;
        case text::Value::Kind::kBool:
        case text::Value::Kind::kNumber:
            node.kind = Node::Kind::kScalar;
            node.plain = true;
            node.scalar = value.to_text();
            break;
        case text::Value::Kind::kString:
            node.kind = Node::Kind::kScalar;
            node.scalar = value.string();
            break;
        case text::Value::Kind::kArray:
            node.kind = Node::Kind::kSequence;
            for (const text::Value& element : value.elements())
                node.items.push_back(from_value(element, place));
            break;
        case text::Value::Kind::kObject:
            node.kind = Node::Kind::kMap;
            for (const auto& [key, member] : value.members())
                node.members.push_back({key, place, from_value(member, place)});
            break;
    }
    return node;
}

text::Value to_value(const Node& node) {
    switch (node.kind) {
        case Node::Kind::kNull:
            return text::Value::null();
        case Node::Kind::kScalar:
            return scalar_value(node);
        case Node::Kind::kSequence: {
            text::Value::Array elements;
            elements.reserve(node.items.size());
            for (const Node& item : node.items) elements.push_back(to_value(item));
            return text::Value(std::move(elements));
        }
        case Node::Kind::kMap:
            break;
    }
    text::Value::Object members;
    members.reserve(node.members.size());
    for (const Member& member : node.members) members.emplace_back(member.key, to_value(member.value));
    return text::Value(std::move(members));
}

text::Value scalar_value(const Node& node) {
    return node.is_scalar() ? text::to_value(yaml_scalar(node)) : text::Value::null();
}

void merge(Node& into, const Node& from) {
    if (into.is_map() && from.is_map()) {
        merge_maps(into, from, merge);
    } else if (into.is_list() && from.is_list()) {
        for (std::size_t i = 0; i < from.items.size(); ++i) {
            if (i < into.items.size()) {
                merge(into.items[i], from.items[i]);
            } else {
                into.items.push_back(from.items[i]);
            }
        }
    } else {
        into = Node(from);
    }
}

void merge_replacing_lists(Node& into, const Node& from) {
    if (into.is_map() && from.is_map()) {
        merge_maps(into, from, merge_replacing_lists);
    } else {
        into = Node(from);
    }
}

void replace_members(Node& into, const Node& from) {
    if (into.is_null()) into.kind = Node::Kind::kMap;
    merge_maps(into, from, [](Node& old, const Node& replacement) { old = Node(replacement); });
}

Spot Spot::member(std::string_view key) const {
    Spot spot;
    spot.path = path_of(path, key);
    spot.key_place = key_place;
    if (node == nullptr || !node->is_map()) return spot;
    for (const Member& member : node->members) {
        if (member.key != key) continue;
        spot.node = &member.value;
        spot.key_place = member.key_place;
    }
    return spot;
}

Spot Spot::member_at(std::size_t index) const {
    const Member& member = node->members[index];
    return {&member.value, path_of(path, member.key), member.key_place};
}

Spot Spot::item(std::size_t index) const {
    const Node& item = node->items[index];
    return {&item, path + "[" + std::to_string(index) + "]", item.place};
}

std::string path_of(const std::string& parent, std::string_view key) {
    if (!is_word(key)) return parent + "[\"" + std::string(key) + "\"]";
    return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

}  // namespace loadgen::scenario::artillery
