// up [SERVICE...]: the supervisor.
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "common/text/json_writer.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/data_option.hpp"
#include "services/cli/version_option.hpp"
#include "services/runtime/options.hpp"
#include "services/supervisor/supervisor.hpp"
#include "services/table.hpp"

namespace loadgen::services::cli {
namespace {

using platform::OptionGroup;

constexpr std::string_view kAbout =
    "usage: loadgen-services up [SERVICE...] --data DIR [options]\n\n"
    "Starts the named services, or all, and prints where each listens. Runs until SIGTERM, Ctrl-C or\n"
    "`loadgen-services stop`, then drains; a second signal kills. What dies unasked is started again.\n"
    "`status`, `deploy` and `stop` with the same --data speak to it.\n";
constexpr std::uint16_t kDefaultPortBase = 8080;
constexpr unsigned kMaxPort = 65535;
constexpr Nanos kShortest = std::chrono::milliseconds(100);
constexpr Nanos kLongest = std::chrono::hours(1);

struct Wanted {
    supervisor::SupervisorOptions supervisor;
    std::uint16_t port_base = kDefaultPortBase;
    bool json = false;
    platform::ServiceOptions service;  ///< checked here, passed on to the processes
    runtime::Settings settings;        ///< the same
};

std::int64_t milliseconds(Nanos time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// The options of the serving processes.
std::vector<OptionGroup> passed_on(Wanted& wanted) {
    std::vector<OptionGroup> groups = platform::serving_options(wanted.service);
    for (auto& group : runtime::settings_options(wanted.settings)) groups.push_back(std::move(group));
    return groups;
}

OptionGroup supervisor_options(Wanted& wanted) {
    supervisor::SupervisorOptions& options = wanted.supervisor;
    return {"Supervisor",
            {data_option(options.data, "folder of the databases, made when missing (required)"),
             {"--host", platform::into_host(options.host), "address to listen on (default 127.0.0.1)"},
             {"--port-base", platform::into_port(wanted.port_base),
              "each service listens on this plus its own offset; 0 lets the system choose, and the folder "
              "remembers (default 8080)"},
             {"--separate", platform::into_flag(options.separate),
              "a process for each service, instead of one for all"},
             {"--instances", platform::into_number(options.instances, 1, supervisor::kMaxInstances),
              "processes that share the sockets (default 1)"},
             service_version_option(options.version),
             {"--start-limit", platform::into_duration(options.start_limit, kShortest, kLongest),
              "a process that is not ready within it is killed (default 30s)"},
             {"--leave-limit", platform::into_duration(options.leave_limit, kShortest, kLongest),
              "a process that has not drained within it is killed (default 40s)"},
             {"--json", platform::into_flag(wanted.json), "print JSON lines instead of a table"}}};
}

std::vector<OptionGroup> groups_of(Wanted& wanted) {
    std::vector<OptionGroup> groups = {supervisor_options(wanted)};
    for (auto& group : passed_on(wanted)) groups.push_back(std::move(group));
    return groups;
}

std::string services_text() {
    std::string text = "\nServices, and their offsets from --port-base:\n";
    for (const ServiceRow& row : service_table()) {
        std::string offset = "  +" + std::to_string(row.port_offset);
        offset.resize(7, ' ');
        text += offset + std::string(row.name) + "  " + std::string(row.summary) + '\n';
    }
    return text;
}

Result<void> choose_services(Wanted& wanted, const std::vector<std::string_view>& names) {
    for (const std::string_view name : names) {
        if (find_service(name) == nullptr) {
            return Error{ErrorCode::kUsage, '"' + std::string(name) + "\" is no service; --help lists them"};
        }
    }
    for (const ServiceRow& row : service_table()) {
        if (!names.empty() && std::find(names.begin(), names.end(), row.name) == names.end()) continue;
        const unsigned port = wanted.port_base == 0 ? 0U : unsigned{wanted.port_base} + row.port_offset;
        if (port > kMaxPort) {
            return Error{ErrorCode::kUsage, "--port-base: leaves no port for " + std::string(row.name) +
                                                " (" + std::to_string(port) + " is above 65535)"};
        }
        wanted.supervisor.services.push_back({std::string(row.name), static_cast<std::uint16_t>(port)});
    }
    return {};
}

std::string names_of(const Wanted& wanted) {
    std::string names;
    for (const auto& service : wanted.supervisor.services)
        names += (names.empty() ? "" : ",") + service.service;
    return names;
}

/// What every process gets: the data folder, and the options of its own that were given here.
void pass_on(Wanted& wanted, const platform::Arguments& arguments) {
    wanted.supervisor.arguments = {"--data=" + wanted.supervisor.data};
    const auto groups = passed_on(wanted);
    for (const auto& [name, value] : arguments.given) {
        const platform::Option* option = platform::find_option(groups, name);
        if (option == nullptr) continue;
        wanted.supervisor.arguments.push_back(option->value.placeholder.empty()
                                                  ? std::string(name)
                                                  : std::string(name) + '=' + std::string(value));
    }
    if (wanted.supervisor.separate) wanted.supervisor.arguments.push_back("--beside=" + names_of(wanted));
}

std::string ready_text(const supervisor::Ready& ready) {
    std::size_t width = 0;
    for (const auto& service : ready.services) width = std::max(width, service.name.size());
    std::string text;
    for (const auto& service : ready.services) {
        text += service.name + std::string(width + 2 - service.name.size(), ' ') + service.url + '\n';
    }
    return text + "ready in " + std::to_string(milliseconds(ready.took)) + " ms\n";
}

std::string ready_json(const supervisor::Ready& ready) {
    std::string text;
    text::JsonWriter writer(text);
    for (const auto& service : ready.services) {
        writer.begin_object().key("service").string(service.name).key("url").string(service.url);
        writer.key("host").string(service.host).key("port").integer(service.port);
        writer.key("group").string(service.group).end_object().new_line();
    }
    writer.begin_object().key("ready_ms").integer(milliseconds(ready.took)).key("pid").integer(::getpid());
    writer.end_object().new_line();
    return text;
}

Result<void> run(Wanted& wanted) {
    std::error_code failure;
    // Not through argv[0]: a deploy after a rebuild starts the new program, wherever we were started from.
    wanted.supervisor.program = std::filesystem::read_symlink("/proc/self/exe", failure).string();
    if (failure) return errno_error("cannot find this program", failure.value());
    wanted.supervisor.backlog = wanted.service.server.backlog;
    telemetry::DescriptorLogSink sink(STDERR_FILENO);
    const telemetry::Logger logger(sink, std::min(wanted.service.log_level, telemetry::LogLevel::kInfo));
    return supervisor::supervise(wanted.supervisor, logger, [&wanted](const supervisor::Ready& ready) {
        // Nobody reading it is no reason to stop serving.
        static_cast<void>(print(wanted.json ? ready_json(ready) : ready_text(ready)));
    });
}

}  // namespace

int run_up(Words words) {
    Wanted wanted;
    const auto groups = groups_of(wanted);
    platform::Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("up", std::string(kAbout) + services_text(), groups, words, arguments, exit_code)) {
        return exit_code;
    }
    auto done = choose_services(wanted, arguments.words);
    if (done) done = require_data(wanted.supervisor.data, "the folder of the databases");
    if (!done) return fail("up", done.error());
    pass_on(wanted, arguments);
    done = run(wanted);
    return done ? kExitDone : fail("up", done.error());
}

}  // namespace loadgen::services::cli
