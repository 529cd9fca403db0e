#include "services/runtime/faults/fault_rules.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/base/duration_text.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"
#include "services/platform/replace_file.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using text::JsonValue;

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kMaxDepth = 4;
constexpr std::size_t kMaxText = 256;
constexpr Nanos kLongestDelay = std::chrono::seconds(60);
constexpr double kNsPerMs = 1e6;
constexpr double kMostPerSecond = 1e6;
constexpr int kFirstError = 400;
constexpr int kLastError = 599;
constexpr double kPercent = 100;

bool names(std::string_view rule, std::string_view name) {
    return rule == "*" || rule == name;
}

/// Segment by segment; {name} in the rule fits any.
bool fits_path(std::string_view rule, std::string_view path) {
    while (!rule.empty() && !path.empty()) {
        const auto rule_end = rule.find('/', 1);
        const auto path_end = path.find('/', 1);
        const std::string_view wanted = rule.substr(0, rule_end);
        const bool any = wanted.starts_with("/{") && wanted.ends_with('}');
        if (!any && wanted != path.substr(0, path_end)) return false;
        rule = rule_end == std::string_view::npos ? std::string_view() : rule.substr(rule_end);
        path = path_end == std::string_view::npos ? std::string_view() : path.substr(path_end);
    }
    return rule.empty() && path.empty();
}

Error refused(std::string what) {
    return {ErrorCode::kUsage, std::move(what)};
}

Result<void> take(std::string& target, JsonValue value) {
    const auto text = value.as_string();
    if (!text || text->empty() || text->size() > kMaxText) {
        return refused("must be a text of 1 to " + std::to_string(kMaxText) + " bytes");
    }
    target = *text;
    return {};
}
Result<void> take(double& target, JsonValue value) {
    const auto number = value.as_double();
    if (!number) return refused("must be a number");
    target = *number;
    return {};
}
Result<void> take(bool& target, JsonValue value) {
    const auto truth = value.as_bool();
    if (!truth) return refused("must be true or false");
    target = *truth;
    return {};
}

struct Member {
    std::string_view name;
    Result<void> (*read)(FaultRule& rule, JsonValue value);
};

constexpr std::array<Member, 11> kMembers = {{
    {"id",
     [](FaultRule& rule, JsonValue value) -> Result<void> {
         const auto id = value.as_uint();
         if (!id) return refused("must be a number");
         rule.id = *id;
         return {};
     }},
    {"service", [](FaultRule& rule, JsonValue value) { return take(rule.service, value); }},
    {"route", [](FaultRule& rule, JsonValue value) { return take(rule.route, value); }},
    {"consumer", [](FaultRule& rule, JsonValue value) { return take(rule.consumer, value); }},
    {"trace_defect", [](FaultRule& rule, JsonValue value) { return take(rule.defect, value); }},
    {"share", [](FaultRule& rule, JsonValue value) { return take(rule.share, value); }},
    {"delay_ms",
     [](FaultRule& rule, JsonValue value) -> Result<void> {
         double wanted = 0;
         auto read = take(wanted, value);
         if (!read) return read;
         // Beyond the check's range a conversion would not be defined.
         if (!(wanted >= 0 && wanted <= static_cast<double>(kLongestDelay.count()) / kNsPerMs)) {
             return refused("must be from 0 to 60000");
         }
         rule.delay = Nanos(static_cast<std::int64_t>(std::llround(wanted * kNsPerMs)));
         return {};
     }},
    {"error",
     [](FaultRule& rule, JsonValue value) -> Result<void> {
         const auto status = value.as_int();
         if (!status || *status < kFirstError || *status > kLastError) {
             return refused("must be a status from 400 to 599");
         }
         rule.error_status = static_cast<int>(*status);
         return {};
     }},
    {"drop", [](FaultRule& rule, JsonValue value) { return take(rule.drop, value); }},
    {"duplicate", [](FaultRule& rule, JsonValue value) { return take(rule.duplicate, value); }},
    {"max_per_second", [](FaultRule& rule, JsonValue value) { return take(rule.max_per_second, value); }},
}};

Result<FaultRule> read_rule(JsonValue object) {
    if (object.kind() != text::JsonKind::kObject) {
        return refused(": must be an object, not " + std::string(text::json_kind_name(object.kind())));
    }
    FaultRule rule;
    Result<void> read;
    object.for_each_member([&](std::string_view name, JsonValue value) {
        for (const Member& member : kMembers) {
            if (member.name != name) continue;
            read = member.read(rule, value);
            if (!read) read = with_context('.' + std::string(name) + ": ", std::move(read).error());
            return read.has_value();
        }
        read = refused('.' + std::string(name.substr(0, kMaxText)) + ": no such member");
        return false;
    });
    if (read) {
        read = check_fault_rule(rule);
        if (!read) read = with_context(": ", std::move(read).error());
    }
    if (!read) return std::move(read).error();
    return rule;
}

std::string percent(double share) {
    std::string text;
    text::append_json_number(text, std::round(share * kPercent * kPercent) / kPercent);
    return text + " %";
}

}  // namespace

bool FaultRule::matches_route(std::string_view in_service, std::string_view wanted) const {
    if (route.empty() || !names(service, in_service)) return false;
    if (route == "*") return true;
    const auto rule_space = route.find(' ');
    const auto space = wanted.find(' ');
    return rule_space == space && route.compare(0, rule_space, wanted.substr(0, space)) == 0 &&
           fits_path(std::string_view(route).substr(rule_space + 1), wanted.substr(space + 1));
}

