// An HTML document as gumbo sees it, with bounded memory. Private to HtmlSelector.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct GumboInternalNode;

namespace loadgen::text {

/// Owns the tree. Gumbo takes its memory from here, and nothing is given back before the end: gumbo would
/// free a tree by recursion, as deep as a stranger has nested it.
class HtmlDocument {
  public:
    explicit HtmlDocument(std::size_t max_memory_bytes) : memory_left_(max_memory_bytes) {}
    HtmlDocument(const HtmlDocument&) = delete;
    HtmlDocument& operator=(const HtmlDocument&) = delete;

    /// The root element, or nullptr when the tree needs too much memory. `html` must outlive the document.
    /// Once only.
    const GumboInternalNode* parse(std::string_view html);

  private:
    struct Escape;
    static void* allocate(void* escape, std::size_t bytes);
    void* take(std::size_t bytes);

    std::size_t memory_left_;
    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::byte* free_ = nullptr;
    std::size_t free_bytes_ = 0;
};

using HtmlNode = GumboInternalNode;

bool html_is_element(const HtmlNode* node);
/// Its name in small letters.
std::string html_tag(const HtmlNode* node);
/// The value, or nullptr. The name may be in letters of any size.
const char* html_attribute(const HtmlNode* node, std::string_view name);
/// The parent, when it is an element.
const HtmlNode* html_parent(const HtmlNode* node);
/// All children of its parent, this node among them at its index.
std::span<const HtmlNode* const> html_siblings(const HtmlNode* node);
std::size_t html_index(const HtmlNode* node);
/// The next node in order of the document, nullptr at the end of `root`.
const HtmlNode* html_next(const HtmlNode* node, const HtmlNode* root);
/// Appends all text inside; false beyond `most` bytes.
bool html_append_text(std::string& out, const HtmlNode* node, std::size_t most);

}  // namespace loadgen::text
