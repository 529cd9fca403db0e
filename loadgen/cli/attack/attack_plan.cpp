// From flags to a plan.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "common/base/duration_text.hpp"
#include "common/base/random.hpp"
#include "common/io/address.hpp"
#include "loadgen/cli/attack/attack_settings.hpp"
#include "loadgen/cli/option_value.hpp"
#include "loadgen/pacing/phase_text.hpp"
#include "loadgen/pacing/rate.hpp"
#include "loadgen/pacing/segment.hpp"
#include "loadgen/scenario/targets.hpp"

namespace loadgen::cli {
namespace {

constexpr std::uint64_t kNoCap = 18446744073709551615ULL;
constexpr std::size_t kMostKeptBody = std::size_t{16} << 20;

Error usage(std::string text) {
    return {ErrorCode::kUsage, std::move(text)};
}

std::vector<std::string> split_commas(const std::vector<std::string>& lists) {
    std::vector<std::string> items;
    for (const std::string& list : lists) {
        std::size_t begin = 0;
        while (begin <= list.size()) {
            const std::size_t comma = std::min(list.find(',', begin), list.size());
            if (comma > begin) items.push_back(list.substr(begin, comma - begin));
            begin = comma + 1;
        }
    }
    return items;
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    return std::from_chars(text.data(), text.data() + text.size(), port).ptr == text.data() + text.size() &&
           port != 0;
}

/// "src:port:dst:port"; IPv6 hosts in brackets.
Result<plan::ConnectTo> parse_connect_to(const std::string& text) {
    std::vector<std::size_t> colons;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[') ++depth;
        if (text[i] == ']') --depth;
        if (text[i] == ':' && depth == 0) colons.push_back(i);
    }
    if (colons.size() != 3) {
        return usage("-connect-to: found \"" + text + "\", expected SOURCE:PORT:DESTINATION:PORT");
    }
    for (const auto& [begin, end] : {std::pair(colons[0], colons[1]), std::pair(colons[2], text.size())}) {
        const std::string port = text.substr(begin + 1, end - begin - 1);
        if (is_port(port)) continue;
        return usage("-connect-to: bad port \"" + port + "\" in \"" + text + "\": expected 1 to 65535");
    }
    return plan::ConnectTo{text.substr(0, colons[1]), {text.substr(colons[1] + 1)}};
}

Result<void> add_connect_to(const AttackSettings& settings, plan::ConnectionPolicy& policy) {
    for (const std::string& text : settings.connect_to) {
        auto rule = parse_connect_to(text);
        if (!rule) return std::move(rule).error();
        const auto known = std::find_if(policy.connect_to.begin(), policy.connect_to.end(),
                                        [&](const auto& entry) { return entry.source == rule->source; });
        if (known == policy.connect_to.end()) {
            policy.connect_to.push_back(std::move(*rule));
        } else {
            known->targets.push_back(rule->targets.front());
        }
    }
    return {};
}

Result<void> add_proxy(const AttackSettings& settings, plan::ConnectionPolicy& policy) {
    if (settings.proxy.empty()) {
        if (!settings.proxy_headers.empty())
            return usage("-proxy-header needs -proxy: there is no proxy to tell");
        return {};
    }
    auto url = http::parse_url(settings.proxy);
    if (!url) return with_context("-proxy: ", std::move(url).error());
    if (url->tls()) return usage("-proxy: found \"" + settings.proxy + "\", expected an http:// proxy");
    plan::Proxy proxy{std::move(*url), {}};
    for (const std::string& text : settings.proxy_headers) {
        const std::size_t colon = text.find(':');
        if (colon == std::string::npos || colon == 0) {
            return usage("-proxy-header: found \"" + text + "\", expected \"Name: value\"");
        }
        const std::size_t value = text.find_first_not_of(" \t", colon + 1);
        proxy.headers.push_back(
            {text.substr(0, colon), value == std::string::npos ? "" : text.substr(value)});
    }
    policy.proxy = std::move(proxy);
    return {};
}

/// Local addresses and name servers.
Result<void> add_addresses(const AttackSettings& settings, plan::ConnectionPolicy& policy) {
    policy.source_addresses = split_commas(settings.local_addresses);
    // vegeta's default, which means "whatever the system chooses".
    std::erase(policy.source_addresses, "0.0.0.0");
    policy.dns.servers = split_commas(settings.resolvers);
    auto ttl = settings.dns_ttl == "-1" ? Result<Nanos>(Nanos(-1)) : parse_limited_duration(settings.dns_ttl);
    if (!ttl)
        return usage("-dns-ttl: " + std::move(ttl).error().message + ", or 0 for ever, or -1 for never");
    for (const std::string& text : policy.source_addresses) {
        if (io::Address::from_ip(text, 0)) continue;
        return usage("-laddr: found \"" + text + "\", expected an IP address of this machine");
    }
    policy.dns.cache_ttl = *ttl;
    return {};
}

Result<plan::ConnectionPolicy> make_policy(const AttackSettings& settings) {
    plan::ConnectionPolicy policy;
    if (settings.h2c) {
        policy.protocol = plan::Protocol::kHttp2Cleartext;
    } else if (!settings.http2) {
        policy.protocol = plan::Protocol::kHttp1;
    }
    policy.requests_per_connection = settings.keepalive ? settings.requests_per_connection : 1;
    policy.max_connections = settings.max_connections;
    policy.max_idle_connections = settings.connections;
    if (settings.streams == 0) return usage("-streams: found 0, expected 1 or more");
    policy.streams = settings.streams;
    if (settings.timeout < Nanos(0)) return usage("-timeout: found a negative duration, expected 0 or more");
    policy.timeout = settings.timeout;
    policy.unix_socket = settings.unix_socket;
    if (!policy.unix_socket.empty()) {
        auto path = io::Address::from_unix_path(policy.unix_socket);
        if (!path) return usage("-unix-socket: " + std::move(path).error().message);
    }
    policy.allow_public = settings.yes;
    policy.tls = {.verify = !settings.insecure,
                  .ca_files = split_commas(settings.root_certificates),
                  .certificate_file = settings.certificate,
                  .key_file = settings.key,
                  .resume_sessions = settings.session_tickets};
    if (!settings.key.empty() && settings.certificate.empty())
        return usage("-key needs -cert: the certificate it belongs to");
    if (auto added = add_addresses(settings, policy); !added) return std::move(added).error();
    if (auto added = add_connect_to(settings, policy); !added) return std::move(added).error();
    if (auto added = add_proxy(settings, policy); !added) return std::move(added).error();
    return policy;
}

Result<void> add_closed_loop(const AttackSettings& settings, plan::RunPlan& plan) {
    std::uint64_t concurrency = settings.concurrency;
    if (concurrency == 0 && settings.max_workers == kNoCap) {
        return usage("-rate " + settings.rate +
                     " (as fast as possible) needs -max-workers: the number of requests to keep in flight");
    }
    if (concurrency == 0) concurrency = settings.max_workers;
    plan.closed_loop = plan::ClosedLoop{concurrency, settings.duration, settings.count};
    return {};
}

Result<pacing::Load> make_open_load(const AttackSettings& settings, pacing::Rate rate, std::uint64_t seed) {
    if (!settings.phases.empty()) return pacing::parse_load(settings.phases, {.seed = seed, .read = {}});
    const auto limit = settings.duration > Nanos(0) ? std::optional(settings.duration) : std::nullopt;
    if (settings.count == 0) return pacing::make_constant_load(rate, limit);
    // -count: the same phase in its own words.
    std::string text =
        "constant rate=" + pacing::format_rate(rate) + " count=" + std::to_string(settings.count);
    if (limit) text += " for=" + format_duration(*limit);
    return pacing::parse_load({text}, {.seed = seed, .read = {}});
}

/// A schedule that chance had a part in is named, so that it can be had again.
void tell_seed(const pacing::Load& load, std::uint64_t seed) {
    const bool random = std::any_of(load.phases.begin(), load.phases.end(),
                                    [](const auto& phase) { return phase.text.starts_with("poisson"); });
    if (!random) return;
    std::fprintf(stderr, "loadgen attack: -seed %llu repeats this schedule\n",
                 static_cast<unsigned long long>(seed));
}

Result<void> add_load(const AttackSettings& settings, const std::set<std::string_view>& given,
                      plan::RunPlan& plan) {
    auto rate = pacing::parse_rate(settings.rate);
    if (!rate) return with_context("-rate: ", std::move(rate).error());
    if (settings.duration < Nanos(0))
        return usage("-duration: found a negative duration, expected 0 or more");
    if (!settings.phases.empty() &&
        (given.contains("rate") || given.contains("duration") || given.contains("count"))) {
        return usage("-phase replaces -rate, -duration and -count: give one or the other");
    }
    if (given.contains("concurrency") && (given.contains("rate") || !settings.phases.empty())) {
        return usage(
            "-concurrency is the closed model, -rate and -phase are the open one: give one or the other");
    }
    if (given.contains("concurrency") && settings.concurrency == 0) {
        return usage("-concurrency: found 0, expected 1 or more");
    }
    if (settings.max_workers == 0) return usage("-max-workers: found 0, expected 1 or more");
    if (settings.concurrency > 0 || (settings.phases.empty() && rate->is_zero()))
        return add_closed_loop(settings, plan);
    if (settings.max_workers != kNoCap) plan.max_in_flight = settings.max_workers;
    const std::uint64_t seed = given.contains("seed") ? settings.seed : entropy_seed();
    auto load = make_open_load(settings, *rate, seed);
    if (!load) return std::move(load).error();
    plan.load = std::move(*load);
    if (!given.contains("seed") && !settings.quiet) tell_seed(plan.load, seed);
    if (settings.segment.empty()) return {};
    auto share = pacing::parse_share(settings.segment);
    if (!share) return with_context("-segment: ", std::move(share).error());
    plan.load.schedule = std::make_unique<pacing::Segment>(std::move(plan.load.schedule), *share);
    return {};
}

Result<void> add_requests(const AttackSettings& settings, const std::vector<std::string>& urls,
                          plan::RunPlan& plan) {
    scenario::TargetOptions options{.format = settings.format,
                                    .path = settings.targets,
                                    .lazy = settings.lazy,
                                    .body_file = settings.body_file,
                                    .headers = settings.headers,
                                    .urls = urls,
                                    .method = settings.method,
                                    .note = {}};
    if (!settings.quiet) {
        options.note = [](const std::string& text) {
            std::fprintf(stderr, "loadgen attack: %s\n", text.c_str());
        };
    }
    auto source = scenario::open_targets(options);
    if (!source) return std::move(source).error();
    plan.requests = std::move(*source);
    return {};
}

}  // namespace

Result<plan::RunPlan> make_plan(const AttackSettings& settings, const std::set<std::string_view>& given,
                                const std::vector<std::string>& urls) {
    plan::RunPlan plan;
    plan.name = settings.name;
    // It is sent as a header: a line break in it would make two.
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(plan.name.begin(), plan.name.end(), is_control))
        return usage("-name: it holds a control character, expected one line of text");
    auto policy = make_policy(settings);
    if (!policy) return std::move(policy).error();
    plan.connections = std::move(*policy);
    if (auto added = add_load(settings, given, plan); !added) return std::move(added).error();
    if (settings.redirects < -1 || settings.redirects > 1000) {
        return usage("-redirects: found " + std::to_string(settings.redirects) + ", expected -1 to 1000");
    }
    plan.max_redirects = static_cast<int>(settings.redirects);
    plan.sequence_header = settings.sequence_header;
    plan.traceparent = settings.traceparent;
    plan.chunked_bodies = settings.chunked;
    plan.pace = settings.pace == "spin" ? plan::Pace::kSpin : plan::Pace::kSleep;
    if (settings.prometheus_linger < Nanos(0))
        return usage("-prometheus-linger: found a negative duration, expected 0 or more");
    if (settings.wake_interval < Nanos(0) || settings.wake_interval > Nanos(1'000'000'000)) {
        return usage("-wake-interval: found " + format_duration(settings.wake_interval) +
                     ", expected 0 to 1s");
    }
    plan.wake_interval = settings.wake_interval;
    if (settings.threads > 1024) {
        return usage("-threads: found " + std::to_string(settings.threads) + ", expected 0 to 1024");
    }
    plan.threads = static_cast<unsigned>(settings.threads);
    plan.capture.results = settings.output != "none";
    plan.capture.max_body_bytes =
        settings.max_body < 0 ? kMostKeptBody : static_cast<std::size_t>(settings.max_body);
    plan.capture.headers = settings.keep_headers;
    if (auto added = add_requests(settings, urls, plan); !added) return std::move(added).error();
    return plan;
}

}  // namespace loadgen::cli
