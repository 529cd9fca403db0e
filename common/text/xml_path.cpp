#include "common/text/xml_path.hpp"

#include <pugixml.hpp>

#include <string>

#include "common/text/detail/source_places.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kLongestPath = 4096;

bool is_text(const pugi::xml_node& node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

/// All text inside, without recursion: documents nest as deep as they like. False beyond `most` bytes.
bool append_text(std::string& out, const pugi::xml_node& top, std::size_t most) {
    if (top.type() != pugi::node_element && top.type() != pugi::node_document) {
        out += top.value();
        return out.size() <= most;
    }
    pugi::xml_node node = top.first_child();
    while (node) {
        if (is_text(node)) out += node.value();
        if (out.size() > most) return false;
        if (node.first_child()) {
            node = node.first_child();
            continue;
        }
        while (node && node != top && !node.next_sibling()) node = node.parent();
        node = node == top ? pugi::xml_node() : node.next_sibling();
    }
    return true;
}

Result<std::vector<Value>> texts(const pugi::xpath_node_set& nodes, const MarkupLimits& limits) {
    std::vector<Value> out;
    std::size_t left = limits.max_text_bytes;
    for (const pugi::xpath_node& node : nodes) {
        if (out.size() == limits.max_matches) break;
        std::string text;
        if (node.attribute()) {
            text = node.attribute().value();
        } else if (!append_text(text, node.node(), left)) {
            return markup_matches_too_much(limits);
        }
        if (text.size() > left) return markup_matches_too_much(limits);
        left -= text.size();
        out.push_back(Value(std::move(text)));
    }
    return out;
}

Error syntax_error(std::string_view xml, const pugi::xml_parse_result& result) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0));
    const Mark mark = SourcePlaces(xml).mark_at(offset);
    return {ErrorCode::kSyntax, "line " + std::to_string(mark.line) + ", column " +
                                    std::to_string(mark.column) + ": found no XML: " + result.description()};
}

}  // namespace

struct XmlPath::Query {
    explicit Query(const char* path) : query(path) {}
    pugi::xpath_query query;
};

XmlPath::XmlPath() = default;

Result<XmlPath> XmlPath::compile(std::string_view path) {
    if (path.size() > kLongestPath) {
        return Error{ErrorCode::kLimit, "found a path of " + std::to_string(path.size()) +
                                            " bytes, allowed are " + std::to_string(kLongestPath)};
    }
    const std::string text(path);
    if (text.find('\0') != std::string::npos)
        return Error{ErrorCode::kSyntax, "found byte 0, expected a path of XPath"};
    try {
        XmlPath compiled;
        compiled.query_ = std::make_shared<const Query>(text.c_str());
        return compiled;
    } catch (const pugi::xpath_exception& fault) {
        const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(fault.result().offset, 0));
        return Error{ErrorCode::kSyntax,
                     "character " + std::to_string(utf8_length(path.substr(0, offset)) + 1) + ": found " +
                         (offset >= path.size() ? "the end of the path" : quoted(path.substr(offset))) +
                         ", expected a path of XPath 1.0: " + fault.result().description()};
    }
}

Result<std::vector<Value>> XmlPath::select(std::string_view xml, const MarkupLimits& limits) const {
    if (!query_) return std::vector<Value>();
    if (auto too_large = markup_too_large(xml, limits)) return std::move(*too_large);
    pugi::xml_document document;
    // White space between elements counts as text, as XPath has it.
    const auto parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    if (!parsed) return syntax_error(xml, parsed);
    try {
        const pugi::xpath_query& query = query_->query;
        switch (query.return_type()) {
            case pugi::xpath_type_number:
                return std::vector<Value>{Value::number(query.evaluate_number(document))};
            case pugi::xpath_type_boolean:
                return std::vector<Value>{Value(query.evaluate_boolean(document))};
            case pugi::xpath_type_string:
                return std::vector<Value>{Value(query.evaluate_string(document))};
            default: {
                pugi::xpath_node_set nodes = query.evaluate_node_set(document);
                nodes.sort();
                return texts(nodes, limits);
            }
        }
    } catch (const pugi::xpath_exception& fault) {
        return Error{ErrorCode::kLimit, std::string("could not evaluate the path: ") + fault.what()};
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kLimit, "could not evaluate the path: out of memory"};
    }
}

}  // namespace loadgen::text
