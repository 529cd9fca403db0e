// Reads paths and filters (RFC 9535). Private to JsonPath.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/text/detail/json_path/json_path_tree.hpp"

namespace loadgen::text {

/// Where the parser stands in a path, and the first fault. Holds a view of the path.
class PathCursor {
  public:
    explicit PathCursor(std::string_view text) : text_(text) {}

    std::size_t at = 0;  ///< in bytes

    std::string_view text() const { return text_; }
    bool at_end() const { return at >= text_.size(); }
    char here() const { return at_end() ? '\0' : text_[at]; }
    bool take(std::string_view sign);
    void skip_space();
    /// Letters, digits, '_', '-' and what is not ASCII; may be empty.
    std::string_view take_name();

    /// What stands in quotes (section 2.3.1.1).
    std::string string();
    double number();
    /// A whole number that JSON of every implementation can hold (section 2.1).
    std::int64_t integer();
    bool sees_number() const;

    bool failed() const { return !fault_.message.empty(); }
    const Error& fault() const { return fault_; }
    void fail(std::string_view expected);

  private:
    void escape(char quote, std::string& out);
    std::uint32_t code_unit();

    std::string_view text_;
    Error fault_;
};

class PathParser {
  public:
    PathParser(std::string_view path, bool truth) : cursor_(path), truth_(truth) {}

    Result<PathQuery> parse();

  private:
    // Nesting is bounded: each level of it is a level of the stack.
    class Level {
      public:
        explicit Level(PathParser& parser);
        ~Level() { --parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        PathParser& parser_;
    };

    void segments(PathQuery& query);
    PathSelector dotted();
    void brackets(PathSegment& segment);
    PathSelector selector();
    PathSelector from_the_end();
    PathSelector index_or_slice();
    bool sees_after_space(char c);
    std::optional<std::int64_t> optional_integer();

    PathFilter chain(std::string_view sign, PathFilter::Kind kind);
    PathFilter alternatives() { return chain("||", PathFilter::Kind::kOr); }
    PathFilter basic();
    PathFilter parentheses();
    PathFilter comparison_or_test();
    PathFilter test(PathOperand operand);
    PathOperand operand();
    PathOperand query_operand();
    PathOperand word();
    void arguments(std::size_t count, PathOperand& call);
    void check_argument(PathOperand& call, std::size_t start);
    void require_test(const PathOperand& operand);
    void require_value(const PathOperand& operand, std::size_t start);

    PathCursor cursor_;
    std::size_t depth_ = 0;
    bool truth_;
    bool in_brackets_ = false;  ///< the filter around is one of JavaScript's: ?(...)
};

}  // namespace loadgen::text
