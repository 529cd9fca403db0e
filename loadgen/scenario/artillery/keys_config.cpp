// Rows of everything under `config`.

#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::string_view kModes[] = {"uniform", "poisson"};
constexpr std::string_view kOrders[] = {"random", "sequence", "unique"};
constexpr std::string_view kEnds[] = {"stop", "wrap", "fail"};
constexpr std::string_view kFormats[] = {"pretty", "json", "prettyError", "silent"};

constexpr KeyRow kPayloadKeys[] = {
    {.name = "path", .kinds = kText, .doc = "The CSV file, relative to the script."},
    {.name = "fields",
     .kinds = kList,
     .doc = "The variables that the columns fill, from the left.",
     .items = kText},
    {.name = "order",
     .kinds = kText,
     .doc = "How virtual users get their rows: random (default), sequence, or unique (each row once).",
     .words = kOrders},
    {.name = "atEnd",
     .kinds = kText,
     .doc = "With unique: what happens after the last row: stop (default), wrap, or fail.",
     .words = kEnds},
    {.name = "skipHeader", .kinds = kBool, .doc = "Leaves the first line out."},
    {.name = "delimiter", .kinds = kText, .doc = "What separates columns; a comma unless given."},
    {.name = "cast",
     .kinds = kBool,
     .doc = "Makes numbers of columns that look like numbers (default true)."},
    {.name = "skipEmptyLines", .kinds = kBool, .doc = "Leaves empty lines out (default true)."},
    {.name = "loadAll", .kinds = kBool, .doc = "Gives every user all rows, as the variable `name`."},
    {.name = "name", .kinds = kText, .doc = "The variable that holds all rows, with loadAll."},
    {.name = "options", .kinds = kMap | kNull, .doc = "Options of the CSV parser: delimiter, from_line."},
};
constexpr ObjectKind kPayload{.id = "payload",
                              .name = "a payload",
                              .doc = "A CSV file whose rows become variables.",
                              .keys = kPayloadKeys,
                              .lenient = true};

constexpr KeyRow kTlsKeys[] = {
    {.name = "rejectUnauthorized", .kinds = kBool, .doc = "Checks certificates of servers (default true)."},
    {.name = "ca", .kinds = kText | kList, .doc = "Files of trusted certificates (PEM).", .items = kText},
    {.name = "cert", .kinds = kText, .doc = "File of the client's certificate (PEM)."},
    {.name = "key", .kinds = kText, .doc = "File of the client's key (PEM)."},
    {.name = "pfx", .kinds = kAny, .doc = "Not supported: use cert and key."},
    {.name = "passphrase", .kinds = kAny, .doc = "Not supported: use a key without one."},
    {.name = "servername", .kinds = kAny, .doc = "Not supported: the URL's host is asked for."},
};
constexpr ObjectKind kTls{"tls", "tls", "How TLS connections are made.", kTlsKeys};

constexpr KeyRow kThinkDefaultKeys[] = {
    {.name = "jitter", .kinds = kNumber | kText, .doc = "Jitter of every think step without its own."},
};
constexpr ObjectKind kThinkDefaults{.id = "thinkDefaults",
                                    .name = "think",
                                    .doc = "Defaults of think steps.",
                                    .keys = kThinkDefaultKeys,
                                    .lenient = true};

constexpr KeyRow kDefaultsKeys[] = {
    {.name = "headers",
     .kinds = kMap | kNull,
     .doc = "Header fields of every request; a request's own replace them.",
     .object = &kHeaders},
    {.name = "cookie",
     .kinds = kMap | kNull,
     .doc = "Cookies that every user starts with.",
     .object = &kTexts},
    {.name = "strictCapture",
     .kinds = kBool,
     .doc = "Whether a capture without a value fails the user (default true)."},
    {.name = "think",
     .kinds = kMap | kText | kNull,
     .doc = "Defaults of think steps.",
     .object = &kThinkDefaults},
};

