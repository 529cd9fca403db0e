#include <charconv>
#include <functional>

#include "common/text/detail/json/json_equal.hpp"
#include "common/text/detail/json_schema/json_schema_places.hpp"
#include "common/text/detail/json_schema/json_schema_tree.hpp"

namespace loadgen::text {
namespace {

constexpr std::size_t kMostSchemas = 20'000;

struct TypeName {
    std::string_view name;
    std::uint8_t type;
};
constexpr TypeName kTypes[] = {{"null", SchemaNode::kNull},       {"boolean", SchemaNode::kBool},
                               {"integer", SchemaNode::kInteger}, {"number", SchemaNode::kNumber},
                               {"string", SchemaNode::kString},   {"array", SchemaNode::kArray},
                               {"object", SchemaNode::kObject}};

class Compiler {
  public:
    explicit Compiler(JsonValue root) : root_(root), places_(root) {}

    Result<std::vector<SchemaNode>> compile() {
        schema(root_, "#");
        if (!fault_.message.empty()) return fault_;
        return std::move(nodes_);
    }

  private:
    // A reader of one keyword's value, at its place.
    using Reader = std::function<void(JsonValue value, const std::string& place)>;

    void fail(const std::string& place, std::string_view found, std::string_view expected,
              ErrorCode code = ErrorCode::kSyntax) {
        if (!fault_.message.empty()) return;
        fault_ = {code, place + ": found " + std::string(found) + ", expected " + std::string(expected)};
    }
    void fail(const std::string& place, JsonValue found, std::string_view expected) {
        fail(place, json_kind_name(found.kind()), expected);
    }
    bool failed() const { return !fault_.message.empty(); }

    SchemaId schema(JsonValue value, const std::string& place) {
        if (const auto known = ids_.find(place); known != ids_.end()) return known->second;
        const auto id = static_cast<SchemaId>(nodes_.size());
        if (nodes_.size() >= kMostSchemas) {
            fail(place, "more schemas", "at most " + std::to_string(kMostSchemas), ErrorCode::kLimit);
            return 0;
        }
        ids_.emplace(place, id);
        nodes_.emplace_back();
        SchemaNode node;
        if (const auto allowed = value.as_bool()) {
            node.never = !*allowed;
        } else if (value.kind() != JsonKind::kObject) {
            fail(place, value, "a schema: an object, true or false");
        } else {
            fill(node, value, place);
        }
        nodes_[id] = std::move(node);
        return id;
    }

    void with(JsonValue object, const std::string& place, std::string_view keyword, const Reader& read) {
        if (failed()) return;
        if (const auto value = object.find(keyword)) read(*value, place + "/" + pointer_step(keyword));
    }
    void number(JsonValue object, const std::string& place, std::string_view keyword,
                std::optional<long double>& out) {
        with(object, place, keyword, [&](JsonValue value, const std::string& at) {
            out = exact_number(value);
            if (!out) fail(at, value, "a number");
        });
    }
    void count(JsonValue object, const std::string& place, std::string_view keyword,
               std::optional<std::size_t>& out) {
        with(object, place, keyword, [&](JsonValue value, const std::string& at) {
            const auto whole = value.as_double();
            if (whole && *whole >= 0 && *whole < 1e15 &&
                *whole == static_cast<double>(static_cast<std::size_t>(*whole))) {
                out = static_cast<std::size_t>(*whole);
            } else {
                fail(at, value.kind() == JsonKind::kNumber ? "another number" : json_kind_name(value.kind()),
                     "a whole number, 0 or more");
            }
        });
    }
    void one(JsonValue object, const std::string& place, std::string_view keyword,
             std::optional<SchemaId>& out) {
        with(object, place, keyword,
             [&](JsonValue value, const std::string& at) { out = schema(value, at); });
    }
    void list(JsonValue object, const std::string& place, std::string_view keyword,
              std::vector<SchemaId>& out) {
        with(object, place, keyword,
             [&](JsonValue value, const std::string& at) { schemas(value, at, out); });
    }
    void schemas(JsonValue value, const std::string& place, std::vector<SchemaId>& out) {
        if (value.kind() != JsonKind::kArray) return fail(place, value, "a list of schemas");
        value.for_each_element([&](JsonValue element) {
            out.push_back(schema(element, place + "/" + std::to_string(out.size())));
            return true;
        });
    }
    void names(JsonValue value, const std::string& place, std::vector<std::string>& out) {
        if (value.kind() != JsonKind::kArray) return fail(place, value, "a list of names");
        value.for_each_element([&](JsonValue element) {
            if (const auto name = element.as_string()) {
                out.emplace_back(*name);
            } else {
                fail(place, element, "a name");
            }
            return true;
        });
    }
    void members(JsonValue object, const std::string& place, std::string_view keyword,
                 const std::function<void(std::string_view, JsonValue, const std::string&)>& read) {
        with(object, place, keyword, [&](JsonValue value, const std::string& at) {
            if (value.kind() != JsonKind::kObject) return fail(at, value, "an object");
            value.for_each_member([&](std::string_view name, JsonValue member) {
                read(name, member, at + "/" + pointer_step(name));
                return true;
            });
        });
    }

