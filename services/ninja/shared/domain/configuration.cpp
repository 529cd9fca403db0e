#include "services/ninja/shared/domain/configuration.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "common/text/json_reader.hpp"

namespace loadgen::services::ninja {
namespace {

using text::JsonKind;
using text::JsonValue;

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxRules = 32;
constexpr std::size_t kMaxConditions = 32;
constexpr std::int64_t kMaxDelayMs = 600'000;
constexpr std::array<std::string_view, 2> kCountries = {"ISRAEL", "USA"};

constexpr std::string_view kBuiltIn = R"({
  "countries": ["ISRAEL", "USA"],
  "features": {
    "ten_percent_off_campaign": {"default": true},
    "premium_features": {
      "default": false,
      "rules": {
        "one customer has them": {
          "when_match": true,
          "conditions": [{"action": "EQUALS", "key": "customer_name", "value": "RanTheBuilder"}]
        }
      }
    }
  },
  "alarms": {"delayed_order_create_ms": 5000}
})";

struct ActionName {
    std::string_view name;
    Condition::Action action;
};
constexpr std::array<ActionName, 4> kActions = {{{"EQUALS", Condition::Action::kEquals},
                                                 {"NOT_EQUALS", Condition::Action::kNotEquals},
                                                 {"STARTSWITH", Condition::Action::kStartsWith},
                                                 {"ENDSWITH", Condition::Action::kEndsWith}}};

bool holds(const Condition& condition, std::string_view text) {
    switch (condition.action) {
        case Condition::Action::kEquals:
            return text == condition.value;
        case Condition::Action::kNotEquals:
            return text != condition.value;
        case Condition::Action::kStartsWith:
            return text.starts_with(condition.value);
        case Condition::Action::kEndsWith:
            return text.ends_with(condition.value);
    }
    return false;
}

/// Walks the document; the first thing wrong stays.
class Reader {
  public:
    Configuration read(JsonValue root);
    const std::optional<Error>& error() const { return error_; }

  private:
    void refuse(const std::string& path, std::string_view what) {
        if (error_) return;
        std::string message = path.empty() ? "the document" : path;
        error_ = Error{ErrorCode::kUsage, message.append(": ").append(what)};
    }
    bool is_object(JsonValue value, const std::string& path);
    /// An object without members that are repeated or not among `known`.
    bool has_only(JsonValue value, const std::string& path, std::initializer_list<std::string_view> known);
    bool boolean(JsonValue object, const std::string& path, std::string_view name);
    std::string text(JsonValue object, const std::string& path, std::string_view name);
    std::vector<std::string> countries(JsonValue root);
    void features(JsonValue value, Configuration& into);
    Flag flag(JsonValue value, const std::string& path);
    FlagRule rule(JsonValue value, const std::string& path);
    Condition condition(JsonValue value, const std::string& path);
    void alarms(JsonValue value, Configuration& into);

    std::optional<Error> error_;
};

bool Reader::is_object(JsonValue value, const std::string& path) {
    if (value.kind() == JsonKind::kObject) return true;
    refuse(path, "must be an object, not " + std::string(text::json_kind_name(value.kind())));
    return false;
}

bool Reader::has_only(JsonValue value, const std::string& path,
                      std::initializer_list<std::string_view> known) {
    if (!is_object(value, path)) return false;
    std::set<std::string_view> seen;
    value.for_each_member([&](std::string_view name, JsonValue /*member*/) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            std::string what = "unknown member \"" + std::string(name) + "\", known are";
            for (const std::string_view one : known) what.append(" ").append(one);
            refuse(path, what);
        } else if (!seen.insert(name).second) {
            refuse(path, "\"" + std::string(name) + "\" comes twice");
        }
        return !error_;
    });
    return !error_;
}

bool Reader::boolean(JsonValue object, const std::string& path, std::string_view name) {
    const auto member = object.find(name);
    const auto value = member ? member->as_bool() : std::nullopt;
    if (!value) refuse(path + "." + std::string(name), "must be true or false");
    return value.value_or(false);
}

std::string Reader::text(JsonValue object, const std::string& path, std::string_view name) {
    const auto member = object.find(name);
    const auto value = member ? member->as_string() : std::nullopt;
    if (!value) refuse(path + "." + std::string(name), "must be a text");
    return std::string(value.value_or(std::string_view()));
}

Configuration Reader::read(JsonValue root) {
    Configuration configuration;
    if (!has_only(root, "", {"countries", "features", "alarms"})) return configuration;
    configuration.countries = countries(root);
    if (const auto member = root.find("features")) features(*member, configuration);
    if (const auto member = root.find("alarms")) alarms(*member, configuration);
    return configuration;
}

