#include "loadgen/scenario/artillery/settings.hpp"

#include <algorithm>
#include <utility>

#include "common/http/header.hpp"
#include "common/http/url.hpp"
#include "loadgen/scenario/artillery/config_templates.hpp"
#include "loadgen/scenario/artillery/documents.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/sockets.hpp"
#include "loadgen/scenario/artillery/texts.hpp"
#include "loadgen/scenario/artillery/tls.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr Nanos kDefaultTimeout{10'000'000'000};

/// A setting that has a former place: the new one counts.
Spot either_place(const Spot& first, const Spot& second) {
    return first ? first : second;
}

void compile_tracing(Compilation& compilation, const Spot& spot) {
    plan::HttpSettings& http = compilation.plan.http;
    if (!spot) return;
    http.propagate_trace = spot->is_map() ? read_bool(spot.member("enabled"), true) : read_bool(spot, false);
    http.sampled = read_bool(spot.member("sampled"), true);
    const Spot prefix = spot.member("traceIdPrefix");
    http.trace_id_prefix = read_text(prefix, "a9");
    const bool hexadecimal =
        http.trace_id_prefix.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (prefix && (!hexadecimal || http.trace_id_prefix.size() > 8))
        compilation.findings.error(
            prefix, "found " + shown(http.trace_id_prefix) + ", expected up to 8 hexadecimal digits");
}

void compile_pools(Compilation& compilation, const Spot& http, plan::ConnectionPolicy& connections) {
    const auto count = [&compilation](const Spot& spot, std::size_t fallback) -> std::size_t {
        const auto number = spot ? whole_of(*spot) : std::nullopt;
        if (number && *number == 0) compilation.findings.error(spot, "found 0, expected 1 or more");
        return number ? static_cast<std::size_t>(*number) : fallback;
    };
    plan::HttpSettings& settings = compilation.plan.http;
    settings.pool = count(http.member("pool"), 0);
    settings.sockets_per_user = count(http.member("maxSockets"), 1);
    if (settings.pool > 0) connections.max_connections = settings.pool;
}

void compile_defaults(Compilation& compilation) {
    const Spot now = compilation.config().member("http").member("defaults");
    const Spot former = compilation.config().member("defaults");
    compilation.strict_captures =
        read_bool(now.member("strictCapture"), true) && read_bool(former.member("strictCapture"), true);
    for (const Spot& think : {now.member("think"), former.member("think")})
        if (think && think->is_scalar())
            compilation.findings.warning(
                think, "found " + shown(think->scalar) +
                           ", which has no effect, as in Artillery: users pause where a think "
                           "step stands; here may be {jitter: \"20%\"}");
    const Spot jitter = either_place(now.member("think"), former.member("think")).member("jitter");
    if (jitter) compilation.default_jitter = read_jitter(compilation, jitter);
    const Spot cookies = either_place(now.member("cookie"), former.member("cookie"));
    if (!cookies || !cookies->is_map()) return;
    for (std::size_t i = 0; i < cookies->members.size(); ++i)
        compilation.plan.http.default_cookies.emplace_back(cookies->members[i].key,
                                                           compile_text(compilation, cookies.member_at(i)));
}

void note_unsupported(Compilation& compilation) {
    const Spot config = compilation.config();
    if (const Spot socketio = config.member("socketio"))
        compilation.findings.warning(socketio.key_place, socketio.path,
                                     "is not used: Socket.IO is not supported");
    const Spot engines = config.member("engines");
    for (std::size_t i = 0; engines && i < engines->members.size(); ++i) {
        const Spot engine = engines.member_at(i);
        compilation.findings.warning(
            engine.key_place, engine.path,
            "is not used: there are the engines http and ws, and no others can be loaded");
    }
    if (const Spot proxy = config.member("ws").member("proxy")) refuse_proxy(compilation, proxy);
    for (const Spot& traces : {compilation.root_spot().member("traces"), config.member("traces")})
        if (traces)
            compilation.findings.warning(traces.key_place, traces.path,
                                         "is reserved for trace contracts and not used yet");
}

}  // namespace

bool read_bool(const Spot& spot, bool fallback) {
    return spot ? bool_of(*spot).value_or(fallback) : fallback;
}

double read_number(const Spot& spot, double fallback) {
    return spot ? number_of(*spot).value_or(fallback) : fallback;
}

std::string read_text(const Spot& spot, std::string fallback) {
    return spot && spot->is_scalar() ? spot->scalar : std::move(fallback);
}

void warn_of_fraction(Compilation& compilation, const Spot& spot) {
    compilation.findings.warning(spot, "found " + shown(spot->scalar) +
                                           " without a unit, read as seconds; Artillery refuses it or reads "
                                           "milliseconds, so write a unit");
}

std::optional<Nanos> read_duration(Compilation& compilation, const Spot& spot) {
    if (!spot) return std::nullopt;
    const auto duration = duration_of(*spot);
    if (!duration) return std::nullopt;
    if (duration->fraction_without_unit) warn_of_fraction(compilation, spot);
    return duration->value;
}

