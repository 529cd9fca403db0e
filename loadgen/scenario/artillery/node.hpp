// The tree of a script, put together from several files; every node remembers where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/mark.hpp"
#include "common/text/value.hpp"
#include "common/text/yaml.hpp"

namespace loadgen::scenario::artillery {

/// A place in one of the files (by number, see Findings).
struct Place {
    std::uint32_t file = 0;
    text::Mark mark;
};

struct Member;

struct Node {
    using Kind = text::YamlNode::Kind;

    Kind kind = Kind::kNull;
    Place place;
    std::string scalar;
    bool plain = false;  ///< a scalar without quotes: what it looks like decides its type
    std::vector<Node> items;
    std::vector<Member> members;

    bool is_null() const { return kind == Kind::kNull; }
    bool is_scalar() const { return kind == Kind::kScalar; }
    bool is_list() const { return kind == Kind::kSequence; }
    bool is_map() const { return kind == Kind::kMap; }

    /// The member with this key, or nullptr; also for what is no map.
    const Node* find(std::string_view key) const;
    Node* find(std::string_view key);
    /// The member with this key; a new one, null, at the end when there is none. A null node becomes a map.
    Node& member(std::string_view key);
};

struct Member {
    std::string key;
    Place key_place;
    Node value;
};

Node from_yaml(text::YamlNode&& yaml, std::uint32_t file);
/// A tree that stands as a whole at `place`.
Node from_value(const text::Value& value, const Place& place);
/// Plain scalars by YAML 1.2's core schema, quoted ones as texts.
text::Value to_value(const Node& node);
/// What is in a scalar, for getters that take "10" and 10 alike. Null for what is no scalar.
text::Value scalar_value(const Node& node);

/// Puts `from` over `into`, as lodash's merge does: maps by key, lists by index, everything else replaces;
/// null replaces too.
void merge(Node& into, const Node& from);
/// The same, but lists replace.
void merge_replacing_lists(Node& into, const Node& from);

/// The members of one map into another, where they replace those of the same name.
void replace_members(Node& into, const Node& from);

/// A node and the way to it, for messages.
struct Spot {
    const Node* node = nullptr;  ///< null when there is no such member
    std::string path;
    Place key_place;  ///< of its key, when it is a member; else its own place

    explicit operator bool() const { return node != nullptr; }
    const Node& operator*() const { return *node; }
    const Node* operator->() const { return node; }
    /// Where a message about it points: a scalar's own place, the key of anything else.
    const Place& place() const { return node != nullptr && node->is_scalar() ? node->place : key_place; }

    /// A spot without a node when there is none.
    Spot member(std::string_view key) const;
    Spot item(std::size_t index) const;
    /// Of the index-th member of a map.
    Spot member_at(std::size_t index) const;
};

/// "config.http", "config.phases[0]"; keys that are no plain words stand in quotes: `environments["my env"]`.
std::string path_of(const std::string& parent, std::string_view key);

}  // namespace loadgen::scenario::artillery