constexpr KeyRow kTracingKeys[] = {
    {.name = "enabled", .kinds = kBool, .doc = "Sends a traceparent with every request."},
    {.name = "sampled", .kinds = kBool, .doc = "Sets the sampled flag (default true)."},
    {.name = "traceIdPrefix",
     .kinds = kText,
     .doc = "Up to 8 hexadecimal digits that every trace id starts with (default a9)."},
};
constexpr ObjectKind kTracing{.id = "distributedTracing",
                              .name = "distributedTracing",
                              .doc = "Trace context on requests.",
                              .keys = kTracingKeys,
                              .lenient = true};

constexpr KeyRow kHttpKeys[] = {
    {.name = "timeout", .kinds = kDuration, .doc = "How long a response may take (default 10 seconds)."},
    {.name = "pool",
     .kinds = kWhole,
     .doc = "Connections shared by all users; each has its own unless given."},
    {.name = "maxSockets", .kinds = kWhole, .doc = "Connections of one user (default 1)."},
    {.name = "extendedMetrics", .kinds = kBool, .doc = "Measures name resolution, connecting and TLS too."},
    {.name = "cookieJarOptions",
     .kinds = kMap | kNull,
     .doc = "Accepted; cookies follow RFC 6265 here.",
     .object = &kFree,
     .idle = "has no effect: cookies follow RFC 6265"},
    {.name = "distributedTracing",
     .kinds = kBool | kMap,
     .doc = "Sends a traceparent with every request.",
     .object = &kTracing},
    {.name = "defaults", .kinds = kMap | kNull, .doc = "What every request has.", .object = &kDefaults},
};
constexpr ObjectKind kHttp{
    .id = "http", .name = "http", .doc = "How HTTP requests are sent.", .keys = kHttpKeys, .lenient = true};

constexpr KeyRow kExpectKeys[] = {
    {.name = "outputFormat",
     .kinds = kText,
     .doc = "How failed expectations are told (default pretty).",
     .words = kFormats},
    {.name = "formatter", .kinds = kText, .doc = "Another name of outputFormat.", .words = kFormats},
    {.name = "reportFailuresAsErrors", .kinds = kBool, .doc = "A failed expectation fails the user."},
    {.name = "useOnlyRequestNames", .kinds = kBool, .doc = "Messages name requests, not URLs."},
    {.name = "expectDefault200", .kinds = kBool, .doc = "Requests without expectations must answer 200."},
};
constexpr ObjectKind kExpect{.id = "expectPlugin",
                             .name = "expect",
                             .doc = "Settings of expectations.",
                             .keys = kExpectKeys,
                             .lenient = true};

constexpr KeyRow kEndpointKeys[] = {
    {.name = "useOnlyRequestNames", .kinds = kBool, .doc = "Groups by a request's name alone."},
    {.name = "stripQueryString", .kinds = kBool, .doc = "Leaves query strings out of names."},
    {.name = "ignoreUnnamedRequests", .kinds = kBool, .doc = "Counts only requests with a name."},
    {.name = "metricsNamespace", .kinds = kText, .doc = "What metric names start with."},
    {.name = "groupDynamicURLs",
     .kinds = kBool,
     .doc = "Groups by the URL as written, templates and all (default true)."},
    {.name = "suppressOutput", .kinds = kBool, .doc = "Accepted: nothing is written between reports."},
};
constexpr ObjectKind kEndpoint{.id = "metricsByEndpoint",
                               .name = "metrics-by-endpoint",
                               .doc = "Metrics of each endpoint.",
                               .keys = kEndpointKeys,
                               .lenient = true};

