// loadgen-services: one binary, one subcommand a service.
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "services/birthday/service.hpp"
#include "services/platform/service_options.hpp"

namespace {

using loadgen::services::platform::ServiceOptions;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Service {
    std::string_view name;
    std::string_view summary;
    loadgen::Result<void> (*run)(const ServiceOptions& options);
};

/// One row is one service.
constexpr std::array kServices = {
    Service{"birthday", "greets people and counts the days to their birthdays",
            loadgen::services::birthday::run},
};

std::string help_text() {
    std::string text = "usage: loadgen-services <service> --data DIR [options]\n\nservices:\n";
    for (const Service& service : kServices) {
        text += "  " + std::string(service.name) + "  " + std::string(service.summary) + '\n';
    }
    text += "\noptions:\n" + loadgen::services::platform::service_options_help();
    return text +
           "\nA ready service prints one JSON line with its address on stdout. SIGTERM drains and exits 0;\n"
           "a second one exits at once. Exit codes: 1 could not start, 2 wrong usage.\n";
}

int fail(int code, const std::string& message) {
    std::fprintf(stderr, "loadgen-services: %s\n", message.c_str());
    return code;
}

int run(const Service& service, const std::vector<std::string_view>& arguments) {
    const auto options = loadgen::services::platform::parse_service_options(arguments);
    if (!options) return fail(kExitUsage, std::string(service.name) + ": " + options.error().message);
    if (options->help) return std::fputs(help_text().c_str(), stdout) < 0 ? kExitFailed : 0;
    const auto done = service.run(*options);
    if (done) return 0;
    const bool usage = done.error().code == loadgen::ErrorCode::kUsage;
    return fail(usage ? kExitUsage : kExitFailed, std::string(service.name) + ": " + done.error().message);
}

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string_view> arguments(values + 1, values + count);
    const std::string_view name = arguments.empty() ? "" : arguments.front();
    if (name == "--help" || name == "help")
        return std::fputs(help_text().c_str(), stdout) < 0 ? kExitFailed : 0;
    for (const Service& service : kServices) {
        if (service.name == name) return run(service, {arguments.begin() + 1, arguments.end()});
    }
    return fail(kExitUsage, '"' + std::string(name) + "\" is no service; --help lists them");
}
