#include "loadgen/scenario/artillery/config_templates.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/random.hpp"
#include "common/text/template_text.hpp"
#include "loadgen/scenario/artillery/keys.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

/// Filled in by every request.
constexpr std::array<std::string_view, 6> kLater{
    "config.http.defaults.headers", "config.http.defaults.cookie", "config.defaults.headers",
    "config.defaults.cookie",       "config.ws.headers",           "config.environments"};

/// What nobody reads (settings of plugins and engines that are not there) need not be complete.
bool is_read(const std::string& path, std::string_view key) {
    if (path == "config") return find_key(kConfig, key) != nullptr && key != "engines" && key != "socketio";
    if (path == "config.plugins") return find_key(*find_key(kConfig, "plugins")->object, key) != nullptr;
    return true;
}

class Filler {
  public:
    Filler(const LoadOptions& options, const text::Value& variables, Findings& findings)
        : options_(options),
          functions_(options.functions != nullptr ? *options.functions : text::FunctionTable({})),
          findings_(findings),
          random_(options.seed, 0xC0) {
        for (auto& [name, value] : well_known_values(options)) define(name, std::move(value));
        if (variables.is_object())
            for (const auto& [name, value] : variables.members()) define(name, value);
    }

    void fill(Node& node, const std::string& path) {
        if (std::find(kLater.begin(), kLater.end(), path) != kLater.end()) return;
        for (std::size_t i = 0; i < node.items.size(); ++i)
            fill(node.items[i], path + "[" + std::to_string(i) + "]");
        for (Member& member : node.members)
            if (is_read(path, member.key)) fill(member.value, path_of(path, member.key));
        if (has_template(node)) replace(node, path);
    }

  private:
    void define(const std::string& name, text::Value value) {
        const text::Slot slot = slots_.slot_of(name);
        values_.resize(std::max<std::size_t>(values_.size(), slot + 1));
        values_[slot] = std::move(value);
    }

    void replace(Node& node, const std::string& path) {
        const Spot spot{&node, path, node.place};
        const auto compiled = text::Template::compile(node.scalar, slots_, functions_);
        if (!compiled) {
            findings_.error_inside(spot, compiled.error());
            return;
        }
        const bool known = std::all_of(compiled->reads().begin(), compiled->reads().end(),
                                       [this](text::Slot slot) { return slot < values_.size(); });
        if (!known) {
            findings_.error(
                spot,
                "found " + shown(node.scalar) +
                    ", but config is read before there are virtual users: only $env, $environment, "
                    "$testId, $dirname, $scenarioFile, functions and variables given with -v are known");
            return;
        }
        text::CallContext context{random_};
        text::Value value = compiled->evaluate({values_, context});
        if (!context.fault.empty()) findings_.error(spot, context.fault);
        if (!note_unset(spot, value)) return;
        node = from_value(value, Place(node.place));
    }

    /// False when the value cannot do without.
    bool note_unset(const Spot& spot, const text::Value& value) {
        for (const std::string& name : unset_environment(options_, spot->scalar)) {
            const std::string message = "the environment variable " + shown(name) + " is not set";
            if (value.is_undefined() && !spot.path.starts_with("config.variables")) {
                findings_.error(spot, message);
                return false;
            } else {
                findings_.warning(spot, message + ", so this reads as undefined");
            }
        }
        return true;
    }

    const LoadOptions& options_;
    const text::FunctionTable functions_;
    Findings& findings_;
    Random random_;
    text::SlotTable slots_;
    std::vector<text::Value> values_;
};

}  // namespace

void fill_config_templates(Node& root, const LoadOptions& options, const text::Value& variables,
                           Findings& findings) {
    if (Node* config = root.find("config")) Filler(options, variables, findings).fill(*config, "config");
}

std::vector<text::Value::Member> well_known_values(const LoadOptions& options) {
    text::Value::Object environment;
    for (const auto& [name, value] : options.process_environment)
        environment.emplace_back(name, text::Value(value));
    const text::Value variables(std::move(environment));
    const std::string script = absolute_path(options.script);
    const std::string config = options.config.empty() ? script : absolute_path(options.config);
    return {{"$env", variables},
            {"$processEnvironment", variables},
            {"$environment", options.environment.empty() ? text::Value() : text::Value(options.environment)},
            {"$testId", text::Value(options.test_id)},
            {"$dirname", text::Value(folder_of(config))},
            {"$scenarioFile", text::Value(script)}};
}

}  // namespace loadgen::scenario::artillery
