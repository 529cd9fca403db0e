#include "services/supervisor/protocol.hpp"

#include <algorithm>
#include <array>

#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::services::supervisor {
namespace {

constexpr std::size_t kMaxDepth = 4;
constexpr std::size_t kMaxVersion = 64;
constexpr std::size_t kMaxName = 64;

constexpr std::array<std::string_view, 3> kCommands = {"status", "deploy", "stop"};
constexpr std::array<std::string_view, 3> kStrategies = {"rolling", "recreate", "kill"};

Error refused(std::string what) {
    return {ErrorCode::kUsage, std::move(what)};
}

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// "a number, not a string", for a member of the wrong kind.
Error wrong_kind(std::string_view member, std::string_view wanted, text::JsonValue found) {
    return refused(quoted(member) + " must be " + std::string(wanted) + ", not " +
                   std::string(text::json_kind_name(found.kind())));
}

Result<void> read_version(DeployRequest& deploy, text::JsonValue value) {
    const auto text = value.as_string();
    if (!text) return wrong_kind("version", "a text", value);
    if (!is_version(*text)) {
        return refused("\"version\" is " + quoted(*text) + "; it must be " + std::string(kVersionRule));
    }
    deploy.version = *text;
    return {};
}

Result<void> read_strategy(DeployRequest& deploy, text::JsonValue value) {
    const auto text = value.as_string();
    if (!text) return wrong_kind("strategy", "a text", value);
    const auto strategy = parse_strategy(*text);
    if (!strategy) return with_context("\"strategy\" is ", strategy.error());
    deploy.strategy = *strategy;
    return {};
}

Result<void> read_instances(DeployRequest& deploy, text::JsonValue value) {
    const auto number = value.as_uint();
    if (!number || *number < 1 || *number > kMaxInstances) {
        return refused("\"instances\" must be a number from 1 to " + std::to_string(kMaxInstances));
    }
    deploy.instances = static_cast<unsigned>(*number);
    return {};
}

Result<void> read_service(DeployRequest& deploy, text::JsonValue value) {
    const auto text = value.as_string();
    if (!text || text->empty() || text->size() > kMaxName) return refused("\"of\" must name a service");
    deploy.of = *text;
    return {};
}

struct Member {
    std::string_view name;
    Result<void> (*read)(DeployRequest& deploy, text::JsonValue value);
};
constexpr std::array<Member, 4> kDeployMembers = {{{"version", read_version},
                                                   {"strategy", read_strategy},
                                                   {"instances", read_instances},
                                                   {"of", read_service}}};

Result<void> read_deploy_member(DeployRequest& deploy, std::string_view name, text::JsonValue value) {
    for (const Member& member : kDeployMembers) {
        if (member.name == name) return member.read(deploy, value);
    }
    return refused(quoted(name) + " is no member of deploy (version, strategy, instances, of)");
}

Result<Command> read_command(text::JsonValue root) {
    const auto value = root.find("command");
    const auto text = value ? value->as_string() : std::nullopt;
    const auto found = std::find(kCommands.begin(), kCommands.end(), text.value_or(""));
    if (found == kCommands.end()) return refused("\"command\" must be status, deploy or stop");
    return static_cast<Command>(found - kCommands.begin());
}

}  // namespace

std::string_view strategy_name(Strategy strategy) {
    return kStrategies[static_cast<std::size_t>(strategy)];
}

Result<Strategy> parse_strategy(std::string_view text) {
    const auto found = std::find(kStrategies.begin(), kStrategies.end(), text);
    if (found == kStrategies.end()) return refused(quoted(text) + "; it must be rolling, recreate or kill");
    return static_cast<Strategy>(found - kStrategies.begin());
}

bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= kMaxVersion && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '+' || c == '-';
    });
}

Result<Request> parse_request(std::string_view line) {
    text::JsonDocument document({.max_bytes = kMaxRequestBytes, .max_depth = kMaxDepth});
    const auto root = document.parse(line);
    if (!root) return root.error();
    if (root->kind() != text::JsonKind::kObject) {
        return refused("a request must be an object, not " + std::string(text::json_kind_name(root->kind())));
    }
    const auto command = read_command(*root);
    if (!command) return command.error();
    Request request;
    request.command = *command;
    Result<void> read;
    root->for_each_member([&](std::string_view name, text::JsonValue value) {
        if (name == "command") return true;
        if (request.command == Command::kDeploy) {
            read = read_deploy_member(request.deploy, name, value);
        } else {
            read = refused(quoted(name) + " is no member of " +
                           std::string(kCommands[static_cast<std::size_t>(request.command)]));
        }
        return read.has_value();
    });
    if (!read) return std::move(read).error();
    if (request.command == Command::kDeploy && request.deploy.version.empty()) {
        return refused("\"version\" is missing: " + std::string(kVersionRule));
    }
    return request;
}

std::string write_request(const Request& request) {
    std::string line;
    text::JsonWriter writer(line);
    writer.begin_object().key("command").string(kCommands[static_cast<std::size_t>(request.command)]);
    if (request.command == Command::kDeploy) {
        const DeployRequest& deploy = request.deploy;
        writer.key("version").string(deploy.version);
        writer.key("strategy").string(strategy_name(deploy.strategy));
        if (deploy.instances > 0) writer.key("instances").unsigned_integer(deploy.instances);
        if (!deploy.of.empty()) writer.key("of").string(deploy.of);
    }
    writer.end_object().new_line();
    return line;
}

}  // namespace loadgen::services::supervisor