bool FaultRule::matches_consumer(std::string_view in_service, std::string_view queue) const {
    if (consumer.empty() || !names(service, in_service)) return false;
    if (names(consumer, queue)) return true;
    // "UserCreated" stands for "UserCreated-dev" too.
    return queue.starts_with(consumer) && queue.size() > consumer.size() && queue[consumer.size()] == '-';
}

Result<void> check_fault_rule(const FaultRule& rule) {
    const int places = int{!rule.route.empty()} + int{!rule.consumer.empty()} + int{!rule.defect.empty()};
    if (places != 1) return refused("a fault is for one of route, consumer and trace_defect");
    if (!rule.route.empty() && rule.route != "*" && rule.route.find(" /") == std::string::npos) {
        return refused("route \"" + rule.route +
                       "\" must be a method and a path, like \"POST /orders\", or *");
    }
    if (!rule.defect.empty() && trace_defects_named(rule.defect).empty()) {
        return refused("trace_defect \"" + rule.defect +
                       "\" is none that a sender can cause; docs/faults.md lists them");
    }
    if (!(rule.share > 0 && rule.share <= 1)) return refused("share must be above 0 and at most 1");
    if (rule.delay.count() < 0 || rule.delay > kLongestDelay) return refused("delay must be from 0 to 60 s");
    if (!(rule.max_per_second >= 0 && rule.max_per_second <= kMostPerSecond)) {
        return refused("max_per_second must be from 0 to 1000000");
    }
    const bool acts = rule.delay.count() > 0 || rule.error_status != 0 || rule.drop || rule.duplicate ||
                      rule.max_per_second > 0;
    if (!rule.defect.empty() && acts) return refused("a trace defect takes a share and nothing else");
    if (rule.defect.empty() && !acts) {
        return refused("says nothing to do: delay, error, drop, duplicate or max_per_second");
    }
    if (rule.duplicate && rule.consumer.empty()) return refused("duplicate is for consumers");
    return {};
}

std::string describe(const FaultRule& rule) {
    std::string text = rule.service + ' ';
    if (!rule.defect.empty()) return text + "traces: " + percent(rule.share) + " have " + rule.defect;
    text += rule.route.empty() ? "consumer " + rule.consumer : rule.route;
    text += ": " + percent(rule.share);
    if (rule.delay.count() > 0) text += " delayed by " + format_duration(rule.delay);
    if (rule.error_status != 0) text += " fail with " + std::to_string(rule.error_status);
    if (rule.drop) text += " dropped";
    if (rule.duplicate) text += " handled twice";
    if (rule.max_per_second > 0) {
        text += " at most ";
        text::append_json_number(text, rule.max_per_second);
        text += " a second";
    }
    return text;
}

Result<std::vector<FaultRule>> parse_fault_rules(std::string_view json) {
    text::JsonDocument document({.max_bytes = kMaxBytes, .max_depth = kMaxDepth});
    const auto root = document.parse(json);
    if (!root) return root.error();
    const auto list = root->find("faults");
    if (root->size() != 1 || !list || list->kind() != text::JsonKind::kArray) {
        return refused("must be an object with one member, the array \"faults\"");
    }
    if (list->size() > kMaxFaultRules) {
        return Error{ErrorCode::kLimit, "has " + std::to_string(list->size()) + " faults; at most " +
                                            std::to_string(kMaxFaultRules) + " are allowed"};
    }
    std::vector<FaultRule> rules;
    Result<void> read;
    list->for_each_element([&](JsonValue element) {
        auto rule = read_rule(element);
        if (rule) {
            rules.push_back(std::move(*rule));
        } else {
            read = with_context("faults[" + std::to_string(rules.size()) + ']', std::move(rule).error());
        }
        return read.has_value();
    });
    if (!read) return std::move(read).error();
    return rules;
}

std::string write_fault_rules(const std::vector<FaultRule>& rules) {
    std::string json;
    text::JsonWriter writer(json);
    writer.begin_object().key("faults").begin_array();
    for (const FaultRule& rule : rules) {
        writer.begin_object().key("id").unsigned_integer(rule.id).key("service").string(rule.service);
        if (!rule.route.empty()) writer.key("route").string(rule.route);
        if (!rule.consumer.empty()) writer.key("consumer").string(rule.consumer);
        if (!rule.defect.empty()) writer.key("trace_defect").string(rule.defect);
        writer.key("share").number(rule.share);
        if (rule.delay.count() > 0) {
            writer.key("delay_ms").number(static_cast<double>(rule.delay.count()) / kNsPerMs);
        }
        if (rule.error_status != 0) writer.key("error").integer(rule.error_status);
        if (rule.drop) writer.key("drop").boolean(true);
        if (rule.duplicate) writer.key("duplicate").boolean(true);
        if (rule.max_per_second > 0) writer.key("max_per_second").number(rule.max_per_second);
        writer.end_object();
    }
    writer.end_array().end_object().new_line();
    return json;
}

std::string faults_path(const std::string& data) {
    return (std::filesystem::path(data) / "faults.json").string();
}

Result<std::vector<FaultRule>> read_fault_file(const std::string& data) {
    const std::string path = faults_path(data);
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::vector<FaultRule>();
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    auto rules = parse_fault_rules(text);
    if (!rules) return with_context(path + ": ", std::move(rules).error());
    return rules;
}

Result<void> write_fault_file(const std::string& data, const std::vector<FaultRule>& rules) {
    const std::string path = faults_path(data);
    std::error_code failure;
    if (rules.empty()) {
        std::filesystem::remove(path, failure);
        if (failure) return errno_error("cannot remove " + path, failure.value());
        return {};
    }
    return platform::replace_file(path, write_fault_rules(rules));
}

}  // namespace loadgen::services::runtime
