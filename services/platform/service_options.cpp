#include "services/platform/service_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "common/io/address.hpp"

namespace loadgen::services::platform {
namespace {

constexpr unsigned kMaxPort = 65535;
constexpr unsigned kMaxThreads = 256;

/// The number in all of `text`, when it lies between the bounds.
std::optional<unsigned> parse_number(std::string_view text, unsigned lowest, unsigned highest) {
    unsigned value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || value < lowest || value > highest) {
        return std::nullopt;
    }
    return value;
}

bool set_host(ServiceOptions& options, std::string_view value) {
    options.server.host = value;
    return io::Address::from_ip(value, 0).has_value();
}

bool set_port(ServiceOptions& options, std::string_view value) {
    const auto port = parse_number(value, 0, kMaxPort);
    options.server.port = static_cast<std::uint16_t>(port.value_or(0));
    return port.has_value();
}

bool set_data(ServiceOptions& options, std::string_view value) {
    options.data = value;
    return !value.empty();
}

bool set_threads(ServiceOptions& options, std::string_view value) {
    const auto threads = parse_number(value, 1, kMaxThreads);
    options.server.threads = threads.value_or(1);
    return threads.has_value();
}

bool set_log_level(ServiceOptions& options, std::string_view value) {
    const auto level = telemetry::log_level_from_name(value);
    options.log_level = level.value_or(options.log_level);
    return level.has_value();
}

bool set_access_log(ServiceOptions& options, std::string_view value) {
    options.access_log = value;
    return !value.empty();
}

bool set_reuse_port(ServiceOptions& options, std::string_view /*value*/) {
    options.server.reuse_port = true;
    return true;
}

bool set_help(ServiceOptions& options, std::string_view /*value*/) {
    options.help = true;
    return true;
}

/// One row is one option: parser, messages and help come from here.
struct Option {
    std::string_view name;
    std::string_view value;    ///< its name in the help; empty when the option takes none
    std::string_view allowed;  ///< completes "must be ..."
    bool (*set)(ServiceOptions& options, std::string_view value);
    std::string_view help;
};

constexpr std::array kOptions = {
    Option{"--host", "IP", "an IP address", set_host, "address to listen on (default 127.0.0.1)"},
    Option{"--port", "N", "a number from 0 to 65535", set_port,
           "port to listen on; 0 lets the system choose (default 0)"},
    Option{"--data", "DIR", "a folder", set_data, "folder of the database, made when missing (required)"},
    Option{"--threads", "N", "a number from 1 to 256", set_threads,
           "event loops, each on its own thread (default 1)"},
    Option{"--log-level", "LEVEL", "debug, info, warn or error", set_log_level,
           "lowest level of the JSON log on stderr; info logs every request (default warn)"},
    Option{"--access-log", "FILE", "a file, or - for stderr", set_access_log,
           "also write each request in Common Log Format (default off)"},
    Option{"--reuse-port", "", "", set_reuse_port, "share the port with a process that takes over"},
    Option{"--help", "", "", set_help, "show this help"},
};

const Option* find_option(std::string_view name) {
    for (const Option& option : kOptions) {
        if (option.name == name) return &option;
    }
    return nullptr;
}

Error usage(std::string_view name, std::string_view what) {
    return {ErrorCode::kUsage, std::string(name) + ": " + std::string(what)};
}

}  // namespace

Result<ServiceOptions> parse_service_options(std::span<const std::string_view> arguments) {
    ServiceOptions options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto equals = arguments[i].find('=');
        const std::string_view name = arguments[i].substr(0, equals);
        const Option* option = find_option(name);
        if (option == nullptr) return usage(name, "no such option; --help lists them");
        std::string_view value;
        if (option->value.empty()) {
            if (equals != std::string_view::npos) return usage(name, "takes no value");
        } else if (equals != std::string_view::npos) {
            value = arguments[i].substr(equals + 1);
        } else if (++i < arguments.size()) {
            value = arguments[i];
        } else {
            return usage(name, "needs a value: " + std::string(option->allowed));
        }
        if (!option->set(options, value)) {
            return usage(name, '"' + std::string(value) + "\" must be " + std::string(option->allowed));
        }
        if (options.help) return options;
    }
    if (options.data.empty()) return usage("--data", "is required: the folder of the database");
    return options;
}

std::string service_options_help() {
    constexpr std::size_t kColumn = 22;
    std::string text;
    for (const Option& option : kOptions) {
        std::string left = "  " + std::string(option.name);
        if (!option.value.empty()) left += ' ' + std::string(option.value);
        left.resize(std::max(kColumn, left.size() + 1), ' ');
        text += left + std::string(option.help) + '\n';
    }
    return text;
}

}  // namespace loadgen::services::platform
