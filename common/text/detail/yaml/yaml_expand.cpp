#include <algorithm>
#include <deque>

#include "common/text/detail/json/key_index.hpp"
#include "common/text/detail/yaml/yaml_raw.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kMostFindings = 200;

std::string_view kind_text(RawNode::Kind kind) {
    switch (kind) {
        case RawNode::Kind::kSequence:
            return "a list";
        case RawNode::Kind::kMap:
            return "a map";
        case RawNode::Kind::kNull:
            return "nothing";
        default:
            return "a text";
    }
}

class Expander {
  public:
    Expander(RawTree& tree, const YamlLimits& limits, std::string_view file, YamlResult& result)
        : nodes_(tree.nodes), limits_(limits), file_(file), result_(result) {}

    void expand() {
        result_.root = node(0, 0);
        if (stopped_) result_.root = YamlNode{};
        result_.ok = !failed_;
    }

  private:
    /// A map under construction.
    struct Map {
        YamlNode& node;
        KeyIndex places;
        std::vector<bool> is_merged;          ///< by place: from `<<`, so the map's own key replaces it
        std::deque<std::string> merged_keys;  ///< what `places` has views of
    };

    YamlNode node(std::uint32_t number, std::size_t depth) {
        if (nodes_[number].kind == RawNode::Kind::kAlias) {
            alias_mark_ = nodes_[number].mark;
            number = nodes_[number].target;
        }
        RawNode& raw = nodes_[number];
        YamlNode made;
        made.mark = raw.mark;
        if (!admit(raw, depth)) return made;
        raw.open = true;
        if (raw.kind == RawNode::Kind::kScalar) {
            scalar(raw, made);
        } else if (raw.kind == RawNode::Kind::kSequence) {
            made.kind = YamlNode::Kind::kSequence;
            sequence(raw, made, depth);
        } else if (raw.kind == RawNode::Kind::kMap) {
            made.kind = YamlNode::Kind::kMap;
            map(raw, made, depth);
        }
        raw.open = false;
        raw.visited = true;
        return made;
    }

    bool admit(const RawNode& raw, std::size_t depth) {
        if (stopped_) return false;
        bytes_ += raw.scalar.size();
        if (raw.open) {
            stop(alias_mark_, "found an alias to a value that contains it, expected one from elsewhere");
        } else if (++count_ > limits_.max_nodes) {
            stop(raw.mark, too_many_nodes(limits_) + " once aliases are followed");
        } else if (depth >= limits_.max_depth) {
            stop(raw.mark, too_deep(limits_));
        } else if (bytes_ > limits_.max_text_bytes) {
            stop(raw.mark, "found more text than the " + std::to_string(limits_.max_text_bytes) +
                               " bytes that are allowed once aliases are followed");
        }
        return !stopped_;
    }

    void scalar(const RawNode& raw, YamlNode& made) {
        made.kind = YamlNode::Kind::kScalar;
        made.scalar = raw.scalar;
        made.plain = raw.plain;
        if (!raw.plain || raw.visited) return;
        const std::string difference = yaml_1_1_difference(raw.scalar);
        if (!difference.empty()) report(Severity::kWarning, raw.mark, quoted(raw.scalar) + " " + difference);
    }

    void sequence(const RawNode& raw, YamlNode& made, std::size_t depth) {
        made.items.reserve(raw.children.size());
        const std::size_t length = path_.size();
        for (std::size_t i = 0; i < raw.children.size() && !stopped_; ++i) {
            ((path_ += '[') += std::to_string(i)) += ']';
            made.items.push_back(node(raw.children[i], depth + 1));
            path_.resize(length);
        }
    }

    void map(const RawNode& raw, YamlNode& made, std::size_t depth) {
        Map map{made, {}, {}, {}};
        made.members.reserve(raw.children.size() / 2);
        const std::size_t length = path_.size();
        for (std::size_t i = 0; i + 1 < raw.children.size() && !stopped_; i += 2) {
            const RawNode& key = resolved(raw.children[i]);
            if (!is_key(key, nodes_[raw.children[i]].mark, raw.visited)) continue;
            if (key.kind == RawNode::Kind::kScalar && key.plain && key.scalar == "<<") {
                merge(map, raw.children[i + 1], depth);
                continue;
            }
            append_key(path_, key.scalar);
            own_member(map, key, nodes_[raw.children[i]].mark, raw.children[i + 1], depth, raw.visited);
            path_.resize(length);
        }
    }