std::optional<plan::Jitter> read_jitter(Compilation& compilation, const Spot& spot) {
    if (!spot || !spot->is_scalar()) return std::nullopt;
    std::string text = spot->scalar;
    if (text.ends_with('%')) {
        Node number(*spot);
        number.scalar.pop_back();
        const auto percent = number_of(number);
        if (percent && *percent >= 0 && *percent <= 100) return plan::Jitter{Nanos(0), *percent / 100};
    } else if (const auto millis = number_of(*spot); millis && *millis >= 0 && *millis < 1e12) {
        return plan::Jitter{Nanos(static_cast<std::int64_t>(*millis * 1e6)), 0};
    } else if (const auto duration = duration_of(text)) {
        return plan::Jitter{duration->value, 0};
    }
    compilation.findings.error(
        spot, "found " + shown(text) +
                  ", expected milliseconds, a duration such as \"500ms\" or a share such as \"20%\"");
    return std::nullopt;
}

void check_target(Compilation& compilation) {
    const Spot spot = compilation.config().member("target");
    if (!spot || !spot->is_scalar() || has_template(*spot) || spot->scalar.empty()) return;
    const std::string& target = spot->scalar;
    const std::size_t colon = target.find("://");
    const std::string_view scheme = std::string_view(target).substr(0, colon);
    if (colon != target.npos && (http::equal_name(scheme, "http") || http::equal_name(scheme, "https"))) {
        if (const auto parsed = http::parse_url(target); !parsed)
            compilation.findings.error(spot, parsed.error().message);
        return;
    }
    std::string hint;
    if (target.find(":/") == target.npos) {
        hint = "; did you mean " + shown("http://" + target) + "?";
    } else if (const bool tls = http::equal_name(scheme, "wss"); tls || http::equal_name(scheme, "ws")) {
        const std::string other = (tls ? "https" : "http") + target.substr(colon);
        hint = "; WebSockets connect to " + shown(other) + ", too";
    }
    compilation.findings.error(
        spot, "found " + shown(target) + ", expected a URL that starts with http:// or https://" + hint);
}

void compile_settings(Compilation& compilation, plan::ConnectionPolicy& connections) {
    const Spot config = compilation.config();
    const Spot http = config.member("http");
    plan::ScenarioPlan& plan = compilation.plan;
    plan.target = read_text(config.member("target"));
    connections.timeout =
        read_duration(compilation, either_place(config.member("timeout"), http.member("timeout")))
            .value_or(kDefaultTimeout);
    compile_tls(compilation, connections.tls);
    compile_pools(compilation, http, connections);
    compile_tracing(compilation, http.member("distributedTracing"));
    compile_defaults(compilation);
    plan.http.extended_metrics = read_bool(http.member("extendedMetrics"), false);
    if (const auto interval = read_duration(compilation, config.member("statsInterval"));
        interval && *interval > Nanos(0))
        plan.stats_interval = *interval;
    note_unsupported(compilation);
}

void compile_processor(Compilation& compilation) {
    const Spot spot = compilation.config().member("processor");
    const std::string name = read_text(spot);
    if (name.empty()) return;
    std::string path = compilation.resolve(name);
    Result<std::string> source = compilation.read_file(path, kMaxScriptBytes);
    if (!compilation.options.config.empty()) {
        // As in Artillery: relative to the file of -c, if it is there, else to the script.
        const std::string beside_config = join_path(folder_of(compilation.options.config), name);
        if (Result<std::string> other = compilation.read_file(beside_config, kMaxScriptBytes)) {
            source = std::move(other);
            path = beside_config;
        }
    }
    compilation.plan.processor = path;
    if (!source) {
        compilation.findings.error(spot, "the processor cannot be read: " + source.error().message);
        compilation.exports.reset();
        return;
    }
    compilation.processor_text = std::move(*source);
    if (!compilation.options.list_functions) return;
    Result<std::vector<std::string>> exports = compilation.options.list_functions(path);
    if (exports) {
        compilation.exports = std::move(*exports);
    } else {
        compilation.findings.error(spot, exports.error().message);
    }
}

void compile_tags(Compilation& compilation) {
    if (compilation.options.tags.empty()) return;
    const std::uint32_t file = compilation.findings.add_file("--tags", "");
    std::string_view rest = compilation.options.tags;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const std::string tag(rest.substr(0, comma));
        rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
        const auto colon = tag.find(':');
        if (colon == 0 || colon == std::string::npos || colon + 1 == tag.size()) {
            compilation.findings.error({file, {}}, "", "found " + shown(tag) + ", expected name:value");
        } else {
            const auto number = static_cast<std::uint32_t>(compilation.plan.tags.size());
            if (compilation.tag_numbers.emplace(tag, number).second) compilation.plan.tags.push_back(tag);
        }
    }
}

}  // namespace loadgen::scenario::artillery
