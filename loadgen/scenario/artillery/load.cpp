// The loader from end to end.
#include <algorithm>
#include <map>
#include <utility>

#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"
#include "loadgen/scenario/artillery/data.hpp"
#include "loadgen/scenario/artillery/documents.hpp"
#include "loadgen/scenario/artillery/flow.hpp"
#include "loadgen/scenario/artillery/phases.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/shape.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario {
namespace {

using namespace artillery;

/// Flows of engines that do not exist here would drown the one message that counts.
void empty_foreign_flows(Node& root) {
    const Node* config = root.find("config");
    const Node* general = config != nullptr ? config->find("engine") : nullptr;
    const auto is_foreign = [general](const Node& scenario) {
        const Node* engine = scenario.find("engine") != nullptr ? scenario.find("engine") : general;
        return engine != nullptr && engine->is_scalar() && engine->scalar != "http" && engine->scalar != "ws";
    };
    Node* scenarios = root.find("scenarios");
    if (scenarios == nullptr) return;
    for (Node& scenario : scenarios->items) {
        if (!is_foreign(scenario)) continue;
        Node& flow = scenario.member("flow");
        flow.kind = Node::Kind::kSequence;
        flow.items.clear();
        std::erase_if(scenario.members, [](const Member& member) {
            return member.key != "flow" && member.key != "name" && member.key != "engine";
        });
    }
}

class ScriptCompiler {
  public:
    ScriptCompiler(const LoadOptions& options, const text::FunctionTable& functions, Findings& findings,
                   const Node& root, Loaded& loaded)
        : loaded_(loaded), compilation_{options, functions, findings, *loaded.plan, root} {
        compilation_.folder = folder_of(options.script);
    }

    void compile() {
        plan::ScenarioPlan& plan = compilation_.plan;
        plan.file = compilation_.options.script;
        plan.seed = compilation_.options.seed;
        plan.test_id = compilation_.options.test_id;
        define_well_known(compilation_);
        compile_variables(compilation_);
        compile_payloads(compilation_);
        compile_processor(compilation_);
        compile_tags(compilation_);
        compilation_.variables.begin_flow("config", false);
        compile_settings(compilation_, loaded_.connections);
        compile_plugins(compilation_);
        loaded_.checks = compile_checks(compilation_);
        loaded_.load = compile_phases(compilation_);
        compile_flows();
        if (!compilation_.config().member("http").member("maxSockets"))
            plan.http.sockets_per_user = 1 + compilation_.streams_at_once;
        check_expect();
        check_variables(compilation_);
        plan.initial.resize(plan.slots.size());
    }

  private:
    Loaded& loaded_;
    Compilation compilation_;

    Findings& findings() { return compilation_.findings; }

    void compile_flows() {
        const Spot root = compilation_.root_spot();
        plan::ScenarioPlan& plan = compilation_.plan;
        const Spot before = root.member("before");
        if (before && before->is_map()) plan.before = compile_flow(compilation_, before, true);
        if (plan.before) plan.before->name = "before";
        compile_scenarios(root.member("scenarios"));
        const Spot after = root.member("after");
        if (after && after->is_map()) plan.after = compile_flow(compilation_, after, false);
        if (plan.after) plan.after->name = "after";
    }

    void compile_scenarios(const Spot& list) {
        if (!list || !list->is_list()) return;
        std::map<std::string, std::string> names;
        const auto chosen = choose(list);
        double total = 0;
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const Spot spot = list.item(i);
            if (!spot->is_map()) continue;
            const Spot name = spot.member("name");
            if (name && name->is_scalar()) note_name(name, names);
            plan::Journey journey = compile_flow(compilation_, spot, false);
            journey.name = read_text(name, std::to_string(i));
            if (chosen && *chosen != i) continue;
            journey.weight = compilation_.options.scenario_name.empty() ? weight(spot.member("weight")) : 1;
            total += journey.weight;
            journey.number = static_cast<std::uint32_t>(compilation_.plan.journeys.size());
            compilation_.plan.journeys.push_back(std::move(journey));
        }
        if (list->items.empty()) {
            findings().error(list, "found an empty list, expected a scenario at least");
        } else if (!(total > 0) && !findings().any_errors()) {
            findings().error(list, "all weights are 0, so there is nothing to run");
        }
    }