    const RawNode& resolved(std::uint32_t number) const {
        const RawNode& raw = nodes_[number];
        return raw.kind == RawNode::Kind::kAlias ? nodes_[raw.target] : raw;
    }

    bool is_key(const RawNode& key, Mark mark, bool told) {
        const bool is_scalar = key.kind == RawNode::Kind::kScalar || !key.scalar.empty();
        if (is_scalar) return true;
        if (!told) {
            std::string message = "found " + std::string(kind_text(key.kind)) + " as a key, expected a text";
            if (key.kind == RawNode::Kind::kMap) {
                message += " (a text that begins with {{ has to stand in quotes)";
            }
            report(Severity::kError, mark, std::move(message));
        }
        failed_ = true;
        return false;
    }

    void own_member(Map& map, const RawNode& key, Mark mark, std::uint32_t value, std::size_t depth,
                    bool told) {
        const auto known = map.places.find_or_add(key.scalar, map.node.members.size());
        if (!known) {
            map.is_merged.push_back(false);
            bytes_ += key.scalar.size();
            YamlNode made = node(value, depth + 1);
            map.node.members.push_back({key.scalar, mark, std::move(made)});
            return;
        }
        if (map.is_merged[*known]) {
            map.is_merged[*known] = false;
            map.node.members[*known].key_mark = mark;
            map.node.members[*known].value = node(value, depth + 1);
            return;
        }
        failed_ = true;
        if (told) return;
        const Mark first = map.node.members[*known].key_mark;
        report(Severity::kError, mark,
               "found this key again, it stands in line " + std::to_string(first.line) +
                   " already: a key may stand once in a map");
    }

    void merge(Map& map, std::uint32_t number, std::size_t depth) {
        const RawNode& source = resolved(number);
        if (source.kind == RawNode::Kind::kMap) return merge_map(map, number, depth);
        if (source.kind != RawNode::Kind::kSequence) return bad_merge(number);
        for (const std::uint32_t one : source.children) {
            if (resolved(one).kind != RawNode::Kind::kMap) {
                bad_merge(one);
            } else {
                merge_map(map, one, depth);
            }
        }
    }

    void merge_map(Map& map, std::uint32_t number, std::size_t depth) {
        YamlNode source = node(number, depth + 1);  // follows its own merges
        for (YamlMember& member : source.members) {
            const std::string& key = map.merged_keys.emplace_back(member.key);
            if (map.places.find_or_add(key, map.node.members.size())) continue;
            map.is_merged.push_back(true);
            map.node.members.push_back(std::move(member));
        }
    }

    void bad_merge(std::uint32_t number) {
        failed_ = true;
        report(Severity::kError, nodes_[number].mark,
               "found " + std::string(kind_text(resolved(number).kind)) +
                   " after <<, expected a map or a list of maps");
    }

    void report(Severity severity, Mark mark, std::string message) {
        if (severity == Severity::kError) failed_ = true;
        if (result_.findings.size() >= kMostFindings) return;
        result_.findings.push_back({severity, std::string(file_), mark, path_, std::move(message)});
    }

    void stop(Mark mark, std::string message) {
        if (stopped_) return;
        stopped_ = true;
        report(Severity::kError, mark, std::move(message));
    }

    std::vector<RawNode>& nodes_;
    const YamlLimits& limits_;
    std::string_view file_;
    YamlResult& result_;
    std::string path_;
    Mark alias_mark_;  ///< of the alias followed last: only through one can a cycle close
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    bool stopped_ = false;
    bool failed_ = false;
};

}  // namespace

void expand_yaml(RawTree& tree, const YamlLimits& limits, std::string_view file, YamlResult& result) {
    Expander(tree, limits, file, result).expand();
}

}  // namespace loadgen::text
