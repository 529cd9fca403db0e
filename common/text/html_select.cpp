#include "common/text/html_select.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "common/text/detail/markup/html_document.hpp"
#include "common/text/detail/markup/html_selector_tree.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kMostSteps = 5'000'000;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

char small_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool same_text(std::string_view a, std::string_view b, bool ignore_case) {
    if (!ignore_case) return a == b;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return small_letter(x) == small_letter(y); });
}

bool has_word(std::string_view words, std::string_view word, bool ignore_case) {
    for (std::size_t at = 0; at < words.size();) {
        if (is_space(words[at])) {
            ++at;
            continue;
        }
        const auto end = static_cast<std::size_t>(
            std::find_if(words.begin() + static_cast<std::ptrdiff_t>(at), words.end(), is_space) -
            words.begin());
        if (same_text(words.substr(at, end - at), word, ignore_case)) return true;
        at = end;
    }
    return false;
}

bool has_substring(std::string_view text, std::string_view part, bool ignore_case) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(), [ignore_case](char x, char y) {
               return ignore_case ? small_letter(x) == small_letter(y) : x == y;
           }) != text.end();
}

bool fits(const CssAttribute& wanted, std::string_view value) {
    const std::string_view text = wanted.value;
    const bool any_case = wanted.ignore_case;
    const bool long_enough = !text.empty() && value.size() >= text.size();
    switch (wanted.match) {
        case CssAttribute::Match::kPresent:
            return true;
        case CssAttribute::Match::kEqual:
            return same_text(value, text, any_case);
        case CssAttribute::Match::kWord:
            return has_word(value, text, any_case);
        case CssAttribute::Match::kDash:
            return same_text(value, text, any_case) ||
                   (value.size() > text.size() && value[text.size()] == '-' &&
                    same_text(value.substr(0, text.size()), text, any_case));
        case CssAttribute::Match::kPrefix:
            return long_enough && same_text(value.substr(0, text.size()), text, any_case);
        case CssAttribute::Match::kSuffix:
            return long_enough && same_text(value.substr(value.size() - text.size()), text, any_case);
        case CssAttribute::Match::kSubstring:
            return long_enough && has_substring(value, text, any_case);
    }
    return false;
}

/// Matches elements against selectors, and counts how much work that is.
class Matcher {
  public:
    bool exhausted() const { return steps_left_ == 0; }

    bool matches(const HtmlNode* node, const CssComplex& selector) {
        return matches_from(node, selector, selector.compounds.size() - 1);
    }

  private:
    bool spend() {
        if (steps_left_ > 0) --steps_left_;
        return steps_left_ > 0;
    }

    /// From right to left; what joins says where the next one may be.
    bool matches_from(const HtmlNode* node, const CssComplex& selector, std::size_t last) {
        if (!spend() || !is(node, selector.compounds[last])) return false;
        if (last == 0) return true;
        const CssComplex::Joint joint = selector.joints[last - 1];
        const bool among_parents =
            joint == CssComplex::Joint::kDescendant || joint == CssComplex::Joint::kChild;
        const bool only_one = joint == CssComplex::Joint::kChild || joint == CssComplex::Joint::kNext;
        const auto next = [&](const HtmlNode* from) {
            return among_parents ? html_parent(from) : before(from);
        };
        for (const HtmlNode* other = next(node); other != nullptr; other = next(other)) {
            if (matches_from(other, selector, last - 1)) return true;
            if (only_one || exhausted()) return false;
        }
        return false;
    }

    const HtmlNode* before(const HtmlNode* node) {
        const auto siblings = html_siblings(node);
        if (siblings.empty()) return nullptr;
        for (std::size_t i = html_index(node); i-- > 0 && spend();) {
            if (html_is_element(siblings[i])) return siblings[i];
        }
        return nullptr;
    }

    bool is(const HtmlNode* node, const CssCompound& compound) {
        if (!compound.type.empty() && html_tag(node) != compound.type) return false;
        const bool has_all = std::all_of(compound.attributes.begin(), compound.attributes.end(),
                                         [node](const CssAttribute& wanted) {
                                             const char* value = html_attribute(node, wanted.name);
                                             return value != nullptr && fits(wanted, value);
                                         });
        return has_all &&
               std::all_of(compound.places.begin(), compound.places.end(),
                           [&](const CssPlace& place) { return stands(node, place); }) &&
               std::none_of(compound.none_of.begin(), compound.none_of.end(),
                            [&](const CssCompound& other) { return is(node, other); });
    }

    bool stands(const HtmlNode* node, const CssPlace& place) {
        const auto siblings = html_siblings(node);
        if (siblings.empty()) return false;
        const Places& places = places_of(siblings);
        const std::int64_t before = places.before[html_index(node)];
        const std::int64_t rest = (place.from_end ? places.count - before : before + 1) - place.b;
        if (place.a == 0) return rest == 0;
        return rest % place.a == 0 && rest / place.a >= 0;
    }

    /// How many elements stand among siblings, and before each of them. Counted once.
    struct Places {
        std::int64_t count = 0;
        std::vector<std::int64_t> before;
    };
    const Places& places_of(std::span<const HtmlNode* const> siblings) {
        const auto [known, is_new] = places_.try_emplace(siblings.data());
        Places& places = known->second;
        if (!is_new) return places;
        places.before.reserve(siblings.size());
        for (const HtmlNode* sibling : siblings) {
            places.before.push_back(places.count);
            if (html_is_element(sibling)) ++places.count;
        }
        return places;
    }

    std::unordered_map<const void*, Places> places_;
    std::size_t steps_left_ = kMostSteps;
};

}  // namespace

struct HtmlSelector::Program {
    std::vector<CssComplex> selectors;
};

HtmlSelector::HtmlSelector() = default;

Result<HtmlSelector> HtmlSelector::compile(std::string_view selector) {
    auto selectors = parse_css_selectors(selector);
    if (!selectors) return std::move(selectors).error();
    HtmlSelector compiled;
    compiled.program_ = std::make_shared<const Program>(Program{std::move(*selectors)});
    return compiled;
}

Result<std::vector<Value>> HtmlSelector::select(std::string_view html, std::string_view attribute,
                                                const MarkupLimits& limits) const {
    std::vector<Value> out;
    if (!program_) return out;
    if (auto too_large = markup_too_large(html, limits)) return std::move(*too_large);
    HtmlDocument document(limits.max_memory_bytes);
    const HtmlNode* const root = document.parse(html);
    if (root == nullptr) {
        return Error{ErrorCode::kLimit, "found a document whose tree needs more than " +
                                            std::to_string(limits.max_memory_bytes) + " bytes"};
    }
    Matcher matcher;
    std::size_t left = limits.max_text_bytes;
    for (const HtmlNode* node = root; node != nullptr; node = html_next(node, root)) {
        if (!html_is_element(node)) continue;
        const bool wanted =
            std::any_of(program_->selectors.begin(), program_->selectors.end(),
                        [&](const CssComplex& selector) { return matcher.matches(node, selector); });
        if (matcher.exhausted()) {
            return Error{ErrorCode::kLimit, "found a document with which the selector takes too many steps"};
        }
        if (!wanted) continue;
        if (out.size() == limits.max_matches) break;
        if (attribute.empty()) {
            std::string text;
            if (!html_append_text(text, node, left)) return markup_matches_too_much(limits);
            left -= text.size();
            out.push_back(Value(std::move(text)));
        } else {
            const char* const value = html_attribute(node, attribute);
            out.push_back(value == nullptr ? Value() : Value(value));
        }
    }
    return out;
}

}  // namespace loadgen::text
