#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kCertificate = "-----BEGIN CERTIFICATE-----";
constexpr const char* kPrivateKey = "-----BEGIN PRIVATE KEY-----";

Loaded load_config(const std::string& config, LoadOptions options = {},
                   std::map<std::string, std::string> files = {}) {
    return testing::load(testing::script_with_flow("      - get: {url: /}\n", config), std::move(options),
                         std::move(files));
}

TEST(Settings, Defaults) {
    const Loaded loaded = load_config("");
    EXPECT_EQ(loaded.connections.timeout, Nanos(10'000'000'000));
    EXPECT_TRUE(loaded.connections.tls.verify);
    EXPECT_EQ(loaded.plan->http.sockets_per_user, 1U);
    EXPECT_EQ(loaded.plan->http.pool, 0U);
    EXPECT_FALSE(loaded.plan->expect.enabled);
    EXPECT_TRUE(loaded.plan->endpoint_metrics.enabled);
    // As Artillery switches the plugin on by itself.
    EXPECT_TRUE(loaded.plan->endpoint_metrics.strip_query);
    EXPECT_EQ(loaded.plan->endpoint_metrics.prefix, "plugins.metrics-by-endpoint");
    EXPECT_FALSE(loaded.checks.apdex_threshold.has_value());
    EXPECT_TRUE(loaded.checks.ensure.empty());
}

TEST(Settings, Http) {
    const Loaded loaded = load_config(
        "  http: {timeout: \"1.5s\", pool: 20, maxSockets: 3, extendedMetrics: true,\n"
        "    distributedTracing: {sampled: false, traceIdPrefix: BEEF}, defaults: {cookie: {a: \"{{ $uuid "
        "}}\"}}}\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.connections.timeout, Nanos(1'500'000'000));
    EXPECT_EQ(loaded.connections.max_connections, 20U);
    EXPECT_EQ(loaded.plan->http.pool, 20U);
    EXPECT_EQ(loaded.plan->http.sockets_per_user, 3U);
    EXPECT_TRUE(loaded.plan->http.extended_metrics);
    EXPECT_TRUE(loaded.plan->http.propagate_trace);
    EXPECT_FALSE(loaded.plan->http.sampled);
    EXPECT_EQ(loaded.plan->http.trace_id_prefix, "BEEF");
    EXPECT_EQ(loaded.plan->http.default_cookies.at(0).first, "a");
    EXPECT_EQ(
        testing::texts_of(load_config("  http: {distributedTracing: {traceIdPrefix: xyz}}\n")),
        (Texts{
            "3:46: config.http.distributedTracing.traceIdPrefix: found \"xyz\", expected up to 8 hexadecimal "
            "digits"}));
}

TEST(Settings, TargetsOfHttpRequestsAreUrls) {
    const auto said = [](const std::string& target, const std::string& scenario) {
        return testing::texts_of(
            testing::load("config: {target: \"" + target + "\"}\nscenarios: [{" + scenario + "}]\n"));
    };
    const std::string http = "flow: [{get: {url: /}}]";
    const std::string websocket = "engine: ws, flow: [{send: hello}]";
    const std::string place = "1:18: config.target: ";
    const std::string expected = ", expected a URL that starts with http:// or https://";
    EXPECT_EQ(said("HTTP://h", http), Texts{});
    EXPECT_EQ(said("httpS://h:8443/below", http), Texts{});
    EXPECT_EQ(said("WSS://h/a", http), Texts{place + "found \"WSS://h/a\"" + expected +
                                             "; WebSockets connect to \"https://h/a\", too"});
    EXPECT_EQ(said("ftp://h", http), Texts{place + "found \"ftp://h\"" + expected});
    EXPECT_EQ(said("http:/h", http), Texts{place + "found \"http:/h\"" + expected});
    EXPECT_EQ(said("http://h:123456", http),
              Texts{place + "bad URL \"http://h:123456\": the port must be a number from 1 to 65535"});
    EXPECT_EQ(said("http:///a", http), Texts{place + "bad URL \"http:///a\": the host is missing"});
    EXPECT_EQ(said("Ws://h", websocket), Texts{});
    EXPECT_EQ(said("HTTPS://h", websocket), Texts{});
    EXPECT_EQ(said("ftp://h", websocket), Texts{place + "found \"ftp://h\", expected ws:// or wss://"});
}

TEST(Settings, Tls) {
    const Loaded loaded =
        load_config("  tls: {rejectUnauthorized: false, cert: c.pem, key: /k.pem, ca: [a.pem]}\n", {},
                    {{"c.pem", kCertificate}, {"/k.pem", kPrivateKey}, {"a.pem", kCertificate}});
    EXPECT_TRUE(loaded.ok);
    EXPECT_FALSE(loaded.connections.tls.verify);
    EXPECT_EQ(loaded.connections.tls.certificate_file, "c.pem");
    EXPECT_EQ(loaded.connections.tls.key_file, "/k.pem");
    EXPECT_EQ(loaded.connections.tls.ca_files, (std::vector<std::string>{"a.pem"}));
    LoadOptions insecure;
    insecure.insecure = true;
    EXPECT_FALSE(load_config("", insecure).connections.tls.verify);
    EXPECT_EQ(testing::texts_of(load_config("  tls: {pfx: x}\n")),
              (Texts{"3:9: config.tls.pfx: is not supported"}));
}

TEST(Settings, TlsFilesAreLookedAt) {
    const auto said = [](const std::string& tls) {
        const std::string both = std::string(kPrivateKey) + "\n" + kCertificate;
        const std::map<std::string, std::string> files{
            {"c", kCertificate}, {"k", kPrivateKey}, {"both", both}, {"text", "hello"}};
        return testing::texts_of(load_config("  tls: {" + tls + "}\n", {}, files));
    };
    EXPECT_EQ(said("cert: c, key: k, ca: c"), Texts{});
    EXPECT_EQ(said("cert: both"), Texts{});
    EXPECT_EQ(said("cert: c"), Texts{"3:9: config.tls.cert: needs key, for there is none in its file"});
    EXPECT_EQ(said("key: k"), Texts{"3:9: config.tls.key: needs cert: the certificate that it belongs to"});
    EXPECT_EQ(said("cert: x, key: k"), Texts{"3:15: config.tls.cert: x: no such file"});
    EXPECT_EQ(said("ca: [c, x]"), Texts{"3:17: config.tls.ca[1]: x: no such file"});
    EXPECT_EQ(said("ca: text"),
              Texts{"3:13: config.tls.ca: text: holds nothing in PEM, which begins with -----BEGIN"});
}

TEST(Settings, TlsOfWebSocketsIsThatOfTheRun) {
    const auto load = [](const std::string& config, const std::string& scenarios) {
        return testing::load(
            "config: {target: \"wss://h\"" + config + "}\nscenarios: [" + scenarios + "]\n", {},
            {{"a", kCertificate}, {"b", kCertificate}, {"c", kCertificate}, {"k", kPrivateKey}});
    };
    const auto identity = [](const Loaded& loaded) {
        return loaded.connections.tls.certificate_file + " " + loaded.connections.tls.key_file;
    };
    const std::string chat = "{engine: ws, flow: [{send: a}]}";
    // As Artillery merges them for a WebSocket.
    const Loaded completed = load(", tls: {cert: c}, ws: {key: k, ca: [a, b]}", chat);
    EXPECT_EQ(identity(completed), "c k");
    EXPECT_EQ(completed.connections.tls.ca_files, (Texts{"a", "b"}));
    EXPECT_EQ(testing::texts_of(completed), Texts{});

    const Loaded shared =
        load(", tls: {cert: c}, ws: {key: k}", chat + ", {flow: [{get: {url: \"https://h/\"}}]}");
    EXPECT_EQ(identity(shared), "c k");
    EXPECT_EQ(testing::texts_of(shared),
              Texts{"1:55: warning: config.ws.key: holds for HTTP requests, too: a run has one setting"});

    const Loaded pairs =
        load(", ws: {cert: c, key: k}", "{engine: ws, flow: [{connect: {cert: d, key: l}}]}");
    EXPECT_EQ(identity(pairs), "c k");
    const std::string unused = ": is not used: a run has one certificate with its key, that of config.ws";
    EXPECT_EQ(testing::texts_of(pairs), (Texts{"2:50: warning: scenarios[0].flow[0].connect.cert" + unused,
                                               "2:58: warning: scenarios[0].flow[0].connect.key" + unused}));

    // A key without its certificate would be one of another's.
    const Loaded mixed = load(", tls: {cert: c}, ws: {cert: d, key: l}", chat);
    EXPECT_EQ(identity(mixed), "c ");
    EXPECT_EQ(testing::texts_of(mixed).size(), 3U);  // c has no key

    const Loaded journeys = load("",
                                 "{engine: ws, flow: [{connect: {cert: c, key: k, ca: a}}]}, {engine: ws, "
                                 "flow: [{connect: {cert: c, key: l, ca: a}}]}");
    EXPECT_EQ(identity(journeys), "c k");
    EXPECT_EQ(journeys.connections.tls.ca_files, Texts{"a"});
    EXPECT_EQ(
        testing::texts_of(journeys),
        Texts{"2:117: warning: scenarios[1].flow[0].connect.key: is not used: a run has one certificate "
              "with its key, that of scenarios[0].flow[0].connect"});
}

TEST(Settings, OriginReplacesAFieldOfThisName) {
    const Loaded loaded = testing::load(
        "config: {target: \"ws://h\", ws: {headers: {oRigin: a, x: b}, origin: c}}\n"
        "scenarios: [{engine: ws, flow: [{send: a}]}]\n");
    ASSERT_TRUE(loaded.ok);
    std::string fields;
    for (const auto& [name, value] : loaded.plan->program.socket_connects.at(0).headers)
        fields += std::string(name.constant()) + ": " + std::string(value.constant()) + "\n";
    EXPECT_EQ(fields, "x: b\norigin: c\n");
}

TEST(Settings, Plugins) {
    const Loaded loaded = load_config(
        "  plugins:\n    expect: {formatter: json, expectDefault200: \"true\", useOnlyRequestNames: true}\n"
        "    metrics-by-endpoint: {metricsNamespace: m, groupDynamicURLs: false}\n    apdex: {}\n    statsd: "
        "{}\n"
        "    fake-data: {}\n");
    ASSERT_TRUE(loaded.ok);
    EXPECT_EQ(loaded.plan->expect.format, "json");
    EXPECT_TRUE(loaded.plan->expect.default_200);
    EXPECT_TRUE(loaded.plan->expect.only_names);
    EXPECT_EQ(loaded.plan->endpoint_metrics.prefix, "m");
    EXPECT_FALSE(loaded.plan->endpoint_metrics.strip_query);
    EXPECT_FALSE(loaded.plan->endpoint_metrics.group_dynamic);
    EXPECT_EQ(loaded.checks.apdex_threshold, Nanos(500'000'000));
    EXPECT_EQ(
        testing::texts_of(loaded),
        (Texts{"7:5: warning: config.plugins.statsd: the plugin \"statsd\" is not part of loadgen and has no "
               "effect; there are expect, ensure, apdex, metrics-by-endpoint and fake-data"}));
}

std::string checks_of(const Loaded& loaded) {
    std::string text;
    for (const plan::Check& check : loaded.checks.ensure)
        text += check.text + " | " + check.expression + (check.strict ? "" : " | optional") + "\n";
    return text;
}

TEST(Settings, EnsureInAllItsForms) {
    const Loaded loaded = load_config(
        "  ensure:\n    thresholds:\n      - http.response_time.p95: 100\n      - \"vusers.failed\": "
        "\"1.5\"\n"
        "    conditions:\n      - expression: http.request_rate > 10\n      - {expression: a and not b, "
        "strict: false}\n"
        "    p99: 250.7\n    maxErrorRate: 2\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(checks_of(loaded),
              "http.response_time.p95 < 100 | http.response_time.p95 < 100\n"
              "vusers.failed < 1.5 | vusers.failed < 1.5\n"
              "http.request_rate > 10 | http.request_rate > 10\n"
              "a and not b | a and not b | optional\n"
              "p99 < 250 | http.response_time.p99 < 250\n"
              "maxErrorRate < 2 | (vusers.failed / vusers.created * 100) <= 2\n");
    EXPECT_EQ(loaded.checks.ensure[0].metric, "http.response_time.p95");
    EXPECT_EQ(loaded.checks.ensure[0].below, 100);
    EXPECT_EQ(loaded.checks.ensure[0].path, "config.ensure.thresholds[0][\"http.response_time.p95\"]");
    EXPECT_EQ(loaded.checks.ensure[0].mark, (text::Mark{5, 33}));
    EXPECT_EQ(loaded.checks.ensure[0].file, "load.yml");
    EXPECT_EQ(checks_of(load_config("  plugins: {ensure: {median: 5}}\n")),
              "median < 5 | http.response_time.median < 5\n");
}

// Of a p99 and a p999, Artillery takes the first for a part of the second, and of names of endpoints their
// beginnings. Metrics are kept whole here, so that nothing has to be searched for in a text.
TEST(Settings, EnsureKeepsMetricNamesWholeWhereArtilleryReplacesSubstrings) {
    const Loaded loaded = load_config(
        "  ensure:\n    thresholds:\n      - http.response_time.p99: 1\n      - http.response_time.p999: 2\n"
        "      - plugins.metrics-by-endpoint.response_time./users: 3\n"
        "      - plugins.metrics-by-endpoint.response_time./users/all.p95: 4\n");
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(loaded.checks.ensure[1].metric, "http.response_time.p999");
    EXPECT_EQ(loaded.checks.ensure[3].metric, "plugins.metrics-by-endpoint.response_time./users/all.p95");
}

// Artillery runs a step whose ifTrue does not compile.
TEST(Settings, IfTrueThatDoesNotParseIsAnErrorWhereArtilleryRunsTheStep) {
    const Loaded loaded =
        testing::load(testing::script_with_flow("      - get: {url: /, ifTrue: \"member &&& 1\"}\n"));
    EXPECT_FALSE(loaded.ok);
    ASSERT_FALSE(loaded.findings.empty());
    EXPECT_EQ(loaded.findings[0].path, "scenarios[0].flow[0].get.ifTrue");
    EXPECT_EQ(loaded.findings[0].severity, text::Severity::kError);
}

TEST(Settings, Tags) {
    LoadOptions options;
    options.tags = "team:shop,broken,service:orders";
    EXPECT_EQ(testing::texts_of(load_config("", options), "--tags"),
              (Texts{"found \"broken\", expected name:value"}));
    options.tags = "team:shop,service:orders";
    EXPECT_EQ(load_config("", options).plan->tags, (std::vector<std::string>{"team:shop", "service:orders"}));
}

TEST(Settings, ProcessorsAreAskedForTheirFunctions) {
    const std::string script =
        "config: {target: http://127.0.0.1:1, processor: p.js}\nscenarios: [{flow: [{function: f}]}]\n";
    LoadOptions options;
    std::string asked;
    options.list_functions = [&asked](const std::string& path) -> Result<std::vector<std::string>> {
        asked = path;
        return std::vector<std::string>{"f"};
    };
    EXPECT_TRUE(testing::load(script, options, {{"p.js", ""}}).ok);
    EXPECT_EQ(asked, "p.js");
    options.list_functions = [](const std::string&) -> Result<std::vector<std::string>> {
        return Error{ErrorCode::kUsage, "p.js:3: SyntaxError"};
    };
    EXPECT_EQ(testing::texts_of(testing::load(script, options, {{"p.js", ""}})),
              (Texts{"1:49: config.processor: p.js:3: SyntaxError"}));
}

}  // namespace
}  // namespace loadgen::scenario
