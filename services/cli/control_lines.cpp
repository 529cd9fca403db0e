#include "services/cli/control_lines.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/text/json_reader.hpp"
#include "services/cli/text_table.hpp"

namespace loadgen::services::cli {
namespace {

using text::JsonDocument;
using text::JsonValue;

std::string text_of(JsonValue object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::string(member->as_string().value_or("")) : std::string();
}

std::string number_of(JsonValue object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::to_string(member->as_int().value_or(0)) : std::string();
}

std::string time_of(JsonValue object, std::string_view name) {
    const auto member = object.find(name);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f ms", member ? member->as_double().value_or(0) : 0);
    return text.data();
}

std::string outcome_text(JsonValue root, std::string_view event) {
    std::string text = std::string(event) + ' ' + text_of(root, "version") + " (" +
                       text_of(root, "strategy") + ") in " + time_of(root, "took_ms") +
                       "; clients refused for " + time_of(root, "refused_ms") + ", nobody ready for " +
                       time_of(root, "unavailable_ms") + '\n';
    if (event == "failed") text += "reason: " + text_of(root, "error") + '\n';
    return text;
}

}  // namespace

std::string status_text(std::string_view line) {
    JsonDocument document;
    const auto root = document.parse(line);
    if (!root) return {};
    TextTable services({"SERVICE", "GROUP", "URL"});
    if (const auto all = root->find("services")) {
        all->for_each_element([&](JsonValue row) {
            services.add({text_of(row, "service"), text_of(row, "group"), text_of(row, "url")});
            return true;
        });
    }
    TextTable instances(
        {"GROUP", "PID", "VERSION", "STATE", "AGE", "RESTARTS", "CONNECTIONS", "REQUESTS", "IN FLIGHT"});
    if (const auto all = root->find("instances")) {
        all->for_each_element([&](JsonValue row) {
            instances.add({text_of(row, "group"), number_of(row, "pid"), text_of(row, "version"),
                           text_of(row, "state"), time_of(row, "age_ms"), number_of(row, "restarts"),
                           number_of(row, "connections"), number_of(row, "requests"),
                           number_of(row, "in_flight")});
            return true;
        });
    }
    return services.text() + '\n' + instances.text();
}

std::string deploy_text(std::string_view line) {
    JsonDocument document;
    const auto root = document.parse(line);
    if (!root) return {};
    const std::string event = text_of(*root, "event");
    if (event == "deployed" || event == "failed") return outcome_text(*root, event);
    if (event != "phase") return {};
    std::string text = text_of(*root, "phase");
    text.resize(std::max<std::size_t>(text.size(), 5), ' ');
    text += "  " + text_of(*root, "group");
    if (root->find("pid")) text += "  pid " + number_of(*root, "pid") + "  " + text_of(*root, "version");
    return text + "  " + time_of(*root, "took_ms") + '\n';
}

bool is_failure(std::string_view line) {
    JsonDocument document;
    const auto root = document.parse(line);
    return root.has_value() && text_of(*root, "event") == "failed";
}

}  // namespace loadgen::services::cli
