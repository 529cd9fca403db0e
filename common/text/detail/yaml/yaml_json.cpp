#include <algorithm>
#include <cstdint>

#include "common/text/detail/yaml/yaml_raw.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

/// Expects valid JSON, so it looks only at what tells values apart.
class Reader {
  public:
    Reader(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree)
        : source_(source), text_(source.text()), limits_(limits), tree_(tree) {}

    bool read() {
        value();
        return !full_;
    }
    /// Of the first value that was one too many.
    Mark full_at() const { return source_.mark_at(full_at_); }

  private:
    void skip_space() {
        at_ = text_.find_first_not_of(" \t\r\n", at_);
        if (at_ == std::string_view::npos) at_ = text_.size();
    }
    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    std::uint32_t add(RawNode::Kind kind) {
        if (tree_.nodes.size() >= limits_.max_nodes && !full_) {
            full_ = true;
            full_at_ = at_;
        }
        RawNode& node = tree_.nodes.emplace_back();
        node.kind = kind;
        node.mark = source_.mark_at(at_);
        return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
    }

    std::uint32_t value() {
        skip_space();
        switch (here()) {
            case '{':
                return collection(RawNode::Kind::kMap, '}');
            case '[':
                return collection(RawNode::Kind::kSequence, ']');
            case '"':
                return string();
            default:
                return word();
        }
    }

    std::uint32_t collection(RawNode::Kind kind, char end) {
        const std::uint32_t node = add(kind);
        ++at_;
        while (!full_) {
            skip_space();
            if (here() == ',' || here() == ':') {
                ++at_;
                continue;
            }
            if (here() == end) break;
            const std::uint32_t child = value();
            tree_.nodes[node].children.push_back(child);
        }
        ++at_;
        return node;
    }

    std::uint32_t string() {
        const std::uint32_t node = add(RawNode::Kind::kScalar);
        std::string text;
        ++at_;
        while (here() != '"') {
            const std::size_t end = text_.find_first_of("\"\\", at_);
            text += text_.substr(at_, end - at_);
            at_ = end;
            if (here() == '\\') escape(text);
        }
        ++at_;
        tree_.nodes[node].scalar = std::move(text);
        return node;
    }

    void escape(std::string& text) {
        const char c = text_[at_ + 1];
        at_ += 2;
        constexpr std::string_view kNames = "bfnrt";
        constexpr std::string_view kMeanings = "\b\f\n\r\t";
        if (c == 'u') {
            append_utf8(text, code_unit());
        } else if (const auto named = kNames.find(c); named != std::string_view::npos) {
            text += kMeanings[named];
        } else {
            text += c;
        }
    }

    std::uint32_t hex(std::size_t at) const {
        std::uint32_t value = 0;
        for (const char c : text_.substr(at, 4)) {
            const auto digit = static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
            value = value << 4 | digit;
        }
        return value;
    }

    std::uint32_t code_unit() {
        const std::uint32_t high = hex(at_);
        at_ += 4;
        if (high < 0xD800 || high > 0xDBFF || text_.substr(at_, 2) != "\\u") return high;
        const std::uint32_t low = hex(at_ + 2);
        if (low < 0xDC00 || low > 0xDFFF) return high;
        at_ += 6;
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }

    std::uint32_t word() {
        const std::uint32_t node = add(RawNode::Kind::kScalar);
        const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
        RawNode& made = tree_.nodes[node];
        made.plain = true;
        made.scalar = text_.substr(at_, end - at_);
        if (made.scalar == "null") made.kind = RawNode::Kind::kNull;
        at_ = end;
        return node;
    }

    const SourcePlaces& source_;
    std::string_view text_;
    const YamlLimits& limits_;
    RawTree& tree_;
    std::size_t at_ = 0;
    bool full_ = false;
    std::size_t full_at_ = 0;
};

}  // namespace

bool read_json(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree, Finding& finding) {
    Reader reader(source, limits, tree);
    if (reader.read()) return true;
    finding.mark = reader.full_at();
    finding.message = too_many_nodes(limits);
    return false;
}

}  // namespace loadgen::text
