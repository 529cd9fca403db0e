// The words of an expression. Private to Expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::text {

struct ExpressionToken {
    enum class Kind : std::uint8_t {
        kEnd,
        kNumber,
        kText,        ///< "in double quotes"
        kName,        ///< a.b; also the operators that are words
        kQuotedName,  ///< 'in single quotes'
        kMember,      ///< .a.b behind something else; `text` without the first dot
        kSymbol,
    };
    Kind kind = Kind::kEnd;
    std::size_t at = 0;   ///< in bytes
    std::size_t end = 0;  ///< behind its last byte
    std::string text;     ///< of texts and quoted names without quotes and escapes
    double number = 0;
};

/// Holds a view of the text.
class ExpressionLexer {
  public:
    explicit ExpressionLexer(std::string_view text) : text_(text) {}

    Result<ExpressionToken> next();

    /// An error about what stands at this byte; its message names the character.
    Error fault(std::size_t at, std::string what) const;
    /// "found 'x', expected …".
    Error unexpected(const ExpressionToken& token, std::string_view expected) const;

  private:
    using Token = ExpressionToken;

    Result<Token> quoted(Token& token, char quote);
    Result<Token> number(Token& token);
    Result<Token> name(Token& token);
    Token finish(Token& token);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace loadgen::text
