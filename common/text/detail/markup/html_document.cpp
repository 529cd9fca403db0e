#include "common/text/detail/markup/html_document.hpp"

#include <gumbo.h>

#include <algorithm>
#include <csetjmp>

namespace loadgen::text {
namespace {

constexpr std::size_t kBlockBytes = 64U << 10U;
constexpr std::size_t kAlignment = alignof(std::max_align_t);

std::span<const GumboNode* const> children_of(const GumboNode* node) {
    const bool is_document = node->type == GUMBO_NODE_DOCUMENT;
    if (!is_document && !html_is_element(node)) return {};
    const GumboVector& children = is_document ? node->v.document.children : node->v.element.children;
    return {reinterpret_cast<const GumboNode* const*>(children.data), children.length};
}

}  // namespace

struct HtmlDocument::Escape {
    HtmlDocument* document;
    std::jmp_buf way_out;
};

void* HtmlDocument::take(std::size_t bytes) {
    bytes = (std::max<std::size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
    if (bytes > free_bytes_) {
        const std::size_t size = std::max(bytes, kBlockBytes);
        if (size > memory_left_) return nullptr;
        memory_left_ -= size;
        blocks_.push_back(std::make_unique<std::byte[]>(size));
        free_ = blocks_.back().get();
        free_bytes_ = size;
    }
    void* const taken = free_;
    free_ += bytes;
    free_bytes_ -= bytes;
    return taken;
}

void* HtmlDocument::allocate(void* escape, std::size_t bytes) {
    auto* const out = static_cast<Escape*>(escape);
    void* const taken = out->document->take(bytes);
    // Gumbo cannot be told that there is no memory. It is C and owns nothing but what it has from here, so
    // that it may be left in the middle.
    if (taken == nullptr) std::longjmp(out->way_out, 1);
    return taken;
}

const GumboNode* HtmlDocument::parse(std::string_view html) {
    Escape escape{this, {}};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = &HtmlDocument::allocate;
    options.deallocator = [](void*, void*) {};
    options.userdata = &escape;
    options.max_errors = 0;
    if (setjmp(escape.way_out) != 0) return nullptr;
    return gumbo_parse_with_options(&options, html.data(), html.size())->root;
}

bool html_is_element(const GumboNode* node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

std::string html_tag(const GumboNode* node) {
    const GumboElement& element = node->v.element;
    if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
    GumboStringPiece name = element.original_tag;
    gumbo_tag_from_original_text(&name);
    std::string tag(name.data == nullptr ? "" : name.data, name.data == nullptr ? 0 : name.length);
    for (char& c : tag) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return tag;
}

const char* html_attribute(const GumboNode* node, std::string_view name) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    const GumboVector& attributes = node->v.element.attributes;
    for (unsigned i = 0; i < attributes.length; ++i) {
        const auto* attribute = static_cast<const GumboAttribute*>(attributes.data[i]);
        const std::string_view known = attribute->name;
        if (std::equal(known.begin(), known.end(), name.begin(), name.end(),
                       [small](char a, char b) { return small(a) == small(b); })) {
            return attribute->value;
        }
    }
    return nullptr;
}

const GumboNode* html_parent(const GumboNode* node) {
    return node->parent != nullptr && html_is_element(node->parent) ? node->parent : nullptr;
}

std::span<const GumboNode* const> html_siblings(const GumboNode* node) {
    return node->parent == nullptr ? std::span<const GumboNode* const>() : children_of(node->parent);
}

std::size_t html_index(const GumboNode* node) {
    return node->index_within_parent;
}

const GumboNode* html_next(const GumboNode* node, const GumboNode* root) {
    if (const auto children = children_of(node); !children.empty()) return children.front();
    for (; node != root; node = node->parent) {
        const auto siblings = html_siblings(node);
        if (siblings.empty()) break;
        if (html_index(node) + 1 < siblings.size()) return siblings[html_index(node) + 1];
    }
    return nullptr;
}

bool html_append_text(std::string& out, const GumboNode* node, std::size_t most) {
    for (const GumboNode* each = node; each != nullptr; each = html_next(each, node)) {
        if (each->type == GUMBO_NODE_TEXT || each->type == GUMBO_NODE_WHITESPACE ||
            each->type == GUMBO_NODE_CDATA) {
            out += each->v.text.text;
        }
        if (out.size() > most) return false;
    }
    return true;
}

}  // namespace loadgen::text
