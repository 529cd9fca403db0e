#include "loadgen/scenario/artillery/shape.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "loadgen/pacing/rate.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"

namespace loadgen::scenario::artillery {
namespace {

struct KindName {
    std::uint32_t kind;
    std::string_view name;
};

constexpr std::array kKindNames{KindName{kText, "a text"},
                                KindName{kNumber, "a number"},
                                KindName{kWhole, "a whole number"},
                                KindName{kRate, "a rate such as 10 or \"600/min\""},
                                KindName{kBool, "true or false"},
                                KindName{kDuration, "a duration such as 30 or \"500ms\""},
                                KindName{kList, "a list"},
                                KindName{kSteps, "a list of steps"},
                                KindName{kMap, "a map"}};

constexpr std::array<std::string_view, 8> kForeignSteps{
    "emit", "namespace", "join", "leave", "acknowledge", "response", "browser", "testFunction"};

// Methods that people send besides those that have a step of their own; any other that is nearly one of those
// is a slip as a rule.
constexpr std::array<std::string_view, 17> kOtherMethods{
    "acl",       "bind",  "copy",  "link",   "lock",   "merge", "mkcol",  "move",  "propfind",
    "proppatch", "purge", "query", "report", "search", "trace", "unlink", "unlock"};

std::string expected(std::uint32_t kinds) {
    std::vector<std::string> names;
    for (const KindName& kind : kKindNames)
        if ((kinds & kind.kind) != 0) names.emplace_back(kind.name);
    return either(names);
}

bool scalar_fits(const Node& node, std::uint32_t kinds) {
    if ((kinds & kText) != 0) return true;
    if ((kinds & kTemplate) != 0 && has_template(node)) return true;
    if ((kinds & kNumber) != 0 && number_of(node)) return true;
    if ((kinds & kWhole) != 0 && whole_of(node)) return true;
    if ((kinds & kBool) != 0 && bool_of(node)) return true;
    if ((kinds & kDuration) != 0 && duration_of(node)) return true;
    return (kinds & kRate) != 0 && pacing::parse_rate(node.scalar);
}

bool fits(const Node& node, std::uint32_t kinds) {
    switch (node.kind) {
        case Node::Kind::kNull:
            return (kinds & kNull) != 0;
        case Node::Kind::kScalar:
            return scalar_fits(node, kinds);
        case Node::Kind::kSequence:
            return (kinds & (kList | kSteps)) != 0;
        case Node::Kind::kMap:
            return (kinds & kMap) != 0;
    }
    return false;
}

bool is_verb(std::string_view word) {
    return !word.empty() && word.size() <= 20 &&
           std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

const StepKind* step_kind(std::string_view action) {
    for (const StepKind& kind : step_kinds())
        if (kind.action == action) return &kind;
    return nullptr;
}

class Checker {
  public:
    explicit Checker(Findings& findings) : findings_(findings) {}

    void map(const Spot& spot, const ObjectKind& kind) {
        for (std::size_t i = 0; i < spot->members.size(); ++i) {
            const Spot member = spot.member_at(i);
            const std::string& key = spot->members[i].key;
            if (const KeyRow* row = find_key(kind, key)) {
                value(member, *row);
            } else if (kind.others != 0) {
                const KeyRow row_of_others{
                    .name = key, .kinds = kind.others, .doc = {}, .object = kind.others_object};
                value(member, row_of_others);
            } else if (!key.starts_with("x-")) {
                unknown_key(member, key, kind);
            }
        }
        if (partial_) return;
        for (const KeyRow& row : kind.keys) {
            if (row.required && !spot.member(row.name))
                findings_.error(
                    spot.key_place, spot.path,
                    std::string(kind.name) + " needs \"" + std::string(row.name) + "\", which is missing");
        }
    }

  private:
    void value(const Spot& spot, const KeyRow& row) {
        const Node& node = *spot;
        if (!row.idle.empty()) findings_.warning(spot.key_place, spot.path, std::string(row.idle));
        // What could not be filled in under config has been told; environments that were not chosen are not
        // filled.
        if (has_template(node) && spot.path.starts_with("config")) return;
        if (!fits(node, row.kinds)) {
            findings_.error(spot,
                            "found " + found(node) + ", expected " + expected(row.kinds) + hint(node, row));
            return;
        }
        if (node.is_scalar() && !row.words.empty()) word(spot, row);
        if ((row.kinds & kSteps) != 0) {
            steps(spot);
        } else if (node.is_map() && row.object != nullptr) {
            const bool outer = std::exchange(partial_, partial_ || row.object == &kEnvironments);
            map(spot, *row.object);
            partial_ = outer;
        } else if (node.is_list()) {
            items(spot, row);
        }
    }

    /// What people write instead, and what it takes to be what they mean.
    static std::string hint(const Node& node, const KeyRow& row) {
        const bool list_wanted = (row.kinds & (kList | kSteps)) != 0 && (row.kinds & (kMap | kText)) == 0;
        if (node.is_map() && list_wanted) return ": each entry begins with \"- \"";
        if (node.is_map() && row.name == "body") return "; what is to be sent as JSON stands under json";
        if (node.is_scalar() && row.name == "fields") return ", such as [name, price]";
        return {};
    }

    void items(const Spot& list, const KeyRow& row) {
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const Spot item = list.item(i);
            if (!fits(*item, row.items)) {
                findings_.error(item, "found " + found(*item) + ", expected " + expected(row.items));
            } else if (item->is_map() && row.object != nullptr) {
                map(item, *row.object);
            }
        }
    }

    void word(const Spot& spot, const KeyRow& row) {
        if (std::find(row.words.begin(), row.words.end(), spot->scalar) != row.words.end()) return;
        std::vector<std::string> allowed;
        for (const std::string_view one : row.words) allowed.emplace_back(one);
        findings_.error(spot, "found " + shown(spot->scalar) + ", expected " + either(allowed));
    }

    void unknown_key(const Spot& spot, const std::string& key, const ObjectKind& kind) {
        std::vector<std::string_view> names;
        std::vector<std::string> allowed;
        for (const KeyRow& row : kind.keys) {
            names.push_back(row.name);
            allowed.emplace_back(row.name);
        }
        const std::string_view meant = nearest(key, names);
        std::string message = "unknown key " + shown(key);
        const std::string place = right_place(key, kind);
        if (!place.empty()) {
            message += "; " + place;
            if (&kind == &kScript) return findings_.warning(spot.key_place, spot.path, message);
        } else if (!meant.empty()) {
            message += "; did you mean \"" + std::string(meant) + "\"?";
        } else if (&kind == &kScript) {
            // Often only there for anchors, which are used elsewhere.
            findings_.warning(spot.key_place, spot.path,
                              message + " is not read; a key that only holds anchors may start with \"x-\"");
            return;
        } else {
            if (kind.lenient) message += " is not read, nor is it by Artillery";
            message += "; " + std::string(kind.name) + " may have " + either(allowed);
            if (kind.lenient) return findings_.warning(spot.key_place, spot.path, message);
        }
        findings_.error(spot.key_place, spot.path, message);
    }

    /// Where a key belongs that stands in the wrong place, mostly by its indentation.
    static std::string right_place(std::string_view key, const ObjectKind& kind) {
        if (&kind == &kRequestStep && find_key(kRequest, key) != nullptr)
            return "it belongs to the request: indent it further than the method";
        if (&kind == &kRequest && step_kind(key) != nullptr)
            return "it is a step of its own, which begins with \"- \"";
        if (&kind == &kScript && find_key(kConfig, key) != nullptr) return "it is read under config only";
        return {};
    }

    void steps(const Spot& list) {
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const Spot item = list.item(i);
            if (item->is_list()) {
                steps(item);
            } else if (item->is_map()) {
                step(item);
            } else {
                findings_.error(item, "found " + found(*item) + ", expected a step, such as get: {url: /}");
            }
        }
    }

