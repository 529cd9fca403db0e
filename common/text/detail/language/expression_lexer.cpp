#include "common/text/detail/language/expression_lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/text/utf8.hpp"

namespace loadgen::text {
namespace {

constexpr std::array<std::string_view, 25> kSymbols{"===", "!==", "==", "!=", "<=", ">=", "~=", "&&", "||",
                                                    "<",   ">",   "+",  "-",  "*",  "/",  "%",  "^",  "?",
                                                    ":",   ",",   "(",  ")",  "!",  "[",  "]"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Error ExpressionLexer::fault(std::size_t at, std::string what) const {
    return {ErrorCode::kSyntax,
            "character " + std::to_string(utf8_length(text_.substr(0, at)) + 1) + ": " + std::move(what)};
}

Error ExpressionLexer::unexpected(const ExpressionToken& token, std::string_view expected) const {
    std::string message = "found the end";
    if (token.kind != Token::Kind::kEnd)
        message = "found '" + std::string(text_.substr(token.at, token.end - token.at)) + '\'';
    return fault(token.at, (message += ", expected ") += expected);
}

ExpressionToken ExpressionLexer::finish(Token& token) {
    token.end = at_;
    return std::move(token);
}

Result<ExpressionToken> ExpressionLexer::next() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    Token token;
    token.at = at_;
    if (at_ == text_.size()) return finish(token);
    const char c = text_[at_];
    const char then = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '"' || c == '\'') return quoted(token, c);
    if (is_digit(c) || (c == '.' && is_digit(then))) return number(token);
    if (starts_name(c) || (c == '.' && starts_name(then))) return name(token);
    for (const std::string_view known : kSymbols) {
        if (!text_.substr(at_).starts_with(known)) continue;
        token.kind = Token::Kind::kSymbol;
        token.text = known;
        at_ += known.size();
        return finish(token);
    }
    return fault(at_, "found '" + std::string(1, c) + "', expected a value, a variable or an operator");
}

Result<ExpressionToken> ExpressionLexer::number(Token& token) {
    const char* const end = text_.data() + text_.size();
    const auto [rest, wrong] = std::from_chars(text_.data() + at_, end, token.number);
    if (wrong == std::errc::result_out_of_range) return fault(at_, "found a number that no double can hold");
    at_ = static_cast<std::size_t>(rest - text_.data());
    token.kind = Token::Kind::kNumber;
    return finish(token);
}

Result<ExpressionToken> ExpressionLexer::name(Token& token) {
    token.kind = text_[at_] == '.' ? Token::Kind::kMember : Token::Kind::kName;
    if (token.kind == Token::Kind::kMember) ++at_;
    while (at_ < text_.size() && (starts_name(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) {
        const bool ends_part =
            text_[at_] == '.' &&
            (at_ + 1 == text_.size() || !(starts_name(text_[at_ + 1]) || is_digit(text_[at_ + 1])));
        if (ends_part)
            return fault(at_, "found '.' at the end of a name, expected a member's name behind it");
        token.text += text_[at_++];
    }
    return finish(token);
}

/// Escapes are \" \' \\ and the line's \n \r \t; any other backslash stands for itself, as patterns want it.
Result<ExpressionToken> ExpressionLexer::quoted(Token& token, char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
        constexpr std::string_view kEscapes = "\"'\\nrt";
        constexpr std::string_view kMeant = "\"'\\\n\r\t";
        const auto escape = text_[at_] == '\\' && at_ + 1 < text_.size() ? kEscapes.find(text_[at_ + 1])
                                                                         : std::string_view::npos;
        if (escape == std::string_view::npos) {
            token.text += text_[at_];
        } else {
            token.text += kMeant[escape];
            ++at_;
        }
    }
    if (at_ == text_.size()) {
        return fault(token.at, quote == '"' ? "found a text without its closing '\"'"
                                            : "found a name without its closing \"'\"");
    }
    ++at_;
    token.kind = quote == '"' ? Token::Kind::kText : Token::Kind::kQuotedName;
    return finish(token);
}

}  // namespace loadgen::text
