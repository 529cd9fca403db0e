#include "services/supervisor/ports.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"
#include "services/platform/replace_file.hpp"

namespace loadgen::services::supervisor {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::uint64_t kMaxPort = 65535;

std::string path_in(const std::string& data) {
    return (std::filesystem::path(data) / "ports.json").string();
}

}  // namespace

Result<Ports> read_ports(const std::string& data) {
    const std::string path = path_in(data);
    std::ifstream file(path, std::ios::binary);
    if (!file) return Ports();
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    text::JsonDocument document({.max_bytes = kMaxBytes, .max_depth = 2});
    const auto root = document.parse(text);
    if (!root) return with_context(path + ": ", root.error());
    if (root->kind() != text::JsonKind::kObject) {
        return Error{ErrorCode::kSyntax, path + ": must be an object of ports by service, not " +
                                             std::string(text::json_kind_name(root->kind()))};
    }
    Ports ports;
    std::optional<std::string> bad;
    root->for_each_member([&](std::string_view service, text::JsonValue value) {
        const auto port = value.as_uint();
        if (!port || *port == 0 || *port > kMaxPort) {
            bad = service;
            return false;
        }
        ports.emplace(service, static_cast<std::uint16_t>(*port));
        return true;
    });
    if (bad) {
        return Error{ErrorCode::kSyntax, path + ": \"" + *bad + "\" must be a number from 1 to 65535"};
    }
    return ports;
}

Result<void> write_ports(const std::string& data, const Ports& ports) {
    std::string text;
    text::JsonWriter writer(text);
    writer.begin_object();
    for (const auto& [service, port] : ports) writer.key(service).integer(port);
    writer.end_object().new_line();
    return platform::replace_file(path_in(data), text);
}

}  // namespace loadgen::services::supervisor
