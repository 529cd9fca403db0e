#include "services/contracts/detail/raw_json.hpp"

namespace loadgen::services::contracts::detail {
namespace {

/// Walks over valid JSON. Reading past the end gives NUL, which no step accepts, so it stops there.
class Walker {
  public:
    explicit Walker(std::string_view text) : text_(text) {}

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        skip_blanks();
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    std::string_view take_value() {
        skip_blanks();
        const std::size_t start = at_;
        skip_value();
        return text_.substr(start, at_ - start);
    }

  private:
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }
    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\') ++at_;
        }
        at_ = at_ < text_.size() ? at_ + 1 : text_.size();
    }
    /// Brackets inside strings do not count; in valid JSON the kinds of bracket need not be told apart.
    void skip_nested() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                skip_string();
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') ++depth;
            if ((c == '}' || c == ']') && --depth == 0) return;
        }
    }
    void skip_value() {
        if (peek() == '"') return skip_string();
        if (peek() == '{' || peek() == '[') return skip_nested();
        constexpr std::string_view kEnds = ",}] \t\r\n";
        const std::size_t end = text_.find_first_of(kEnds, at_);
        at_ = end == std::string_view::npos ? text_.size() : end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::string_view raw_member(std::string_view object, std::size_t index) {
    Walker walker(object);
    if (!walker.take('{')) return {};
    for (std::size_t i = 0;; ++i) {
        walker.take_value();  // the name
        if (!walker.take(':')) return {};
        const std::string_view value = walker.take_value();
        if (i == index) return value;
        if (!walker.take(',')) return {};
    }
}

}  // namespace loadgen::services::contracts::detail
