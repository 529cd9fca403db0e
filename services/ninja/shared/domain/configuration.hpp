// The dynamic configuration of the twins: the document `my_conf`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::services::ninja {

/// Says something of the customer's name: {"action":"EQUALS","key":"customer_name","value":"RanTheBuilder"}.
struct Condition {
    enum class Action : std::uint8_t { kEquals, kNotEquals, kStartsWith, kEndsWith };
    Action action = Action::kEquals;
    std::string value;
};

/// Decides a flag when all its conditions hold.
struct FlagRule {
    bool when_match = false;
    std::vector<Condition> conditions;
};

/// The first rule that matches decides, else the default.
struct Flag {
    bool fallback = false;
    std::vector<FlagRule> rules;
    bool value_for(std::string_view customer_name) const;
};

inline constexpr std::int64_t kUsualDelayedOrderMs = 5'000;

struct Configuration {
    std::vector<std::string> countries;
    Flag ten_percent_off_campaign{.fallback = true, .rules = {}};
    Flag premium_features;
    std::int64_t delayed_order_create_ms = kUsualDelayedOrderMs;  ///< where the alarm begins
};

inline constexpr std::size_t kMaxConfigurationBytes = 64 * 1024;

/// Reads a document, all or nothing: members that nobody knows, wrong kinds and unknown countries, flags and
/// actions are errors that name the place ('countries[1]: ...'). kSyntax for what is no JSON, kUsage
/// otherwise.
Result<Configuration> parse_configuration(std::string_view json);

/// The document that counts where no other is given.
std::string_view built_in_configuration();

}  // namespace loadgen::services::ninja
