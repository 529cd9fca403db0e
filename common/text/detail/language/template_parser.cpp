// Finds what Artillery finds: `{{{?[\s$\w.[\]'"-]+}}}?` is a variable, `{{` with `$name(` inside a call, and
// anything else text.
#include <algorithm>
#include <charconv>
#include <utility>

#include "common/text/detail/language/function_lookup.hpp"
#include "common/text/detail/language/template_segment.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr int kDeepestCalls = 16;
constexpr std::string_view kArgument = "a number, a quoted text, a variable or a function";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Bytes of the white space (JavaScript's) that `text` begins with; 0 when there is none.
std::size_t blank_length(std::string_view text) {
    if (text.starts_with("\uFEFF")) return 3;
    if (text.starts_with("\u0085") || !starts_with_space(text)) return 0;  // U+0085 is Unicode's only
    return utf8_sequence_length(text);
}

class TemplateParser {
  public:
    TemplateParser(std::string_view text, SlotTable& slots, const FunctionTable& functions)
        : text_(text), slots_(slots), functions_(functions) {}

    Result<TemplateParts> run() {
        while (at_ < text_.size()) {
            const std::size_t open = std::min(text_.find("{{", at_), text_.size());
            pending_ += text_.substr(at_, open - at_);
            at_ = open;
            if (at_ == text_.size()) break;
            if (begins_call()) {
                if (auto done = call(); !done) return std::move(done).error();
            } else if (const std::size_t end = end_of_variable(); end > 0) {
                if (auto done = variable(end); !done) return std::move(done).error();
            } else {
                pending_ += text_[at_++];
            }
        }
        flush();
        return std::move(parts_);
    }

  private:
    std::size_t skip_blanks(std::size_t at) const {
        for (std::size_t length = 1; length > 0; at += length) length = blank_length(text_.substr(at));
        return at;
    }

    bool sees(char c) const { return at_ < text_.size() && text_[at_] == c; }

    Error fault(std::size_t at, std::string message) const {
        return {ErrorCode::kSyntax, "character " + std::to_string(utf8_length(text_.substr(0, at)) + 1) +
                                        ": " + std::move(message)};
    }

    Error unexpected(std::string_view expected) const {
        std::string message = "found the end of the text";
        if (at_ < text_.size()) {
            const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(text_.substr(at_)));
            message = "found '" + std::string(text_.substr(at_, length)) + '\'';
        }
        return fault(at_, (message += ", expected ") += expected);
    }

    void flush() {
        if (!pending_.empty()) parts_.segments.emplace_back(std::move(pending_));
        pending_.clear();
    }

    void note(Slot slot) {
        if (std::find(parts_.reads.begin(), parts_.reads.end(), slot) == parts_.reads.end())
            parts_.reads.push_back(slot);
    }

    // -- Variables

    /// Behind the variable that begins at the braces here; 0 when they are text.
    std::size_t end_of_variable() const {
        const std::size_t begin = inside();
        std::size_t end = begin;
        while (end < text_.size()) {
            const bool fits = is_word(text_[end]) ||
                              std::string_view("$.[]'\"-").find(text_[end]) != std::string_view::npos;
            const std::size_t length = fits ? 1 : blank_length(text_.substr(end));
            if (length == 0) break;
            end += length;
        }
        return end > begin && text_.substr(end).starts_with("}}") ? end : 0;
    }

    std::size_t inside() const { return at_ + (text_.substr(at_).starts_with("{{{") ? 3 : 2); }

    Result<void> variable(std::size_t end) {
        const std::size_t begin = inside();
        auto path = path_between(begin, end);
        if (!path) return std::move(path).error();
        const bool three = text_.substr(end).starts_with("}}}");
        if (three && begin - at_ == 2 && parts_.lost_brace == 0)
            parts_.lost_brace = utf8_length(text_.substr(0, end + 2)) + 1;
        flush();
        parts_.segments.emplace_back(std::move(*path));
        at_ = end + (three ? 3 : 2);
        return {};
    }

    Result<ValuePath> path_between(std::size_t begin, std::size_t end) {
        begin = std::min(skip_blanks(begin), end);
        std::size_t last = begin;  // behind the last character that is no blank
        for (std::size_t at = begin; at < end;) {
            const std::size_t blank = blank_length(text_.substr(at));
            at += std::max<std::size_t>(1, blank);
            if (blank == 0) last = at;
        }
        auto path = parse_path(text_.substr(begin, last - begin), slots_);
        if (!path) return fault(begin, path.error().message);
        note(path->head);
        return path;
    }

    // -- Calls

    bool begins_call() const {
        const std::size_t name = skip_blanks(at_ + 2);
        if (name >= text_.size() || text_[name] != '$') return false;
        std::size_t end = name + 1;
        while (end < text_.size() && is_word(text_[end])) ++end;
        return end > name + 1 && text_.substr(skip_blanks(end)).starts_with('(');
    }

    Result<void> call() {
        at_ = skip_blanks(at_ + 2);
        auto made = call_here();
        if (!made) return std::move(made).error();
        at_ = skip_blanks(at_);
        if (!text_.substr(at_).starts_with("}}")) return unexpected("\"}}\"");
        at_ += 2;
        flush();
        parts_.segments.emplace_back(std::move(*made));
        return {};
    }

    /// "$name(arguments)"; the next character is the dollar sign.
    Result<TemplateCall> call_here() {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        at_ = skip_blanks(skip_blanks(at_) + 1);  // behind the parenthesis
        if (++depth_ > kDeepestCalls) return fault(begin, "found calls nested too deeply");
        TemplateCall made;
        while (!sees(')')) {
            if (made.arguments.size() == kMostArguments) return fault(at_, "found too many arguments");
            if (auto added = argument(made); !added) return std::move(added).error();
            at_ = skip_blanks(at_);
            if (sees(')')) break;
            if (!sees(',')) return unexpected("',' or ')'");
            at_ = skip_blanks(at_ + 1);
            if (sees(')')) return unexpected(kArgument);
        }
        ++at_;
        --depth_;
        auto function = find_function(functions_, name, made.arguments.size());
        if (!function) return fault(begin, function.error().message);
        made.function = *function;
        return made;
    }

    Result<void> argument(TemplateCall& to) {
        if (sees('"') || sees('\'')) return quoted(to);
        const std::size_t begin = at_;
        const std::size_t end = end_of_argument();
        if (text_.substr(end).starts_with('(') && sees('$')) {
            auto nested = call_here();
            if (!nested) return std::move(nested).error();
            to.arguments.emplace_back(std::move(*nested));
            return {};
        }
        if (end == begin) return unexpected(kArgument);
        std::string_view word = text_.substr(begin, end - begin);
        word = word.substr(0, word.find_last_not_of(" \t\r\n") + 1);
        at_ = end;
        double number = 0;
        const auto [rest, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (wrong == std::errc() && rest == word.data() + word.size()) {
            to.arguments.emplace_back(Value(number));
        } else if (word == "true" || word == "false") {
            to.arguments.emplace_back(Value(word == "true"));
        } else if (word == "null") {
            to.arguments.emplace_back(Value::null());
        } else {
            auto path = path_between(begin, end);
            if (!path) return std::move(path).error();
            to.arguments.emplace_back(std::move(*path));
        }
        return {};
    }

    /// Where the number or the path that begins here ends; "a['b, c']" is one.
    std::size_t end_of_argument() const {
        std::size_t end = at_;
        while (end < text_.size() && std::string_view(",(){}").find(text_[end]) == std::string_view::npos) {
            if (text_[end] == '"' || text_[end] == '\'') {
                const auto closing = text_.find(text_[end], end + 1);
                if (closing == std::string_view::npos) break;
                end = closing;
            }
            ++end;
        }
        return end;
    }

    /// A text in quotes; a backslash stands before quotes and backslashes.
    Result<void> quoted(TemplateCall& to) {
        const std::size_t begin = at_;
        const char quote = text_[at_++];
        std::string literal;
        while (at_ < text_.size() && text_[at_] != quote) {
            const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                (text_[at_ + 1] == quote || text_[at_ + 1] == '\\');
            if (escape) ++at_;
            literal += text_[at_++];
        }
        if (at_ == text_.size()) return fault(begin, "found a quoted text without its end");
        ++at_;
        to.arguments.emplace_back(Value(std::move(literal)));
        return {};
    }

    std::string_view text_;
    SlotTable& slots_;
    const FunctionTable& functions_;
    TemplateParts parts_;
    std::string pending_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

Result<TemplateParts> parse_template(std::string_view text, SlotTable& slots,
                                     const FunctionTable& functions) {
    return TemplateParser(text, slots, functions).run();
}

}  // namespace loadgen::text
