#include <algorithm>
#include <charconv>

#include "common/text/detail/markup/html_selector_tree.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kLongestSelector = 4096;
constexpr std::size_t kMostCompounds = 16;  // trying them against each other takes steps that multiply

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string small_letters(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return text;
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<std::vector<CssComplex>> parse() {
        std::vector<CssComplex> selectors;
        do {
            selectors.push_back(complex());
        } while (!failed() && take(','));
        if (!failed() && at_ < text_.size()) fail("',' or the end of the selector");
        if (failed()) return Error{ErrorCode::kSyntax, fault_};
        return selectors;
    }

  private:
    bool failed() const { return !fault_.empty(); }
    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void fail(std::string_view expected) {
        if (failed()) return;
        fault_ = "character " + std::to_string(utf8_length(text_.substr(0, at_)) + 1) + ": found ";
        const std::size_t length = utf8_sequence_length(text_.substr(at_));
        if (at_ >= text_.size()) {
            fault_ += "the end of the selector";
        } else if (length == 0 || static_cast<unsigned char>(here()) < 0x20) {
            fault_ += "byte " + std::to_string(static_cast<unsigned char>(here()));
        } else {
            ((fault_ += '\'') += text_.substr(at_, length)) += '\'';
        }
        (fault_ += ", expected ") += expected;
    }

    bool take(char c) {
        if (here() != c || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }
    bool skip_space() {
        const std::size_t before = at_;
        at_ = std::min(text_.find_first_not_of(" \t\r\n\f", at_), text_.size());
        return at_ != before;
    }

    CssComplex complex() {
        CssComplex made;
        skip_space();
        made.compounds.push_back(compound());
        while (!failed()) {
            const bool spaced = skip_space();
            CssComplex::Joint joint = CssComplex::Joint::kDescendant;
            if (take('>')) {
                joint = CssComplex::Joint::kChild;
            } else if (take('+')) {
                joint = CssComplex::Joint::kNext;
            } else if (take('~')) {
                joint = CssComplex::Joint::kLater;
            } else if (!spaced || at_ >= text_.size() || here() == ',') {
                break;
            }
            skip_space();
            made.joints.push_back(joint);
            made.compounds.push_back(compound());
            if (made.compounds.size() > kMostCompounds) {
                fail("at most " + std::to_string(kMostCompounds) + " elements that depend on each other");
            }
        }
        return made;
    }

    CssCompound compound() {
        CssCompound made;
        const std::size_t start = at_;
        if (!take('*') && (is_name_character(here()) || here() == '\\')) made.type = small_letters(name());
        while (!failed() && simple(made)) {
        }
        if (at_ == start) fail("an element: a name, '*', '#', '.', '[' or ':'");
        return made;
    }

    bool simple(CssCompound& made) {
        if (take('#')) {
            made.attributes.push_back({"id", CssAttribute::Match::kEqual, name()});
        } else if (take('.')) {
            made.attributes.push_back({"class", CssAttribute::Match::kWord, name()});
        } else if (take('[')) {
            made.attributes.push_back(attribute());
        } else if (take(':')) {
            pseudo_class(made);
        } else {
            return false;
        }
        return true;
    }

    std::string name() {
        std::string out;
        while (!failed() && (is_name_character(here()) || here() == '\\')) character(out);
        if (out.empty()) fail("a name");
        return out;
    }

    /// One character of a name or a text, escapes resolved (CSS Syntax 4.3.7).
    void character(std::string& out) {
        if (!take('\\')) {
            const std::size_t length = utf8_sequence_length(text_.substr(at_));
            if (length == 0) return fail("UTF-8");
            out += text_.substr(at_, length);
            at_ += length;
            return;
        }
        if (at_ >= text_.size()) return fail("a character after '\\'");
        if (!is_hex(here())) {
            out += text_[at_++];
            return;
        }
        std::size_t end = at_;
        while (end < text_.size() && end < at_ + 6 && is_hex(text_[end])) ++end;
        std::uint32_t number = 0;
        std::from_chars(text_.data() + at_, text_.data() + end, number, 16);
        append_utf8(out, number);
        at_ = end;
        if (here() == ' ') ++at_;
    }

    std::string quoted_text() {
        const char quote = here();
        std::string out;
        ++at_;
        while (!failed() && here() != quote) {
            if (at_ >= text_.size()) {
                fail("a closing quote");
                break;
            }
            character(out);
        }
        if (!failed()) ++at_;
        return out;
    }

    CssAttribute attribute() {
        using Match = CssAttribute::Match;
        skip_space();
        CssAttribute made{small_letters(name())};
        skip_space();
        if (take(']')) return made;
        constexpr std::string_view kSigns = "~|^$*";
        constexpr Match kMatches[] = {Match::kWord, Match::kDash, Match::kPrefix, Match::kSuffix,
                                      Match::kSubstring};
        const std::size_t sign = at_ < text_.size() ? kSigns.find(here()) : std::string_view::npos;
        made.match = sign == std::string_view::npos ? Match::kEqual : kMatches[sign];
        if (sign != std::string_view::npos) ++at_;
        if (!take('=')) {
            fail(sign == std::string_view::npos ? "']', '=', '~=', '|=', '^=', '$=' or '*='" : "'='");
            return made;
        }
        skip_space();
        made.value = here() == '"' || here() == '\'' ? quoted_text() : name();
        skip_space();
        if (here() == 'i' || here() == 'I') {
            ++at_;
            made.ignore_case = true;
            skip_space();
        }
        if (!take(']')) fail("']'");
        return made;
    }

    void pseudo_class(CssCompound& made) {
        const std::size_t start = at_;
        const std::string which = is_name_character(here()) ? small_letters(name()) : std::string();
        if (which == "first-child" || which == "only-child") made.places.push_back({0, 1, false});
        if (which == "last-child" || which == "only-child") made.places.push_back({0, 1, true});
        if (which == "first-child" || which == "last-child" || which == "only-child") return;
        if (which == "nth-child" || which == "nth-last-child") {
            CssPlace place = arguments();
            place.from_end = which == "nth-last-child";
            made.places.push_back(place);
            return;
        }
        if (which == "not") return negation(made);
        at_ = start;
        fail("first-child, last-child, only-child, nth-child(), nth-last-child() or not()");
    }

    void negation(CssCompound& made) {
        if (!take('(')) return fail("'('");
        if (++depth_ > kMostCompounds) return fail("fewer negations inside each other");
        do {
            skip_space();
            made.none_of.push_back(compound());
            skip_space();
        } while (!failed() && take(','));
        --depth_;
        if (!failed() && !take(')')) fail("',' or ')'");
    }

    /// (an+b), (odd), (even), (5).
    CssPlace arguments() {
        CssPlace place{0, 0, false};
        if (!take('(')) {
            fail("'('");
            return place;
        }
        skip_space();
        for (const auto& [word, b] : {std::pair{std::string_view("odd"), 1}, {std::string_view("even"), 0}}) {
            if (!small_letters(std::string(text_.substr(at_, word.size()))).starts_with(word)) continue;
            at_ += word.size();
            place = {2, b, false};
            return closed(place);
        }
        bool negative = take('-');
        if (!negative) take('+');
        const bool has_digits = here() >= '0' && here() <= '9';
        const std::int64_t first = has_digits ? number() : 1;
        if (here() != 'n' && here() != 'N') {
            if (!has_digits) fail("a number, odd, even or an+b");
            place.b = negative ? -first : first;
            return closed(place);
        }
        ++at_;
        place.a = negative ? -first : first;
        skip_space();
        negative = take('-');
        if (!negative && !take('+')) return closed(place);
        skip_space();
        place.b = negative ? -number() : number();
        return closed(place);
    }

    CssPlace closed(CssPlace place) {
        skip_space();
        if (!failed() && !take(')')) fail("')'");
        return place;
    }

    std::int64_t number() {
        std::int32_t value = 0;
        const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (read.ec != std::errc() || here() == '-') {
            fail("a whole number");
            return 0;
        }
        at_ = static_cast<std::size_t>(read.ptr - text_.data());
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::string fault_;
};

}  // namespace

Result<std::vector<CssComplex>> parse_css_selectors(std::string_view text) {
    if (text.size() > kLongestSelector) {
        return Error{ErrorCode::kLimit, "found a selector of " + std::to_string(text.size()) +
                                            " bytes, allowed are " + std::to_string(kLongestSelector)};
    }
    return Parser(text).parse();
}

}  // namespace loadgen::text