constexpr KeyRow kPluginKeys[] = {
    {.name = "expect",
     .kinds = kMap | kNull | kBool,
     .doc = "Expectations on responses.",
     .object = &kExpect},
    {.name = "ensure", .kinds = kMap | kNull | kBool, .doc = "What the run must fulfil.", .object = &kEnsure},
    {.name = "apdex", .kinds = kMap | kNull | kBool, .doc = "Apdex score.", .object = &kApdex},
    {.name = "metrics-by-endpoint",
     .kinds = kMap | kNull | kBool,
     .doc = "Metrics of each endpoint.",
     .object = &kEndpoint},
    {.name = "fake-data",
     .kinds = kAny,
     .doc = "The functions $rand... of templates; always there.",
     .object = &kFree},
};
constexpr ObjectKind kPlugins{.id = "plugins",
                              .name = "plugins",
                              .doc = "Plugins and their settings.",
                              .keys = kPluginKeys,
                              .others = kAny};

constexpr ObjectKind kLimits{.id = "limits",
                             .name = "a threshold",
                             .doc = "A metric and what it must stay below.",
                             .keys = {},
                             .others = kNumber};
constexpr KeyRow kConditionKeys[] = {
    {.name = "expression",
     .kinds = kText,
     .doc = "Must be true: metrics, numbers, comparisons, and, or, not.",
     .required = true},
    {.name = "strict", .kinds = kBool, .doc = "Whether the run fails when it is not (default true)."},
};
constexpr ObjectKind kCondition{"condition", "a condition", "An expression over the report.", kConditionKeys};
constexpr KeyRow kEnsureKeys[] = {
    {.name = "thresholds",
     .kinds = kList,
     .doc = "Metrics and what each must stay below.",
     .object = &kLimits,
     .items = kMap},
    {.name = "conditions",
     .kinds = kList,
     .doc = "Expressions that must be true.",
     .object = &kCondition,
     .items = kMap},
    {.name = "min", .kinds = kNumber, .doc = "http.response_time.min must stay below (ms)."},
    {.name = "max", .kinds = kNumber, .doc = "http.response_time.max must stay below (ms)."},
    {.name = "median", .kinds = kNumber, .doc = "http.response_time.median must stay below (ms)."},
    {.name = "p95", .kinds = kNumber, .doc = "http.response_time.p95 must stay below (ms)."},
    {.name = "p99", .kinds = kNumber, .doc = "http.response_time.p99 must stay below (ms)."},
    {.name = "maxErrorRate", .kinds = kNumber, .doc = "At most so many of 100 users may fail."},
};

constexpr KeyRow kApdexKeys[] = {
    {.name = "threshold", .kinds = kNumber, .doc = "Satisfied up to so many milliseconds (default 500)."},
};

constexpr KeyRow kPhaseKeys[] = {
    {.name = "name", .kinds = kText, .doc = "Shown in reports."},
    {.name = "duration", .kinds = kDuration, .doc = "How long the phase takes."},
    {.name = "arrivalRate", .kinds = kRate, .doc = "New virtual users per second."},
    {.name = "rampTo",
     .kinds = kRate,
     .doc = "The rate at the end of the phase, reached in a straight line."},
    {.name = "arrivalCount", .kinds = kWhole, .doc = "So many virtual users, evenly over the phase."},
    {.name = "pause", .kinds = kDuration, .doc = "No new virtual users for so long."},
    {.name = "requestRate",
     .kinds = kRate,
     .doc = "Requests per second over all users, instead of arrivals."},
    {.name = "curve", .kinds = kText, .doc = "A CSV file `time,rate` of arrivals per second."},
    {.name = "requestCurve", .kinds = kText, .doc = "A CSV file `time,rate` of requests per second."},
    {.name = "maxVusers",
     .kinds = kWhole,
     .doc = "Arrivals beyond so many active users are skipped and counted."},
    {.name = "mode",
     .kinds = kText,
     .doc = "How arrivals follow one another: uniform or poisson.",
     .words = kModes},
    {.name = "warmUp", .kinds = kBool, .doc = "Leaves the phase out of statistics."},
};