    void note_name(const Spot& name, std::map<std::string, std::string>& names) {
        const auto [known, is_new] = names.emplace(name->scalar, name.path);
        if (!is_new)
            findings().warning(name, "the name " + shown(name->scalar) + " is used by " + known->second +
                                         " too, so reports add the two up");
    }

    /// The number of the scenario that --scenario-name means: one with this name, else the one that the
    /// pattern fits.
    std::optional<std::size_t> choose(const Spot& list) {
        const std::string& wanted = compilation_.options.scenario_name;
        if (wanted.empty()) return std::nullopt;
        const auto pattern = text::Regex::compile(wanted);
        std::vector<std::size_t> exact;
        std::vector<std::size_t> fitting;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < list->items.size(); ++i) {
            const std::string name = read_text(list.item(i).member("name"));
            if (!name.empty()) names.push_back(shown(name));
            if (name == wanted) exact.push_back(i);
            if (!name.empty() && pattern && pattern->matches(name)) fitting.push_back(i);
        }
        const std::vector<std::size_t>& found = exact.empty() ? fitting : exact;
        if (found.size() == 1) return found[0];
        findings().error(list, found.empty() ? "there is no scenario " + shown(wanted) +
                                                   (names.empty() ? "" : "; there are " + either(names))
                                             : std::to_string(found.size()) + " scenarios fit the name " +
                                                   shown(wanted) + "; one must");
        return std::nullopt;
    }

    double weight(const Spot& spot) {
        if (!spot || !spot->is_scalar()) return 1;
        std::optional<double> weight = number_of(*spot);
        std::string text = spot->scalar;
        if (has_template(*spot)) {
            text = evaluate_once(spot);
            weight = text::Value(text).to_number();
        }
        if (!weight || !(*weight >= 0) || *weight > 1e9) {
            findings().error(spot, "found " + shown(text) + ", expected a number from 0");
            return 1;
        }
        if (*weight == 0) findings().warning(spot, "is 0, so this scenario never runs");
        return *weight;
    }

    /// As Artillery does: before there are users, with the first row of the data and the first of several
    /// values.
    std::string evaluate_once(const Spot& spot) {
        const text::Template compiled = compile_text(compilation_, spot);
        const plan::ScenarioPlan& plan = compilation_.plan;
        std::vector<text::Value> values = plan.initial;
        values.resize(plan.slots.size());
        for (const plan::DataSet& set : plan.data)
            for (std::size_t i = 0; i < set.fields.size() && !set.rows.empty() && i < set.rows[0].size(); ++i)
                values[set.fields[i]] = set.rows[0][i];
        for (const plan::Variable& variable : plan.variables)
            if (!variable.choices.empty()) values[variable.slot] = variable.choices[0];
        Random random(plan.seed, 0x3E);
        text::CallContext context{random};
        return compiled.render({values, context});
    }

    void check_expect() {
        if (!compilation_.uses_expect || compilation_.plan.expect.enabled) return;
        compilation_.plan.expect.enabled = true;
        findings().warning(
            compilation_.config(),
            "expectations are checked, though plugins.expect is missing, without which Artillery passes "
            "over them");
    }
};

}  // namespace

Loaded load_scenario(const LoadOptions& given) {
    Loaded loaded;
    LoadOptions options = given;
    const text::FunctionTable none({});
    Findings findings;
    read_dotenv(options, findings);
    if (auto root = read_documents(options, findings)) {
        empty_foreign_flows(*root);
        check_script_shape(*root, findings);
        loaded.plan = std::make_shared<plan::ScenarioPlan>();
        if (root->is_map())
            ScriptCompiler(options, options.functions != nullptr ? *options.functions : none, findings, *root,
                           loaded)
                .compile();
    }
    loaded.ok = !findings.any_errors();
    loaded.findings = findings.take();
    return loaded;
}

}  // namespace loadgen::scenario