    void fill(SchemaNode& node, JsonValue value, const std::string& place) {
        for (const std::string_view keyword :
             {"unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef"}) {
            if (value.find(keyword)) {
                fail(place, std::string(keyword),
                     "none of the keywords that depend on other schemas' results", ErrorCode::kUnsupported);
            }
        }
        with(value, place, "$ref",
             [&](JsonValue target, const std::string& at) { node.reference = reference(target, at); });
        fill_values(node, value, place);
        fill_arrays(node, value, place);
        fill_objects(node, value, place);
        list(value, place, "allOf", node.all_of);
        list(value, place, "anyOf", node.any_of);
        list(value, place, "oneOf", node.one_of);
        one(value, place, "not", node.not_schema);
        one(value, place, "if", node.if_schema);
        one(value, place, "then", node.then_schema);
        one(value, place, "else", node.else_schema);
    }

    void fill_values(SchemaNode& node, JsonValue value, const std::string& place) {
        with(value, place, "type", [&](JsonValue type, const std::string& at) {
            add_type(node, type, at);
            type.for_each_element([&](JsonValue each) {
                add_type(node, each, at);
                return true;
            });
        });
        with(value, place, "enum", [&](JsonValue values, const std::string& at) {
            if (values.kind() != JsonKind::kArray) return fail(at, values, "a list of values");
            node.enumeration.emplace();
            values.for_each_element([&](JsonValue each) {
                node.enumeration->push_back(each);
                return true;
            });
        });
        node.constant = value.find("const");
        number(value, place, "minimum", node.minimum);
        number(value, place, "maximum", node.maximum);
        number(value, place, "exclusiveMinimum", node.exclusive_minimum);
        number(value, place, "exclusiveMaximum", node.exclusive_maximum);
        number(value, place, "multipleOf", node.multiple_of);
        if (node.multiple_of && *node.multiple_of <= 0)
            fail(place + "/multipleOf", "another number", "one above 0");
        count(value, place, "minLength", node.min_length);
        count(value, place, "maxLength", node.max_length);
        with(value, place, "pattern", [&](JsonValue text, const std::string& at) {
            node.pattern = pattern(text.as_string(), text, at);
            node.pattern_text = text.as_string().value_or(std::string_view());
        });
    }

    void add_type(SchemaNode& node, JsonValue type, const std::string& place) {
        if (type.kind() == JsonKind::kArray) return;
        const auto name = type.as_string();
        for (const TypeName& known : kTypes) {
            if (known.name != name) continue;
            node.types |= known.type;
            return;
        }
        fail(place, name ? "\"" + std::string(*name) + "\"" : std::string(json_kind_name(type.kind())),
             "null, boolean, integer, number, string, array or object, or a list of them");
    }

