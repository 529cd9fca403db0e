// serve SERVICE...: services in this process. Its sockets may come from a supervisor.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

#include "common/http/url.hpp"
#include "common/text/json_writer.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/data_option.hpp"
#include "services/cli/version_option.hpp"
#include "services/platform/listen_sockets.hpp"
#include "services/platform/run.hpp"
#include "services/runtime/host.hpp"
#include "services/runtime/options.hpp"
#include "services/table.hpp"

namespace loadgen::services::cli {
namespace {

using platform::OptionGroup;
using platform::OptionValue;

constexpr std::string_view kAbout =
    "usage: loadgen-services SERVICE --data DIR [options]\n"
    "       loadgen-services serve SERVICE... --data DIR [options]\n\n"
    "Serves in this process until SIGTERM or SIGINT, then drains and exits 0; a second signal ends it at "
    "once.\n"
    "Each service prints one JSON line with its address on stdout when it is ready. A listening socket that\n"
    "systemd (or `up`) hands over in LISTEN_FDS under the service's name is used instead of --host and "
    "--port.\n";

struct Serving {
    platform::ServiceOptions service;
    runtime::Settings settings;
    std::vector<const ServiceRow*> rows;
    std::vector<const runtime::ServiceType*> beside;
};

/// Names with commas between them.
OptionValue into_services(std::vector<const runtime::ServiceType*>& types) {
    return {"NAMES", "names of services with commas between them", [&types](std::string_view text) {
                while (!text.empty()) {
                    const ServiceRow* row = find_service(text.substr(0, text.find(',')));
                    if (row == nullptr) return false;
                    if (row->type != nullptr) types.push_back(row->type);
                    text.remove_prefix(std::min(text.size(), row->name.size() + 1));
                }
                return true;
            }};
}

std::vector<OptionGroup> groups_of(Serving& serving) {
    std::vector<OptionGroup> groups = {
        {"Data",
         {data_option(serving.service.data, "folder of the databases, made when missing (required)")}},
        platform::listen_options(serving.service)};
    groups.front().options.push_back(service_version_option(serving.service.version));
    groups.front().options.push_back(
        {"--beside", into_services(serving.beside),
         "services that run in other processes on this folder: their queues are made "
         "too, so that they hear what is said before they start"});
    for (auto& group : platform::serving_options(serving.service)) groups.push_back(std::move(group));
    for (auto& group : runtime::settings_options(serving.settings)) groups.push_back(std::move(group));
    return groups;
}

std::string services_text() {
    std::string text = "\nServices:\n";
    for (const ServiceRow& row : service_table()) {
        text += "  " + std::string(row.name) + "  " + std::string(row.summary) + '\n';
    }
    return text;
}

/// The memory file that a supervisor watches, when there is one.
Result<std::unique_ptr<platform::SharedTraffic>> take_traffic() {
    const char* text = std::getenv("LOADGEN_TRAFFIC_FD");
    if (text == nullptr) return std::unique_ptr<platform::SharedTraffic>();
    const std::string_view digits = text;
    int descriptor = -1;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), descriptor);
    if (failed != std::errc() || end != digits.data() + digits.size()) {
        return Error{ErrorCode::kUsage,
                     "LOADGEN_TRAFFIC_FD: \"" + std::string(digits) + "\" must be a number"};
    }
    ::unsetenv("LOADGEN_TRAFFIC_FD");
    return platform::SharedTraffic::open(descriptor);
}

Result<void> find_rows(Serving& serving, std::span<const std::string_view> names) {
    for (const std::string_view name : names) {
        const ServiceRow* row = find_service(name);
        if (row == nullptr) {
            return Error{ErrorCode::kUsage, '"' + std::string(name) + "\" is no service; --help lists them"};
        }
        serving.rows.push_back(row);
    }
    if (serving.rows.empty()) return Error{ErrorCode::kUsage, "names no service; --help lists them"};
    if (serving.rows.size() > 1 && serving.service.server.port != 0) {
        return Error{ErrorCode::kUsage, "--port: is for one service; `up --port-base` gives each its own"};
    }
    return {};
}

/// A connection is a descriptor; the usual soft limit of 1024 would be ours to hit first.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);  // a refusal leaves the old limit, which works too
}

using Sockets = std::map<std::string, int, std::less<>>;

int socket_for(const Sockets& sockets, std::string_view service) {
    const auto found = sockets.find(service);
    return found == sockets.end() ? -1 : found->second;
}

/// One line for each service, in the form that tests and scripts read.
void print_ready_lines(const runtime::Host& host) {
    std::string text;
    text::JsonWriter writer(text);
    for (const runtime::ServiceAddress& address : host.addresses()) {
        const auto url = http::parse_url(address.url);
        writer.begin_object().key("service").string(address.service).key("url").string(address.url);
        writer.key("host").string(url ? url->host : std::string()).key("port").integer(address.port);
        writer.key("pid").integer(::getpid()).end_object().new_line();
    }
    // Without a reader it serves all the same.
    static_cast<void>(print(text));
}

Result<void> serve_hosted(const Serving& serving, const platform::ServiceOptions& common,
                          const Sockets& sockets) {
    raise_descriptor_limit();
    runtime::HostOptions options;
    options.settings = serving.settings;
    options.settings.data = common.data;
    if (!common.version.empty()) options.settings.version = common.version;
    options.log_level = common.log_level;
    options.access_log = common.access_log;
    options.beside = serving.beside;
    for (const ServiceRow* row : serving.rows) {
        platform::ServerOptions server = common.server;
        server.listen_socket = socket_for(sockets, row->name);
        options.services.push_back({.type = row->type, .server = std::move(server)});
    }
    auto host = runtime::Host::start(options);
    if (!host) return std::move(host).error();
    const platform::LifeCycle life{
        .ready = [&host] { print_ready_lines(**host); },
        .drain = [&host](std::function<void()> done) { (*host)->begin_drain(std::move(done)); }};
    platform::run_until_terminated((*host)->logger(), life);
    return {};
}

Result<void> serve(const Serving& serving) {
    auto sockets = platform::take_listen_sockets();
    if (!sockets) return std::move(sockets).error();
    auto traffic = take_traffic();
    if (!traffic) return std::move(traffic).error();
    platform::ServiceOptions options = serving.service;
    if (*traffic) options.server.traffic = &(*traffic)->traffic();
    const ServiceRow& first = *serving.rows.front();
    if (serving.rows.size() > 1 || first.run == nullptr) return serve_hosted(serving, options, *sockets);
    options.server.listen_socket = socket_for(*sockets, first.name);
    return first.run(options);
}

/// A host says which of its services failed; of one that is alone the command line said so already.
Error without_repeated(const std::string& where, Error error) {
    const std::string prefix = where + ": ";
    if (error.message.starts_with(prefix)) error.message.erase(0, prefix.size());
    return error;
}

}  // namespace

int run_serve(Words words) {
    Serving serving;
    const auto groups = groups_of(serving);
    platform::Arguments arguments;
    int exit_code = kExitDone;
    const bool named = !words.empty() && find_service(words.front()) != nullptr;
    std::string where(named ? words.front() : "serve");
    if (!parse_or_explain(where, std::string(kAbout) + services_text(), groups, words, arguments,
                          exit_code)) {
        return exit_code;
    }
    if (arguments.words.size() > 1) where = "serve";
    auto done = find_rows(serving, arguments.words);
    if (done) done = require_data(serving.service.data, "the folder of the database");
    if (done) done = serve(serving);
    return done ? kExitDone : fail(where, without_repeated(where, done.error()));
}

}  // namespace loadgen::services::cli
