#include "loadgen/scenario/artillery/documents.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadgen/pacing/text_file.hpp"
#include "loadgen/scenario/artillery/config_templates.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"

namespace loadgen::scenario::artillery {
namespace {

Result<std::string> read(const LoadOptions& options, const std::string& path) {
    return options.read_file ? options.read_file(path, kMaxScriptBytes)
                             : pacing::read_file(path, kMaxScriptBytes);
}

/// Nothing when the text gave no tree at all.
std::optional<Node> parse(std::string text, const std::string& name, Findings& findings) {
    const std::uint32_t file = findings.add_file(name, text);
    text::YamlResult parsed = text::parse_yaml(text, name);
    for (const text::Finding& finding : parsed.findings) findings.add(finding, file);
    if (!parsed.ok && parsed.root.kind == text::YamlNode::Kind::kNull) return std::nullopt;
    return from_yaml(std::move(parsed.root), file);
}

std::optional<Node> read_and_parse(const LoadOptions& options, const std::string& path, Findings& findings) {
    Result<std::string> text = read(options, path);
    if (!text) {
        const std::uint32_t file = findings.add_file(path, "");
        std::string message = text.error().message;
        if (message.starts_with(path + ": ")) message.erase(0, path.size() + 2);
        findings.error({file, {}}, "", message);
        return std::nullopt;
    }
    return parse(std::move(*text), path, findings);
}

/// A JSON object given on the command line.
std::optional<Node> parse_flag(const std::string& text, const std::string& name, Findings& findings) {
    auto node = parse(text, name, findings);
    if (node && !node->is_map()) {
        findings.error(node->place, "", "found " + found(*node) + ", expected a JSON object");
        return std::nullopt;
    }
    return node;
}

void warn_of_shorter_lists(const Node& base, const Node& change, const std::string& path,
                           Findings& findings) {
    if (base.is_list() && change.is_list() && change.items.size() < base.items.size()) {
        findings.warning(change.place, path,
                         "has " + std::to_string(change.items.size()) + " of " +
                             std::to_string(base.items.size()) +
                             " entries; lists are merged entry by entry, so the rest of config's stays");
    }
    for (const Member& member : change.members)
        if (const Node* existing = base.find(member.key))
            warn_of_shorter_lists(*existing, member.value, path_of(path, member.key), findings);
}

void choose_environment(Node& config, const std::string& name, Findings& findings) {
    const Node* environments = config.find("environments");
    if (environments == nullptr || !environments->is_map()) {
        findings.warning(config.place, "config",
                         "there are no environments, so " + shown(name) + " changes nothing");
        return;
    }
    const Node* chosen = environments->find(name);
    if (chosen == nullptr) {
        std::vector<std::string> names;
        for (const Member& member : environments->members) names.push_back(member.key);
        findings.error(environments->place, "config.environments",
                       "there is no environment " + shown(name) +
                           (names.empty() ? std::string() : "; there are " + either(names)));
        return;
    }
    const Node change(*chosen);  // merging moves the members of config about
    warn_of_shorter_lists(config, change, path_of("config.environments", name), findings);
    if (change.is_map()) merge(config, change);
}

void set_payload_path(Node& config, const std::string& path, const Place& place, Findings& findings) {
    Node* payload = config.find("payload");
    if (payload != nullptr && payload->is_list() && payload->items.size() == 1) payload = &payload->items[0];
    if (payload == nullptr || !payload->is_map()) {
        findings.error(config.place, "config.payload",
                       "-p needs one config.payload that says what the columns mean");
        return;
    }
    // The flag is relative to where the command runs, paths of the script are relative to the script.
    payload->member("path") = from_value(text::Value(absolute_path(path)), place);
}

void apply_flags(Node& root, const LoadOptions& options, Findings& findings) {
    Node& config = root.member("config");
    if (config.is_null()) config.kind = Node::Kind::kMap;
    if (!config.is_map()) return;
    if (!options.environment.empty()) choose_environment(config, options.environment, findings);
    if (!options.target.empty())
        config.member("target") =
            from_value(text::Value(options.target), {findings.add_file("--target", ""), {}});
    if (!options.payload.empty())
        set_payload_path(config, options.payload, {findings.add_file("--payload", ""), {}}, findings);
    if (!options.overrides.empty())
        if (const auto overrides = parse_flag(options.overrides, "--overrides", findings))
            merge_replacing_lists(root, *overrides);
}

void apply_variables(Node& root, const Node& variables) {
    Node* config = root.find("config");
    if (config == nullptr || !config->is_map()) return;
    replace_members(config->member("variables"), variables);
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string dotenv_value(std::string_view text) {
    text = trim(text);
    const char quote = text.empty() ? '\0' : text[0];
    if (quote == '"' || quote == '\'' || quote == '`') {
        const auto end = text.find(quote, 1);
        if (end != text.npos) {
            std::string value(text.substr(1, end - 1));
            for (auto at = value.find("\\n"); quote == '"' && at != value.npos;
                 at = value.find("\\n", at + 1))
                value.replace(at, 2, "\n");
            return value;
        }
    }
    return std::string(trim(text.substr(0, text.find('#'))));
}

}  // namespace

void read_dotenv(LoadOptions& options, Findings& findings) {
    if (options.dotenv.empty()) return;
    const Result<std::string> text = read(options, options.dotenv);
    const std::uint32_t file = findings.add_file(options.dotenv, text ? *text : std::string());
    if (!text) {
        findings.warning({file, {}}, "", "the file of environment variables cannot be read");
        return;
    }
    std::string_view rest = *text;
    for (std::uint32_t line = 1; !rest.empty(); ++line) {
        const auto end = rest.find('\n');
        std::string_view row = trim(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        if (row.empty() || row[0] == '#') continue;
        if (row.starts_with("export ")) row = trim(row.substr(7));
        const auto equals = row.find('=');
        if (equals == row.npos || equals == 0) {
            findings.warning({file, {line, 1}}, "", "found " + shown(row) + ", expected NAME=value");
            continue;
        }
        std::string name(trim(row.substr(0, equals)));
        auto& known = options.process_environment;
        const bool is_set = std::any_of(known.begin(), known.end(),
                                        [&name](const auto& variable) { return variable.first == name; });
        if (!is_set) known.emplace_back(std::move(name), dotenv_value(row.substr(equals + 1)));
    }
}

std::optional<Node> read_documents(const LoadOptions& options, Findings& findings) {
    auto root = read_and_parse(options, options.script, findings);
    std::vector<std::string> others = options.inputs;
    if (!options.config.empty()) others.push_back(options.config);
    for (const std::string& path : others) {
        const auto other = read_and_parse(options, path, findings);
        if (root && other) merge(*root, *other);
    }
    if (!root) return std::nullopt;
    std::optional<Node> variables;
    if (!options.variables.empty()) variables = parse_flag(options.variables, "--variables", findings);
    if (!root->is_map()) return root;
    apply_flags(*root, options, findings);
    if (variables) apply_variables(*root, *variables);
    fill_config_templates(*root, options, variables ? to_value(*variables) : text::Value(), findings);
    return root;
}

}  // namespace loadgen::scenario::artillery
