#include <algorithm>

#include "common/text/detail/json/json_equal.hpp"
#include "common/text/detail/json_schema/json_schema_tree.hpp"
#include "common/text/detail/source_places.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kMostDepth = 300;
constexpr std::size_t kMostListed = 10;

}  // namespace

/// Tries a schema without reporting.
class SchemaRun::Quiet {
  public:
    explicit Quiet(SchemaRun& run) : run_(run), before_(run.quiet_) { run.quiet_ = true; }
    ~Quiet() { run_.quiet_ = before_; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

  private:
    SchemaRun& run_;
    bool before_;
};

void SchemaRun::report(std::string message) {
    if (!quiet_ && violations_.size() < limit_) violations_.push_back({path_, std::move(message)});
}

bool SchemaRun::test(SchemaId id, JsonValue value) {
    const Quiet quiet(*this);
    return check(id, value);
}

bool SchemaRun::check(SchemaId id, JsonValue value) {
    if (steps_left_ == 0 || depth_ >= kMostDepth) {
        report(depth_ >= kMostDepth ? "found a schema that refers to itself without end"
                                    : "found too much to check against this schema");
        steps_left_ = 0;
        return false;
    }
    --steps_left_;
    ++depth_;
    const SchemaNode& node = nodes_[id];
    // A value of the wrong kind breaks other rules, too; they would only repeat it.
    bool valid = check_kind(node, value);
    if (valid) {
        valid = check_number(node, value);
        valid &= check_string(node, value);
        valid &= value.kind() != JsonKind::kArray || check_array(node, value);
        valid &= value.kind() != JsonKind::kObject || check_object(node, value);
        valid &= check_combined(node, value);
    }
    --depth_;
    return valid;
}

bool SchemaRun::inside(std::string_view step, SchemaId id, JsonValue value) {
    const std::size_t length = path_.size();
    path_ += step;
    const bool valid = check(id, value);
    path_.resize(length);
    return valid;
}

bool SchemaRun::check_array(const SchemaNode& node, JsonValue value) {
    bool valid = check_count(value.size(), "elements", node.min_items, node.max_items);
    if (!node.prefix_items.empty() || node.items) valid &= check_items(node, value);
    if (node.contains) valid &= check_contains(node, value);
    if (node.unique_items) valid &= check_unique(value);
    return valid;
}

bool SchemaRun::check_items(const SchemaNode& node, JsonValue value) {
    bool valid = true;
    std::size_t index = 0;
    value.for_each_element([&](JsonValue element) {
        const bool in_prefix = index < node.prefix_items.size();
        if (!in_prefix && !node.items) return false;
        const SchemaId id = in_prefix ? node.prefix_items[index] : *node.items;
        valid &= inside("[" + std::to_string(index) + "]", id, element);
        ++index;
        return valid || (!quiet_ && violations_.size() < limit_);
    });
    return valid;
}

bool SchemaRun::check_contains(const SchemaNode& node, JsonValue value) {
    std::size_t count = 0;
    value.for_each_element([&](JsonValue element) {
        if (test(*node.contains, element)) ++count;
        return true;
    });
    return check_count(count, "elements that the schema wants to be there", node.min_contains.value_or(1),
                       node.max_contains);
}

bool SchemaRun::check_unique(JsonValue value) {
    std::map<std::string, std::size_t> seen;
    bool valid = true;
    std::size_t index = 0;
    value.for_each_element([&](JsonValue element) {
        std::string text;
        append_canonical(text, element);
        const auto [known, is_new] = seen.emplace(std::move(text), index);
        if (!is_new) {
            report("found the same element at " + std::to_string(known->second) + " and " +
                   std::to_string(index) + ", expected each once");
        }
        valid &= is_new;
        ++index;
        return valid;
    });
    return valid;
}

bool SchemaRun::check_object(const SchemaNode& node, JsonValue value) {
    bool valid = check_count(value.size(), "members", node.min_properties, node.max_properties);
    valid &= check_required(node.required, value);
    valid &= check_dependencies(node, value);
    const bool looks_at_members = !node.properties.empty() || !node.pattern_properties.empty() ||
                                  node.additional_properties || node.property_names;
    if (looks_at_members) valid &= check_members(node, value);
    return valid;
}

bool SchemaRun::check_required(const std::vector<std::string>& names, JsonValue value) {
    bool valid = true;
    for (const std::string& name : names) {
        if (value.find(name)) continue;
        report("found no member " + quoted(name) + ", expected one");
        valid = false;
    }
    return valid;
}

bool SchemaRun::check_dependencies(const SchemaNode& node, JsonValue value) {
    bool valid = true;
    for (const auto& [name, names] : node.dependent_required) {
        if (value.find(name)) valid &= check_required(names, value);
    }
    for (const auto& [name, id] : node.dependent_schemas) {
        if (value.find(name)) valid &= check(id, value);
    }
    return valid;
}

bool SchemaRun::check_members(const SchemaNode& node, JsonValue value) {
    bool valid = true;
    value.for_each_member([&](std::string_view name, JsonValue member) {
        const std::size_t length = path_.size();
        append_key(path_, name);
        valid &= check_member(node, name, member);
        path_.resize(length);
        return valid || (!quiet_ && violations_.size() < limit_);
    });
    return valid;
}

bool SchemaRun::check_member(const SchemaNode& node, std::string_view name, JsonValue value) {
    bool valid = true;
    if (node.property_names) {
        std::string json;
        append_json_string(json, name);
        JsonDocument document;
        const auto text = document.parse(json);
        valid = text && check(*node.property_names, *text);
    }
    bool known = false;
    if (const auto property = node.properties.find(name); property != node.properties.end()) {
        known = true;
        valid &= check(property->second, value);
    }
    for (const auto& [pattern, id] : node.pattern_properties) {
        if (!pattern.matches(name)) continue;
        known = true;
        valid &= check(id, value);
    }
    if (known || !node.additional_properties) return valid;
    if (!nodes_[*node.additional_properties].never) return check(*node.additional_properties, value) && valid;
    std::string message = "found a member that is not allowed, expected ";
    std::size_t listed = 0;
    for (const auto& [allowed, id] : node.properties) {
        if (listed == kMostListed) break;
        message += (listed++ == 0 ? "one of " : ", ") + quoted(allowed);
    }
    if (listed < node.properties.size()) message += ", ...";
    report(listed == 0 ? message + "none of this name" : message);
    return false;
}

bool SchemaRun::check_combined(const SchemaNode& node, JsonValue value) {
    bool valid = !node.reference || check(*node.reference, value);
    for (const SchemaId id : node.all_of) valid &= check(id, value);
    valid &= check_alternatives(node, value);
    if (node.not_schema && test(*node.not_schema, value)) {
        report("found " + std::string(json_kind_name(value.kind())) + " that the schema forbids");
        valid = false;
    }
    if (!node.if_schema) return valid;
    const auto& then = test(*node.if_schema, value) ? node.then_schema : node.else_schema;
    return (!then || check(*then, value)) && valid;
}

bool SchemaRun::check_alternatives(const SchemaNode& node, JsonValue value) {
    bool valid = true;
    const auto count = [&](const std::vector<SchemaId>& ids) {
        return std::count_if(ids.begin(), ids.end(), [&](SchemaId id) { return test(id, value); });
    };
    if (!node.any_of.empty() && count(node.any_of) == 0) {
        report_alternatives(node.any_of, value);
        valid = false;
    }
    if (node.one_of.empty()) return valid;
    const auto matching = count(node.one_of);
    if (matching == 0) report_alternatives(node.one_of, value);
    if (matching > 1) {
        report("found a value that fits " + std::to_string(matching) + " of " +
               std::to_string(node.one_of.size()) + " alternatives, expected exactly one");
    }
    return valid && matching == 1;
}

/// Says what is wrong in the alternative that went furthest: most likely it is the one that was meant.
void SchemaRun::report_alternatives(const std::vector<SchemaId>& ids, JsonValue value) {
    if (quiet_ || violations_.size() >= limit_) return;
    std::optional<SchemaViolation> best;
    for (const SchemaId id : ids) {
        SchemaRun run(nodes_, 1);
        run.path_ = path_;
        run.depth_ = depth_;
        run.steps_left_ = steps_left_;
        run.check(id, value);
        for (SchemaViolation& violation : run.violations_) {
            if (!best || violation.path.size() > best->path.size()) best = std::move(violation);
        }
        steps_left_ = run.steps_left_;
    }
    std::string message = "found a value that fits none of " + std::to_string(ids.size()) + " alternatives";
    if (best) message += "; the nearest: " + (best->path == path_ ? "" : best->path + ": ") + best->message;
    report(std::move(message));
}

}  // namespace loadgen::text