std::vector<std::string> Reader::countries(JsonValue root) {
    std::vector<std::string> names;
    const auto list = root.find("countries");
    if (!list || list->kind() != JsonKind::kArray || list->size() == 0) {
        refuse("countries", "must be a list of at least one country");
        return names;
    }
    list->for_each_element([&](JsonValue element) {
        const std::string_view name = element.as_string().value_or(std::string_view());
        if (std::find(kCountries.begin(), kCountries.end(), name) == kCountries.end())
            refuse("countries[" + std::to_string(names.size()) + "]", "must be ISRAEL or USA");
        names.emplace_back(name);
        return !error_;
    });
    return names;
}

void Reader::features(JsonValue value, Configuration& into) {
    if (!has_only(value, "features", {"ten_percent_off_campaign", "premium_features"})) return;
    if (const auto member = value.find("ten_percent_off_campaign"))
        into.ten_percent_off_campaign = flag(*member, "features.ten_percent_off_campaign");
    if (const auto member = value.find("premium_features"))
        into.premium_features = flag(*member, "features.premium_features");
}

Flag Reader::flag(JsonValue value, const std::string& path) {
    Flag flag;
    if (!has_only(value, path, {"default", "rules"})) return flag;
    flag.fallback = boolean(value, path, "default");
    const auto rules = value.find("rules");
    if (!rules || !is_object(*rules, path + ".rules")) return flag;
    if (rules->size() > kMaxRules) refuse(path + ".rules", "may have at most 32 rules");
    rules->for_each_member([&](std::string_view name, JsonValue member) {
        if (!error_) flag.rules.push_back(rule(member, path + ".rules." + std::string(name)));
        return !error_;
    });
    return flag;
}

FlagRule Reader::rule(JsonValue value, const std::string& path) {
    FlagRule rule;
    if (!has_only(value, path, {"when_match", "conditions"})) return rule;
    rule.when_match = boolean(value, path, "when_match");
    const auto list = value.find("conditions");
    const std::size_t count = list && list->kind() == JsonKind::kArray ? list->size() : 0;
    if (count == 0 || count > kMaxConditions) {
        refuse(path + ".conditions", "must be a list of 1 to 32 conditions");
        return rule;
    }
    list->for_each_element([&](JsonValue element) {
        const std::string place = path + ".conditions[" + std::to_string(rule.conditions.size()) + "]";
        rule.conditions.push_back(condition(element, place));
        return !error_;
    });
    return rule;
}

Condition Reader::condition(JsonValue value, const std::string& path) {
    Condition condition;
    if (!has_only(value, path, {"action", "key", "value"})) return condition;
    const std::string action = text(value, path, "action");
    const auto* const known = std::find_if(kActions.begin(), kActions.end(),
                                           [&](const ActionName& row) { return row.name == action; });
    if (known == kActions.end()) {
        refuse(path + ".action", "must be EQUALS, NOT_EQUALS, STARTSWITH or ENDSWITH");
        return condition;
    }
    condition.action = known->action;
    if (text(value, path, "key") != "customer_name") refuse(path + ".key", "must be customer_name");
    condition.value = text(value, path, "value");
    return condition;
}

void Reader::alarms(JsonValue value, Configuration& into) {
    if (!has_only(value, "alarms", {"delayed_order_create_ms"})) return;
    const auto member = value.find("delayed_order_create_ms");
    if (!member) return;
    const std::int64_t limit = member->as_int().value_or(0);
    if (limit < 1 || limit > kMaxDelayMs)
        refuse("alarms.delayed_order_create_ms", "must be an integer from 1 to 600000");
    into.delayed_order_create_ms = limit;
}

}  // namespace

bool Flag::value_for(std::string_view customer_name) const {
    for (const FlagRule& rule : rules) {
        const bool matches = std::all_of(rule.conditions.begin(), rule.conditions.end(),
                                         [&](const Condition& one) { return holds(one, customer_name); });
        if (matches) return rule.when_match;
    }
    return fallback;
}

Result<Configuration> parse_configuration(std::string_view json) {
    text::JsonDocument document({.max_bytes = kMaxConfigurationBytes, .max_depth = kMaxDepth});
    const auto root = document.parse(json);
    if (!root) return Error{ErrorCode::kSyntax, root.error().message};
    Reader reader;
    Configuration configuration = reader.read(*root);
    if (reader.error()) return *reader.error();
    return configuration;
}

std::string_view built_in_configuration() {
    return kBuiltIn;
}

}  // namespace loadgen::services::ninja
