#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_map>

#include "common/text/detail/yaml/yaml_raw.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

/// Leaves yaml-cpp's parser, which has no other way out. Caught in read_yaml.
struct Refusal {
    Mark mark;
    std::string message;
};

/// Reads from a view without a copy.
class ViewBuffer : public std::streambuf {
  public:
    explicit ViewBuffer(std::string_view text) {
        char* start = const_cast<char*>(text.data());  // the get area is never written to
        setg(start, start, start + text.size());
    }
};

bool is_null_word(std::string_view text) {
    return text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Where the value begins behind its tag and its anchor.
std::size_t skip_properties(std::string_view text, std::size_t at) {
    while (at < text.size() && std::string_view("!& \t\n#").find(text[at]) != std::string_view::npos) {
        if (text[at] == '#') {
            at = text.find('\n', at);
        } else if (text[at] == '!' || text[at] == '&') {
            at = text.find_first_of(" \t\n", at);
        } else {
            ++at;
        }
    }
    return at;
}

/// Whether the quote that opens here is closed. yaml-cpp does not mind when the file ends with a line break.
bool is_closed(std::string_view text, std::size_t at) {
    const char quote = text[at];
    while (++at < text.size()) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            if (quote == '"' || text.substr(at + 1, 1) != "'") return true;
            ++at;
        }
    }
    return false;
}

/// yaml-cpp writes \N and \_ as one byte of Latin-1 into what is UTF-8 otherwise.
std::string with_repaired_escapes(const std::string& value) {
    std::string out;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t length = utf8_sequence_length(std::string_view(value).substr(at));
        if (length == 0) out += '\xC2';
        out.append(value, at, std::max(length, std::size_t{1}));
        at += std::max(length, std::size_t{1});
    }
    return out;
}

// yaml-cpp ends a plain text inside { } and [ ] at any '?', as in {url: /a?b=c}. It gets to see this byte
// instead, which the text has nowhere, where a '?' does not begin a key.
constexpr char kQuestionMark = '\x01';

std::string with_questions_hidden(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\n";
    std::string out(text);
    for (std::size_t at = out.find('?'); at != std::string::npos; at = out.find('?', at + 1)) {
        const std::size_t before = std::string_view(out).substr(0, at).find_last_not_of(" \t");
        const bool starts = before == std::string::npos ||
                            std::string_view("\n,[{-?:").find(out[before]) != std::string_view::npos;
        const bool stands_alone = at + 1 == out.size() || kBlanks.find(out[at + 1]) != std::string_view::npos;
        if (!starts || !stands_alone) out[at] = kQuestionMark;
    }
    return out;
}

std::string with_questions_shown(std::string text) {
    std::replace(text.begin(), text.end(), kQuestionMark, '?');
    return text;
}

