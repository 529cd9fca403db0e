// YAML files as plain trees with marks. Backed by yaml-cpp, which stays out of this header.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/mark.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {

struct YamlMember;

/// One node, aliases and merge keys (`<<`) already followed. Owns its children.
struct YamlNode {
    enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };

    Kind kind = Kind::kNull;
    Mark mark;
    std::string scalar;               ///< text of a scalar
    bool plain = false;               ///< a scalar without quotes: what it looks like decides its type
    std::vector<YamlNode> items;      ///< of a sequence
    std::vector<YamlMember> members;  ///< of a map, in order of the text; keys are unique

    /// The member with this key, or nullptr.
    const YamlNode* find(std::string_view key) const;
};

struct YamlMember {
    std::string key;
    Mark key_mark;
    YamlNode value;
};

struct YamlLimits {
    std::size_t max_bytes = 4U << 20U;
    std::size_t max_nodes = 200'000;  ///< after aliases have been followed
    std::size_t max_depth = 100;
    std::size_t max_text_bytes = 16U << 20U;  ///< of scalars and keys, after aliases have been followed
};

/// A tree, or what is wrong. `findings` may hold warnings beside a tree. When keys are wrong (duplicates, no
/// scalars, bad merges) and nothing else, `ok` is false but `root` is a tree without them, so that a caller
/// can look for further mistakes; after other errors it is null. At most 200 findings.
struct YamlResult {
    bool ok = false;
    YamlNode root;
    std::vector<Finding> findings;
};

/// Parses one document of YAML 1.2, or of JSON, whose strings and tabs yaml-cpp would not all take. Errors:
/// syntax (in words of ours, with line and column), bytes that are no text, duplicate keys (all of them, with
/// both lines), keys that are no scalars, tags beyond the core schema, several documents, alias cycles and
/// bombs, limits. Warnings: plain values that YAML 1.1 and 1.2 read differently (yes, no, on, off, 017,
/// 1_000, 12:30:45). Merge keys: a key of the map itself wins, then the first map that has it; merged members
/// stand where the
/// `<<` stood. Columns count characters. Marks of what an alias brought point to where it is written.
YamlResult parse_yaml(std::string_view text, std::string_view file, const YamlLimits& limits = {});

/// What a scalar means: plain ones by YAML 1.2's core schema (null, booleans true/false, numbers), quoted
/// ones text. Sequences and maps become arrays and objects.
Value to_value(const YamlNode& node);

}  // namespace loadgen::text
