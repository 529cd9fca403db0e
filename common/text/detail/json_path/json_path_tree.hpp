// A JSONPath as a tree (RFC 9535 section 2). Private to JsonPath.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/regex.hpp"

namespace loadgen::text {

struct PathFilter;

struct PathSelector {
    enum class Kind : std::uint8_t { kName, kNameOrIndex, kIndex, kWildcard, kSlice, kFilter };

    Kind kind = Kind::kWildcard;
    std::string name{};
    std::int64_t index = 0;  ///< of kIndex and kNameOrIndex
    std::optional<std::int64_t> start{};
    std::optional<std::int64_t> end{};
    std::int64_t step = 1;
    std::shared_ptr<const PathFilter> filter{};
};

struct PathSegment {
    bool descendant = false;
    std::vector<PathSelector> selectors;
};

struct PathQuery {
    bool from_root = true;  ///< `$`; otherwise `@`
    std::vector<PathSegment> segments;

    /// At most one node, whatever the document (section 2.3.5.1).
    bool is_singular() const;
    /// Ends in `.length`.
    bool takes_length() const;
};

/// What JavaScript's `length` is for a text or an array.
std::optional<std::size_t> javascript_length(JsonValue value);

/// What a comparison and a function take (section 2.3.5 and 2.4).
struct PathOperand {
    enum class Kind : std::uint8_t {
        kNull,
        kBool,
        kNumber,
        kString,
        kQuery,
        kLength,
        kCount,
        kValue,
        kMatch,
        kSearch
    };

    Kind kind = Kind::kNull;
    bool boolean = false;
    double number = 0;
    std::string string{};
    PathQuery query{};
    std::vector<PathOperand>
        arguments{};                 ///< of a function; of a query that takes a length, what it measures
    std::optional<Regex> pattern{};  ///< of kMatch and kSearch with a literal one
};

struct PathFilter {
    enum class Kind : std::uint8_t {
        kOr,
        kAnd,
        kNot,
        kEqual,
        kUnequal,
        kLess,
        kLessOrEqual,
        kGreater,
        kGreaterOrEqual,
        kTest
    };

    Kind kind = Kind::kTest;
    bool truth = false;                   ///< of kTest: what its query selects must be true
    std::vector<PathFilter> children{};   ///< of the first three
    std::vector<PathOperand> operands{};  ///< two of a comparison; a query or a function of kTest
};

/// Parses a whole path; `truth` as JsonPath::Tests::kTruth.
Result<PathQuery> parse_json_path(std::string_view path, bool truth);

/// The pattern of match() and search(): RFC 9485, and what JavaScript has beyond it.
Result<Regex> path_pattern(std::string_view pattern, bool whole_text);

/// Walks a document. What it may do is bounded: a path that visits too much ends early.
class PathWalk {
  public:
    PathWalk(JsonValue root, std::size_t limit) : root_(root), limit_(limit) {}

    /// Appends what `query` selects from `node` (or from the root).
    void select(const PathQuery& query, JsonValue node, std::vector<JsonValue>& out);
    std::optional<JsonValue> first(const PathQuery& query, JsonValue node);
    bool holds(const PathFilter& filter, JsonValue node);

  private:
    struct Comparable;
    struct Found;

    void start(const PathQuery& query, JsonValue node, Found& found);
    void walk(const PathSegment* at, const PathSegment* end, JsonValue node, Found& found);
    void descend(const PathSegment* at, const PathSegment* end, JsonValue node, Found& found);
    void apply(const PathSegment* at, const PathSegment* end, const PathSelector& selector, JsonValue node,
               Found& found);
    void slice(const PathSegment* at, const PathSegment* end, const PathSelector& selector, JsonValue node,
               Found& found);
    bool spend(std::size_t steps);

    bool test(const PathOperand& operand, JsonValue node);
    bool compare(PathFilter::Kind kind, const PathOperand& left, const PathOperand& right, JsonValue node);
    Comparable evaluate(const PathOperand& operand, JsonValue node);
    Comparable evaluate_query(const PathOperand& operand, JsonValue node);
    bool matches(const PathOperand& call, JsonValue node);
    std::vector<JsonValue> nodes(const PathQuery& query, JsonValue node, std::size_t limit);
    std::size_t count(const PathQuery& query, JsonValue node);
    static bool is_true(const Comparable& value);
    bool equal(const Comparable& a, const Comparable& b);

    JsonValue root_;
    std::size_t limit_;
    std::size_t steps_left_ = 5'000'000;
};

}  // namespace loadgen::text
