// CSS selectors over HTML documents, compiled once. Backed by gumbo, which stays out of this header.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/markup_limits.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {

/// Selectors Level 4, of it: type, *, #id, .class; [a], [a=v], [a~=v], [a|=v], [a^=v], [a$=v], [a*=v], each
/// with i; :first-child, :last-child, :only-child, :nth-child(an+b), :nth-last-child(an+b), :not(one without
/// combinators); the combinators descendant, >, + and ~; lists with commas. Immutable; copies share what is
/// compiled; any thread may select.
class HtmlSelector {
  public:
    HtmlSelector();  ///< selects nothing

    /// The error says at which character (from 1) what was found and what is allowed.
    static Result<HtmlSelector> compile(std::string_view selector);

    /// One value for each element it selects, in order of the document: all text inside it, or its attribute
    /// of this name, undefined where it has none. Whatever the text, HTML makes a document of it; the error
    /// says which limit it exceeds.
    Result<std::vector<Value>> select(std::string_view html, std::string_view attribute = {},
                                      const MarkupLimits& limits = {}) const;

  private:
    struct Program;
    std::shared_ptr<const Program> program_;
};

}  // namespace loadgen::text
