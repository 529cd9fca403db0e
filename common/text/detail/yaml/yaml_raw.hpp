// What a YAML or JSON text holds before aliases are followed. Private to the YAML reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/detail/source_places.hpp"
#include "common/text/yaml.hpp"

namespace loadgen::text {

/// Nodes name each other by number, so that an alias costs nothing however large its anchor's node is.
struct RawNode {
    enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap, kAlias };

    Kind kind = Kind::kNull;
    bool plain = false;
    bool open = false;     ///< being expanded: an alias to it from inside is a cycle
    bool visited = false;  ///< expanded before: what is wrong with it has been told
    Mark mark{};
    std::string scalar{};
    std::vector<std::uint32_t> children{};  ///< of a map: key, value, key, value ...
    std::uint32_t target = 0;               ///< of an alias
};

struct RawTree {
    std::vector<RawNode> nodes;  ///< the first one is the root
};

/// Reads one document of YAML, by yaml-cpp; false and a finding when it does not parse.
bool read_yaml(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree, Finding& finding);

/// Reads JSON that is known to be valid.
bool read_json(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree, Finding& finding);

/// Follows aliases and merge keys and finds duplicates; `result.root` is the tree when the limits held.
void expand_yaml(RawTree& tree, const YamlLimits& limits, std::string_view file, YamlResult& result);

/// Why YAML 1.1 reads this plain scalar differently; empty when it does not.
std::string yaml_1_1_difference(std::string_view scalar);

/// What a reader is told instead of yaml-cpp's `fault` at this offset.
std::string yaml_fault_text(std::string_view fault, std::string_view text, std::size_t offset);
std::string too_many_nodes(const YamlLimits& limits);
std::string too_deep(const YamlLimits& limits);

}  // namespace loadgen::text