    void step(const Spot& spot) {
        const StepAction action = action_of(spot);
        if (action.kind == nullptr) return unknown_step(spot);
        for (std::size_t i = 0; i < spot->members.size(); ++i) {
            const Spot member = spot.member_at(i);
            const std::string& key = spot->members[i].key;
            if (key == action.action && action.kind->request) {
                request(member, key);
            } else if (step_kind(key) != nullptr && key != action.action) {
                findings_.error(member.key_place, member.path,
                                "a step does one thing, and this one is " + shown(action.action) +
                                    " already; found " + shown(key) + " beside it");
            } else if (const KeyRow* row = find_key(action.kind->object, key)) {
                value(member, *row);
            } else if (!key.starts_with("x-")) {
                unknown_key(member, key, action.kind->object);
            }
        }
    }

    void request(const Spot& spot, const std::string& verb) {
        warn_of_slip(spot, verb);
        if (!spot->is_map()) {
            findings_.error(spot, "found " + found(*spot) + ", expected a map with a url");
            return;
        }
        map(spot, kRequest);
        if (!spot.member("url") && !spot.member("uri"))
            findings_.error(spot.key_place, spot.path, "a request needs \"url\", which is missing");
    }

    void warn_of_slip(const Spot& spot, const std::string& verb) {
        if (step_kind(verb) != nullptr ||
            std::find(kOtherMethods.begin(), kOtherMethods.end(), verb) != kOtherMethods.end())
            return;
        const std::string_view meant = nearest(verb, step_names());
        if (meant.empty()) return;
        findings_.warning(spot.key_place, spot.path,
                          shown(verb) + " is sent as an HTTP method of that name; did you mean \"" +
                              std::string(meant) + "\"?");
    }