    std::optional<Regex> pattern(std::optional<std::string_view> text, JsonValue value,
                                 const std::string& place) {
        if (!text) {
            fail(place, value, "a regular expression");
            return std::nullopt;
        }
        auto regex = Regex::compile(*text, "u");
        if (regex) return std::move(*regex);
        fail(place, "a pattern that does not compile (" + regex.error().message + ")", "a regular expression",
             regex.error().code);
        return std::nullopt;
    }

    void fill_arrays(SchemaNode& node, JsonValue value, const std::string& place) {
        list(value, place, "prefixItems", node.prefix_items);
        with(value, place, "items", [&](JsonValue items, const std::string& at) {
            if (items.kind() == JsonKind::kArray) {  // draft 7
                schemas(items, at, node.prefix_items);
                one(value, place, "additionalItems", node.items);
            } else {
                node.items = schema(items, at);
            }
        });
        one(value, place, "contains", node.contains);
        count(value, place, "minContains", node.min_contains);
        count(value, place, "maxContains", node.max_contains);
        count(value, place, "minItems", node.min_items);
        count(value, place, "maxItems", node.max_items);
        with(value, place, "uniqueItems", [&](JsonValue unique, const std::string& at) {
            if (!unique.as_bool()) return fail(at, unique, "true or false");
            node.unique_items = *unique.as_bool();
        });
    }

    void fill_objects(SchemaNode& node, JsonValue value, const std::string& place) {
        members(value, place, "properties",
                [&](std::string_view name, JsonValue member, const std::string& at) {
                    node.properties.try_emplace(std::string(name), schema(member, at));
                });
        members(value, place, "patternProperties",
                [&](std::string_view name, JsonValue member, const std::string& at) {
                    auto regex = pattern(name, member, at);
                    if (regex) node.pattern_properties.emplace_back(std::move(*regex), schema(member, at));
                });
        one(value, place, "additionalProperties", node.additional_properties);
        one(value, place, "propertyNames", node.property_names);
        with(value, place, "required",
             [&](JsonValue list, const std::string& at) { names(list, at, node.required); });
        for (const std::string_view keyword : {"dependentRequired", "dependentSchemas", "dependencies"}) {
            members(
                value, place, keyword, [&](std::string_view name, JsonValue member, const std::string& at) {
                    if (member.kind() == JsonKind::kArray && keyword != "dependentSchemas") {
                        names(member, at,
                              node.dependent_required.emplace_back(name, std::vector<std::string>()).second);
                    } else if (keyword == "dependentRequired") {
                        fail(at, member, "a list of names");
                    } else {
                        node.dependent_schemas.emplace_back(name, schema(member, at));
                    }
                });
        }
        count(value, place, "minProperties", node.min_properties);
        count(value, place, "maxProperties", node.max_properties);
    }

    SchemaId reference(JsonValue target, const std::string& place) {
        const auto text = target.as_string();
        if (!text || !text->starts_with('#')) {
            fail(place, text ? "\"" + std::string(*text) + "\"" : std::string(json_kind_name(target.kind())),
                 "a place in this schema, such as #/$defs/name", ErrorCode::kUnsupported);
            return 0;
        }
        const auto found = places_.find(text->substr(1));
        if (found) return schema(found->first, found->second);
        fail(place, "\"" + std::string(*text) + "\"", "a place that exists in this schema");
        return 0;
    }

    JsonValue root_;
    SchemaPlaces places_;
    std::vector<SchemaNode> nodes_;
    std::map<std::string, SchemaId, std::less<>> ids_;  ///< by place
    Error fault_;
};

}  // namespace

Result<std::vector<SchemaNode>> compile_schema(JsonValue root) {
    return Compiler(root).compile();
}

}  // namespace loadgen::text