constexpr KeyRow kConfigKeys[] = {
    {.name = "target", .kinds = kText, .doc = "The base of URLs that start with a slash."},
    {.name = "phases", .kinds = kList, .doc = "The load, phase by phase.", .object = &kPhase, .items = kMap},
    {.name = "mode",
     .kinds = kText,
     .doc = "How arrivals follow one another: uniform (default) or poisson.",
     .words = kModes},
    {.name = "environments",
     .kinds = kMap | kNull,
     .doc = "Changes to config by name, chosen with -e.",
     .object = &kEnvironments},
    {.name = "variables",
     .kinds = kMap | kNull,
     .doc = "Variables of every user; of a list each user gets one at random.",
     .object = &kFree},
    {.name = "payload",
     .kinds = kMap | kList | kNull,
     .doc = "CSV files whose rows become variables.",
     .object = &kPayload,
     .items = kMap},
    {.name = "processor",
     .kinds = kText,
     .doc = "A JavaScript module with functions and hooks, relative to the script."},
    {.name = "tls", .kinds = kMap | kNull, .doc = "How TLS connections are made.", .object = &kTls},
    {.name = "http", .kinds = kMap | kNull, .doc = "How HTTP requests are sent.", .object = &kHttp},
    {.name = "defaults",
     .kinds = kMap | kNull,
     .doc = "The former place of http.defaults.",
     .object = &kDefaults},
    {.name = "timeout", .kinds = kDuration, .doc = "The former place of http.timeout."},
    {.name = "plugins", .kinds = kMap | kNull, .doc = "Plugins and their settings.", .object = &kPlugins},
    {.name = "ensure", .kinds = kMap | kNull, .doc = "What the run must fulfil.", .object = &kEnsure},
    {.name = "apdex", .kinds = kMap | kNull, .doc = "Apdex score.", .object = &kApdex},
    {.name = "fake-data",
     .kinds = kAny,
     .doc = "Accepted: the functions are always there.",
     .object = &kFree},
    {.name = "ws", .kinds = kMap | kNull, .doc = "Settings of WebSocket connections.", .object = &kSocket},
    {.name = "socketio", .kinds = kAny, .doc = "Socket.IO is not supported.", .object = &kFree},
    {.name = "engine",
     .kinds = kText,
     .doc = "The engine of scenarios without their own: http (default) or ws."},
    {.name = "engines",
     .kinds = kMap | kNull,
     .doc = "Engines beside http and ws are not supported.",
     .object = &kFree},
    {.name = "statsInterval",
     .kinds = kDuration,
     .doc = "How often the report on the way is written (default 10 seconds)."},
    {.name = "traces", .kinds = kAny, .doc = "Reserved for trace contracts.", .object = &kFree},
    {.name = "includeFiles", .kinds = kAny, .doc = "Ignored: bundling for the cloud.", .object = &kFree},
    {.name = "bundling", .kinds = kAny, .doc = "Ignored: bundling for the cloud.", .object = &kFree},
    {.name = "pluginsScope", .kinds = kAny, .doc = "Ignored: there is no loading of plugins."},
};

}  // namespace

constinit const ObjectKind kEnsure{"ensure", "ensure", "What the run must fulfil.", kEnsureKeys};
constinit const ObjectKind kApdex{
    .id = "apdex", .name = "apdex", .doc = "Apdex score.", .keys = kApdexKeys, .lenient = true};
constinit const ObjectKind kDefaults{.id = "defaults",
                                     .name = "defaults",
                                     .doc = "What every request has.",
                                     .keys = kDefaultsKeys,
                                     .lenient = true};
constinit const ObjectKind kEnvironments{.id = "environments",
                                         .name = "environments",
                                         .doc = "Changes to config by name.",
                                         .keys = {},
                                         .others = kMap | kNull,
                                         .others_object = &kConfig};
constinit const ObjectKind kPhase{"phase", "a phase", "One part of the load.", kPhaseKeys};
constinit const ObjectKind kConfig{
    .id = "config", .name = "config", .doc = "How the run is set up.", .keys = kConfigKeys, .lenient = true};

}  // namespace loadgen::scenario::artillery