    static std::vector<std::string_view> step_names() {
        std::vector<std::string_view> names;
        for (const StepKind& kind : step_kinds()) names.push_back(kind.action);
        return names;
    }

    void unknown_step(const Spot& spot) {
        if (spot->members.empty()) {
            findings_.error(spot, "found an empty map, expected a step, such as get: {url: /}");
            return;
        }
        const std::vector<std::string_view> names = step_names();
        const std::vector<std::string> allowed(names.begin(), names.end());
        const Spot first = spot.member_at(0);
        const std::string& key = spot->members[0].key;
        std::string message = "unknown step " + shown(key);
        if (std::find(kForeignSteps.begin(), kForeignSteps.end(), key) != kForeignSteps.end()) {
            message = "the step " + shown(key) +
                      " belongs to an engine that is not supported; there are http and ws";
        } else if (const std::string_view meant = nearest(key, names); !meant.empty()) {
            message += "; did you mean \"" + std::string(meant) + "\"?";
        } else {
            message += "; there are " + either(allowed) + ", and other HTTP methods with a url";
        }
        findings_.error(first.key_place, first.path, message);
    }

    Findings& findings_;
    bool partial_ = false;  ///< inside of environments, which change config and need not be whole
};

}  // namespace

StepAction action_of(const Spot& step) {
    // In the order in which Artillery looks.
    constexpr std::array<std::string_view, 5> kFirst{"loop", "parallel", "think", "log", "function"};
    for (const std::string_view name : kFirst)
        if (const Spot value = step.member(name)) return {step_kind(name), value, std::string(name)};
    for (std::size_t i = 0; i < step->members.size(); ++i) {
        const std::string& key = step->members[i].key;
        if (const StepKind* kind = step_kind(key)) return {kind, step.member_at(i), key};
    }
    for (std::size_t i = 0; i < step->members.size(); ++i) {
        const Spot value = step.member_at(i);
        const std::string& key = step->members[i].key;
        if (is_verb(key) && (value.member("url") || value.member("uri")))
            return {step_kind("get"), value, key};
    }
    return {};
}

void check_script_shape(const Node& root, Findings& findings) {
    Spot spot{&root, "", root.place};
    if (!root.is_map()) {
        findings.error(spot, "found " + found(root) + ", expected a map with config and scenarios");
        return;
    }
    Checker(findings).map(spot, kScript);
}

}  // namespace loadgen::scenario::artillery
