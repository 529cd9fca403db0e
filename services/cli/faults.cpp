// faults: what shall go wrong on purpose in the services of a data folder.
#include <algorithm>

#include "services/cli/commands.hpp"
#include "services/cli/data_option.hpp"
#include "services/runtime/faults/fault_rules.hpp"
#include "services/table.hpp"

namespace loadgen::services::cli {
namespace {

using platform::Arguments;
using platform::OptionGroup;
using runtime::FaultRule;

constexpr std::string_view kAbout =
    "usage: loadgen-services faults set --data DIR [what and how often]\n"
    "       loadgen-services faults list --data DIR [--json]\n"
    "       loadgen-services faults clear [ID...] --data DIR\n\n"
    "Switches faults of running services on and off; every process follows within a fraction of a second "
    "and\n"
    "warns in its log. Off by default.\n\n"
    "examples:\n"
    "  faults set --data D --service orders --route \"POST /orders\" --delay 50ms --share 0.1\n"
    "  faults set --data D --service orders --route \"*\" --error 503 --share 0.01\n"
    "  faults set --data D --service loyalty --consumer \"*\" --duplicate\n"
    "  faults set --data D --trace-defect L-MISSING --share 0.05\n";
constexpr double kLeastShare = 1e-6;
constexpr double kMostPerSecond = 1e6;
constexpr int kFirstError = 400;
constexpr int kLastError = 599;

struct Wanted {
    std::string data;
    bool json = false;
    FaultRule rule;
    unsigned error = 0;
};

std::vector<OptionGroup> groups_of(Wanted& wanted) {
    FaultRule& rule = wanted.rule;
    return {
        {"Options",
         {data_option(wanted.data, "the folder of the services (required)"),
          {"--json", platform::into_flag(wanted.json), "list: print the file as it is"}}},
        {"Where (set; one of route, consumer and trace-defect)",
         {{"--service", platform::into_text(rule.service, "NAME", "a service, or *"),
           "only there (default *: everywhere)"},
          {"--route",
           platform::into_text(rule.route, "ROUTE", "a method and a path, like \"POST /orders\", or *"),
           "requests; {name} in the path fits any segment"},
          {"--consumer", platform::into_text(rule.consumer, "QUEUE", "a queue, or *"),
           "events taken from this queue, named with or without its environment"},
          {"--trace-defect", platform::into_text(rule.defect, "NAME", "the name of a trace defect"),
           "what is wrong with the traces; docs/faults.md has the table"}}},
        {"What (set)",
         {{"--share", platform::into_decimal(rule.share, kLeastShare, 1),
           "how many of them (default 1: all)"},
          {"--delay", platform::into_duration(rule.delay, Nanos{0}, std::chrono::seconds(60)), "wait first"},
          {"--error", platform::into_number(wanted.error, kFirstError, kLastError),
           "routes answer this status, consumers fail"},
          {"--drop", platform::into_flag(rule.drop),
           "routes close the connection without an answer, consumers settle without working"},
          {"--duplicate", platform::into_flag(rule.duplicate), "consumers handle the event twice"},
          {"--max-per-second", platform::into_decimal(rule.max_per_second, 0, kMostPerSecond),
           "routes answer the rest with 429 (or --error), consumers wait"}}}};
}

Result<void> check_service(const std::string& name) {
    if (name == "*" || find_service(name) != nullptr) return {};
    return Error{ErrorCode::kUsage, "--service: \"" + name + "\" is no service; --help lists them"};
}

Result<void> set(Wanted& wanted) {
    wanted.rule.error_status = static_cast<int>(wanted.error);
    auto good = check_service(wanted.rule.service);
    if (good) good = runtime::check_fault_rule(wanted.rule);
    if (!good) return good;
    auto rules = runtime::read_fault_file(wanted.data);
    if (!rules) return std::move(rules).error();
    if (rules->size() >= runtime::kMaxFaultRules) {
        return Error{ErrorCode::kLimit, "there are " + std::to_string(rules->size()) +
                                            " faults already; `faults clear` makes room"};
    }
    for (const FaultRule& rule : *rules) wanted.rule.id = std::max(wanted.rule.id, rule.id);
    ++wanted.rule.id;
    rules->push_back(wanted.rule);
    auto written = runtime::write_fault_file(wanted.data, *rules);
    if (written) {
        static_cast<void>(
            print(std::to_string(wanted.rule.id) + "  " + runtime::describe(wanted.rule) + '\n'));
    }
    return written;
}

Result<void> list(const Wanted& wanted) {
    const auto rules = runtime::read_fault_file(wanted.data);
    if (!rules) return rules.error();
    std::string text;
    if (wanted.json) {
        text = runtime::write_fault_rules(*rules);
    } else {
        for (const FaultRule& rule : *rules)
            text += std::to_string(rule.id) + "  " + runtime::describe(rule) + '\n';
        if (rules->empty()) text = "no faults\n";
    }
    static_cast<void>(print(text));
    return {};
}

Result<void> clear(const Wanted& wanted, Words ids) {
    std::vector<FaultRule> rules;
    if (!ids.empty()) {
        auto known = runtime::read_fault_file(wanted.data);
        if (!known) return std::move(known).error();
        rules = std::move(*known);
    }
    for (const std::string_view id : ids) {
        const auto removed =
            std::erase_if(rules, [id](const FaultRule& rule) { return std::to_string(rule.id) == id; });
        if (removed == 0) {
            return Error{ErrorCode::kUsage,
                         '"' + std::string(id) + "\" is no fault; `faults list` shows their numbers"};
        }
    }
    return runtime::write_fault_file(wanted.data, rules);
}

}  // namespace

int run_faults(Words words) {
    Wanted wanted;
    const auto groups = groups_of(wanted);
    Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("faults", kAbout, groups, words, arguments, exit_code)) return exit_code;
    const std::string_view verb = arguments.words.empty() ? "" : arguments.words.front();
    const Words rest = Words(arguments.words).subspan(arguments.words.empty() ? 0 : 1);
    Result<void> done = require_data_folder(wanted.data, "the folder of the services");
    if (!done) return fail("faults", done.error());
    if (verb == "clear") {
        done = clear(wanted, rest);
    } else if (!rest.empty()) {
        done = Error{ErrorCode::kUsage,
                     '"' + std::string(rest.front()) + "\": takes options only; --help lists them"};
    } else if (verb == "set") {
        done = set(wanted);
    } else if (verb == "list") {
        done = list(wanted);
    } else {
        done = Error{ErrorCode::kUsage, '"' + std::string(verb) + "\" must be set, list or clear"};
    }
    return done ? kExitDone : fail("faults", done.error());
}

}  // namespace loadgen::services::cli
