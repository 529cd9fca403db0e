#include "common/text/detail/json_path/json_path_parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace loadgen::text {
namespace {

constexpr std::size_t kLongestPath = 8192;
constexpr std::size_t kMostNesting = 32;

}  // namespace

PathParser::Level::Level(PathParser& parser) : parser_(parser) {
    if (++parser_.depth_ <= kMostNesting) return;
    parser_.cursor_.fail("at most " + std::to_string(kMostNesting) + " levels of nesting");
}

Result<PathQuery> PathParser::parse() {
    PathQuery query;
    cursor_.skip_space();
    if (cursor_.take("$")) {
        segments(query);
    } else if (cursor_.at_end()) {
        cursor_.fail("a path");
    } else {
        if (cursor_.here() != '.' && cursor_.here() != '[') {
            query.segments.push_back({false, {dotted()}});
        }
        segments(query);
    }
    if (!cursor_.failed() && !cursor_.at_end()) cursor_.fail("'.', '..', '[' or the end of the path");
    if (cursor_.failed()) return cursor_.fault();
    return query;
}

void PathParser::segments(PathQuery& query) {
    while (!cursor_.failed()) {
        const std::size_t before = cursor_.at;
        cursor_.skip_space();
        PathSegment segment;
        if (cursor_.take("..")) {
            segment.descendant = true;
            if (cursor_.here() == '[') {
                brackets(segment);
            } else {
                segment.selectors.push_back(dotted());
            }
        } else if (cursor_.take(".")) {
            segment.selectors.push_back(dotted());
        } else if (cursor_.here() == '[') {
            brackets(segment);
        } else {
            if (!cursor_.at_end()) cursor_.at = before;
            return;
        }
        query.segments.push_back(std::move(segment));
    }
}

/// A name without quotes. As jsonpath-plus takes them, they may contain dashes and begin with digits, and
/// digits alone mean an element, too.
PathSelector PathParser::dotted() {
    if (cursor_.take("*")) return {};
    const std::string_view name = cursor_.take_name();
    if (name.empty()) cursor_.fail("a name or '*'");
    PathSelector selector{.kind = PathSelector::Kind::kName, .name = std::string(name)};
    const auto number = std::from_chars(name.data(), name.data() + name.size(), selector.index);
    const bool is_number = number.ptr == name.data() + name.size() && number.ec == std::errc();
    if (is_number && !name.empty() && name.front() != '-') selector.kind = PathSelector::Kind::kNameOrIndex;
    return selector;
}

void PathParser::brackets(PathSegment& segment) {
    const Level level(*this);
    ++cursor_.at;
    do {
        cursor_.skip_space();
        segment.selectors.push_back(selector());
        cursor_.skip_space();
    } while (cursor_.take(","));
    if (!cursor_.take("]")) cursor_.fail("',' or ']'");
}

PathSelector PathParser::selector() {
    const char c = cursor_.here();
    if (c == '\'' || c == '"') return {.kind = PathSelector::Kind::kName, .name = cursor_.string()};
    if (cursor_.take("*")) return {};
    if (cursor_.take("?")) {
        cursor_.skip_space();
        const bool around = std::exchange(in_brackets_, cursor_.here() == '(');
        auto filter = std::make_shared<const PathFilter>(alternatives());
        in_brackets_ = around;
        return {.kind = PathSelector::Kind::kFilter, .filter = std::move(filter)};
    }
    if (c == '(') return from_the_end();
    if (c == ':' || cursor_.sees_number()) return index_or_slice();
    cursor_.fail("a name in quotes, an index, a slice, '*' or '?'");
    return {};
}

/// [(@.length-1)], the usual way to the last element before there were negative indices.
PathSelector PathParser::from_the_end() {
    PathSelector selector{.kind = PathSelector::Kind::kIndex};
    const std::size_t start = cursor_.at;
    for (const std::string_view part : {"(", "@.length", "-"}) {
        if (!cursor_.take(part)) {
            cursor_.at = start;
            cursor_.fail("no script but (@.length-1)");
            return selector;
        }
        cursor_.skip_space();
    }
    selector.index = -cursor_.integer();
    if (selector.index >= 0) cursor_.fail("a number of places from the end, at least 1");
    cursor_.skip_space();
    if (!cursor_.take(")")) cursor_.fail("')'");
    return selector;
}

PathSelector PathParser::index_or_slice() {
    PathSelector selector{.kind = PathSelector::Kind::kIndex};
    std::optional<std::int64_t> first;
    if (cursor_.here() != ':') first = cursor_.integer();
    selector.index = first.value_or(0);
    if (!sees_after_space(':')) return selector;
    selector.kind = PathSelector::Kind::kSlice;
    selector.start = first;
    ++cursor_.at;
    selector.end = optional_integer();
    if (!sees_after_space(':')) return selector;
    ++cursor_.at;
    selector.step = optional_integer().value_or(1);
    return selector;
}

bool PathParser::sees_after_space(char c) {
    const std::size_t before = cursor_.at;
    cursor_.skip_space();
    if (cursor_.here() == c) return true;
    cursor_.at = before;
    return false;
}

std::optional<std::int64_t> PathParser::optional_integer() {
    const std::size_t before = cursor_.at;
    cursor_.skip_space();
    if (cursor_.sees_number()) return cursor_.integer();
    cursor_.at = before;
    return std::nullopt;
}

bool PathQuery::is_singular() const {
    return std::all_of(segments.begin(), segments.end(), [](const PathSegment& segment) {
        if (segment.descendant || segment.selectors.size() != 1) return false;
        const PathSelector::Kind kind = segment.selectors.front().kind;
        return kind == PathSelector::Kind::kName || kind == PathSelector::Kind::kIndex ||
               kind == PathSelector::Kind::kNameOrIndex;
    });
}

bool PathQuery::takes_length() const {
    if (segments.empty() || segments.back().descendant || segments.back().selectors.size() != 1) return false;
    const PathSelector& last = segments.back().selectors.front();
    return last.kind == PathSelector::Kind::kName && last.name == "length";
}

Result<PathQuery> parse_json_path(std::string_view path, bool truth) {
    if (path.size() > kLongestPath) {
        return Error{ErrorCode::kLimit, "found a path of " + std::to_string(path.size()) +
                                            " bytes, allowed are " + std::to_string(kLongestPath)};
    }
    return PathParser(path, truth).parse();
}

}  // namespace loadgen::text
