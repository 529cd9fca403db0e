#include "services/platform/service_options.hpp"

#include "common/io/address.hpp"

namespace loadgen::services::platform {
namespace {

constexpr unsigned kMaxThreads = 256;
constexpr unsigned kMaxConnections = 1'000'000;
constexpr Nanos kShortest = std::chrono::milliseconds(1);
constexpr Nanos kLongest = std::chrono::hours(24);

OptionValue into_level(telemetry::LogLevel& level) {
    return {"LEVEL", "debug, info, warn or error", [&level](std::string_view text) {
                const auto known = telemetry::log_level_from_name(text);
                level = known.value_or(level);
                return known.has_value();
            }};
}

OptionValue into_time(Nanos& time) {
    return into_duration(time, kShortest, kLongest);
}

}  // namespace

OptionValue into_host(std::string& host) {
    return {"IP", "an IP address", [&host](std::string_view text) {
                host = text;
                return io::Address::from_ip(text, 0).has_value();
            }};
}

OptionGroup listen_options(ServiceOptions& options) {
    return {"Where it listens",
            {{"--host", into_host(options.server.host), "address to listen on (default 127.0.0.1)"},
             {"--port", into_port(options.server.port),
              "port to listen on; 0 lets the system choose (default 0)"},
             {"--reuse-port", into_flag(options.server.reuse_port),
              "share the port with a process that takes over"}}};
}

std::vector<OptionGroup> serving_options(ServiceOptions& options) {
    ServerOptions& server = options.server;
    OptionGroup serving{"Server",
                        {{"--threads", into_number(server.threads, 1, kMaxThreads),
                          "event loops of a service, each on its own thread (default 1)"},
                         {"--max-connections", into_number(server.max_connections, 1, kMaxConnections),
                          "connections of a service; more wait in the backlog (default 20000)"},
                         {"--idle-timeout", into_time(server.idle_timeout),
                          "a connection without a request for so long is closed (default 60s)"},
                         {"--request-timeout", into_time(server.request_timeout),
                          "longest time from a request's first byte to its last (default 10s)"},
                         {"--handler-timeout", into_time(server.handler_timeout),
                          "longest time from a request's last byte to its answer; then 503 (default 30s)"},
                         {"--drain-idle", into_time(server.drain_idle),
                          "when leaving: a connection that is quiet for so long is closed (default 1s)"},
                         {"--drain-grace", into_time(server.drain_grace),
                          "when leaving: what still runs after it is cut off (default 10s)"}}};
    OptionGroup logs{"Logs",
                     {{"--log-level", into_level(options.log_level),
                       "lowest level of the JSON log on stderr; info logs every request (default warn)"},
                      {"--access-log", into_text(options.access_log, "FILE", "a file, or - for stderr"),
                       "also write each request in Common Log Format (default off)"}}};
    return {std::move(serving), std::move(logs)};
}

}  // namespace loadgen::services::platform
