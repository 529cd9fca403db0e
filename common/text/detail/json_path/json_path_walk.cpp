#include <algorithm>
#include <limits>

#include "common/text/detail/json_path/json_path_tree.hpp"

namespace loadgen::text {

/// The nodes of one query, or only their number and the latest; full when there is no need for more.
struct PathWalk::Found {
    std::vector<JsonValue>* nodes;
    std::size_t limit;
    std::size_t count = 0;
    std::optional<JsonValue> latest{};
    bool full() const { return count >= limit; }
};

bool PathWalk::spend(std::size_t steps) {
    if (steps_left_ < steps) {
        steps_left_ = 0;
        return false;
    }
    steps_left_ -= steps;
    return true;
}

void PathWalk::select(const PathQuery& query, JsonValue node, std::vector<JsonValue>& out) {
    Found found{&out, limit_};
    start(query, node, found);
}

std::optional<JsonValue> PathWalk::first(const PathQuery& query, JsonValue node) {
    Found found{nullptr, 1};
    start(query, node, found);
    return found.latest;
}

std::vector<JsonValue> PathWalk::nodes(const PathQuery& query, JsonValue node, std::size_t limit) {
    std::vector<JsonValue> out;
    Found found{&out, limit};
    start(query, node, found);
    return out;
}

std::size_t PathWalk::count(const PathQuery& query, JsonValue node) {
    Found found{nullptr, std::numeric_limits<std::size_t>::max()};
    start(query, node, found);
    return found.count;
}

void PathWalk::start(const PathQuery& query, JsonValue node, Found& found) {
    const PathSegment* const first = query.segments.data();
    walk(first, first + query.segments.size(), query.from_root ? root_ : node, found);
}

/// Depth first gives the order of RFC 9535 without lists in between.
void PathWalk::walk(const PathSegment* at, const PathSegment* end, JsonValue node, Found& found) {
    if (found.full() || !spend(1)) return;
    if (at == end) {
        ++found.count;
        found.latest = node;
        if (found.nodes != nullptr) found.nodes->push_back(node);
        return;
    }
    if (at->descendant) return descend(at, end, node, found);
    for (const PathSelector& selector : at->selectors) apply(at, end, selector, node, found);
}

void PathWalk::descend(const PathSegment* at, const PathSegment* end, JsonValue node, Found& found) {
    if (found.full() || !spend(1)) return;
    for (const PathSelector& selector : at->selectors) apply(at, end, selector, node, found);
    auto child = [&](JsonValue value) {
        descend(at, end, value, found);
        return !found.full() && steps_left_ > 0;
    };
    node.for_each_element(child);
    node.for_each_member([&](std::string_view, JsonValue value) { return child(value); });
}

void PathWalk::apply(const PathSegment* at, const PathSegment* end, const PathSelector& selector,
                     JsonValue node, Found& found) {
    const auto use = [&](JsonValue value) {
        walk(at + 1, end, value, found);
        return !found.full() && steps_left_ > 0;
    };
    auto use_if = [&](JsonValue value) {
        const bool wanted =
            selector.kind == PathSelector::Kind::kWildcard || (spend(1) && holds(*selector.filter, value));
        return wanted ? use(value) : steps_left_ > 0;
    };
    switch (selector.kind) {
        case PathSelector::Kind::kNameOrIndex:
        case PathSelector::Kind::kIndex: {
            const auto size = static_cast<std::int64_t>(node.kind() == JsonKind::kArray ? node.size() : 0);
            const std::int64_t index = selector.index < 0 ? selector.index + size : selector.index;
            if (index >= 0 && index < size) {
                if (!spend(static_cast<std::size_t>(index) / 16)) return;  // an array is walked to its place
                if (const auto value = node.at(static_cast<std::size_t>(index))) use(*value);
                return;
            }
            if (selector.kind == PathSelector::Kind::kIndex) return;
            [[fallthrough]];
        }
        case PathSelector::Kind::kName:
            if (!spend(node.size() / 16)) return;
            if (const auto value = node.find(selector.name)) use(*value);
            return;
        case PathSelector::Kind::kSlice:
            return slice(at, end, selector, node, found);
        case PathSelector::Kind::kWildcard:
        case PathSelector::Kind::kFilter:
            node.for_each_element(use_if);
            node.for_each_member([&](std::string_view, JsonValue value) { return use_if(value); });
            return;
    }
}

/// Section 2.3.4.2.2.
void PathWalk::slice(const PathSegment* at, const PathSegment* end, const PathSelector& selector,
                     JsonValue node, Found& found) {
    if (node.kind() != JsonKind::kArray || selector.step == 0) return;
    std::vector<JsonValue> elements;
    if (!spend(node.size() / 16)) return;
    elements.reserve(node.size());
    node.for_each_element([&elements](JsonValue value) {
        elements.push_back(value);
        return true;
    });
    const auto size = static_cast<std::int64_t>(elements.size());
    const auto normal = [size](std::int64_t i) { return i >= 0 ? i : size + i; };
    const bool up = selector.step > 0;
    const std::int64_t first = normal(selector.start.value_or(up ? 0 : size - 1));
    const std::int64_t last = selector.end ? normal(*selector.end) : (up ? size : -1);
    const std::int64_t lower =
        up ? std::clamp<std::int64_t>(first, 0, size) : std::clamp<std::int64_t>(last, -1, size - 1);
    const std::int64_t upper =
        up ? std::clamp<std::int64_t>(last, 0, size) : std::clamp<std::int64_t>(first, -1, size - 1);
    // A step beyond the array's size selects one element, and must not overflow.
    const std::int64_t step = std::clamp<std::int64_t>(selector.step, -size - 1, size + 1);
    for (std::int64_t i = up ? lower : upper; up ? i < upper : i > lower; i += step) {
        walk(at + 1, end, elements[static_cast<std::size_t>(i)], found);
        if (found.full() || steps_left_ == 0) return;
    }
}

}  // namespace loadgen::text