class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree)
        : source_(source), limits_(limits), tree_(tree) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ == 0) return;
        throw Refusal{place(mark), "found a second document, expected one document in a file"};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        RawNode node{.kind = RawNode::Kind::kNull, .plain = true, .mark = place(mark)};
        // A missing value is reported where the next token stands; as a key it is spelled as it was.
        const std::string_view rest = source_.text().substr(offset(mark));
        const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,:]}"));
        if (is_null_word(word)) {
            node.scalar = word;
        } else if (expects_value()) {
            node.mark = tree_.nodes[tree_.nodes[stack_.back()].children.back()].mark;
        }
        add(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add({.kind = RawNode::Kind::kAlias, .mark = place(mark), .target = anchors_.at(anchor)}, 0);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (tag != "?") require_closed(offset(mark));
        RawNode node{.kind = RawNode::Kind::kScalar, .mark = place(mark)};
        node.scalar = with_questions_shown(tag == "?" ? value : with_repaired_escapes(value));
        node.plain = is_typed(tag, mark);
        if (tag == "tag:yaml.org,2002:null") node.kind = RawNode::Kind::kNull;
        add(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        require_tag(tag, "tag:yaml.org,2002:seq", mark);
        stack_.push_back(add({.kind = RawNode::Kind::kSequence, .mark = place(mark)}, anchor));
    }
    void OnSequenceEnd() override { stack_.pop_back(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        require_tag(tag, "tag:yaml.org,2002:map", mark);
        stack_.push_back(add({.kind = RawNode::Kind::kMap, .mark = place(mark)}, anchor));
    }
    void OnMapEnd() override { stack_.pop_back(); }

  private:
    std::size_t offset(const YAML::Mark& mark) const {
        return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), source_.text().size());
    }
    Mark place(const YAML::Mark& mark) const { return source_.mark_at(offset(mark)); }

    void require_closed(std::size_t at) const {
        const std::string_view text = source_.text();
        at = skip_properties(text, at);
        if (at >= text.size() || (text[at] != '"' && text[at] != '\'') || is_closed(text, at)) return;
        throw Refusal{source_.mark_at(at), "found a quote that is never closed"};
    }

    bool expects_value() const {
        if (stack_.empty()) return false;
        const RawNode& parent = tree_.nodes[stack_.back()];
        return parent.kind == RawNode::Kind::kMap && parent.children.size() % 2 == 1;
    }

    std::uint32_t add(RawNode node, YAML::anchor_t anchor) {
        if (tree_.nodes.size() >= limits_.max_nodes) throw Refusal{node.mark, too_many_nodes(limits_)};
        if (stack_.size() >= limits_.max_depth) throw Refusal{node.mark, too_deep(limits_)};
        const auto number = static_cast<std::uint32_t>(tree_.nodes.size());
        tree_.nodes.push_back(std::move(node));
        if (!stack_.empty()) tree_.nodes[stack_.back()].children.push_back(number);
        if (anchor != YAML::NullAnchor) anchors_[anchor] = number;
        return number;
    }

    /// Whether what the scalar looks like decides its type: plain ones, and those that a tag makes so.
    bool is_typed(const std::string& tag, const YAML::Mark& mark) const {
        if (tag == "?") return true;
        if (tag == "!" || tag == "tag:yaml.org,2002:str") return false;
        for (const std::string_view typed : {"int", "float", "bool", "null"}) {
            if (tag == "tag:yaml.org,2002:" + std::string(typed)) return true;
        }
        refuse_tag(tag, mark);
    }

    void require_tag(const std::string& tag, std::string_view allowed, const YAML::Mark& mark) const {
        if (tag != "?" && tag != "!" && tag != allowed) refuse_tag(tag, mark);
    }

    [[noreturn]] void refuse_tag(const std::string& tag, const YAML::Mark& mark) const {
        throw Refusal{place(mark), "found the tag " + quoted(with_questions_shown(tag)) +
                                       ", allowed are !!str, !!int, !!float, !!bool, !!null, !!seq and "
                                       "!!map, each on a value of its kind"};
    }

    const SourcePlaces& source_;
    const YamlLimits& limits_;
    RawTree& tree_;
    std::vector<std::uint32_t> stack_;
    std::unordered_map<YAML::anchor_t, std::uint32_t> anchors_;
    int documents_ = 0;
};

/// yaml-cpp's mark, but at the beginning of what is wrong.
std::size_t fault_offset(const YAML::Exception& fault, const SourcePlaces& source) {
    const auto offset = std::min(static_cast<std::size_t>(std::max(fault.mark.pos, 0)), source.text().size());
    const bool is_escape = std::string_view(fault.msg).starts_with("unknown escape");
    return is_escape && offset >= 2 ? offset - 2 : offset;
}

}  // namespace

bool read_yaml(const SourcePlaces& source, const YamlLimits& limits, RawTree& tree, Finding& finding) {
    try {
        const std::string text = with_questions_hidden(source.text());
        ViewBuffer buffer(text);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        TreeBuilder builder(source, limits, tree);
        while (parser.HandleNextDocument(builder)) {
        }
        if (tree.nodes.empty()) tree.nodes.push_back({.mark = {1, 1}});  // an empty file
        return true;
    } catch (const Refusal& refusal) {
        finding.mark = refusal.mark;
        finding.message = refusal.message;
    } catch (const YAML::DeepRecursion& fault) {
        finding.mark = source.mark_at(fault_offset(fault, source));
        finding.message = too_deep(limits);
    } catch (const YAML::Exception& fault) {
        const std::size_t offset = fault_offset(fault, source);
        finding.mark = source.mark_at(offset);
        finding.message = yaml_fault_text(fault.msg, source.text(), offset);
    }
    return false;
}

}  // namespace loadgen::text
