// The side of the interop test that uses our code. Lines are fields separated by tabs; see
// telemetry.test.mjs.
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "common/telemetry/datadog_carrier.hpp"
#include "common/telemetry/otlp_encoder.hpp"
#include "common/telemetry/sdk.hpp"
#include "common/telemetry/span_codec.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::telemetry;

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> fields{""};
    for (const char c : line) {
        if (c == '\t') {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

void print(const std::optional<SpanContext>& context) {
    if (context) std::cout << format_traceparent(*context) << '\t' << context->state;
    std::cout << '\n';
}

// "name=value" fields in, "traceparent, tracestate" out; an empty line for none.
void read_carriers() {
    for (std::string line; std::getline(std::cin, line);) {
        std::map<std::string, std::string, std::less<>> fields;
        for (const std::string& field : split(line)) {
            const std::size_t equals = field.find('=');
            if (equals != std::string::npos) fields[field.substr(0, equals)] = field.substr(equals + 1);
        }
        print(read_carrier([&](std::string_view name) -> std::optional<std::string_view> {
            const auto found = fields.find(name);
            if (found == fields.end()) return std::nullopt;
            return found->second;
        }));
    }
}

// "traceparent, tracestate" in, "name=value" fields out.
void write_carriers() {
    for (std::string line; std::getline(std::cin, line);) {
        const std::vector<std::string> fields = split(line);
        SpanContext context = parse_traceparent(fields.at(0)).value();
        context.state = fields.at(1);
        std::vector<std::pair<std::string, std::string>> carrier;
        append_carrier(context, carrier);
        for (const auto& [name, value] : carrier) std::cout << name << '=' << value << '\t';
        std::cout << '\n';
    }
}

// "traceparent, tracestate" fields in, what was read out.
void extract_headers() {
    for (std::string line; std::getline(std::cin, line);) {
        const std::vector<std::string> fields = split(line);
        print(extract({{"traceparent", fields.at(0)}, {"tracestate", fields.at(1)}}));
    }
}

SpanContext context(const char* traceparent, const char* state, bool remote) {
    SpanContext result = parse_traceparent(traceparent).value();
    result.state = state;
    result.remote = remote;
    return result;
}

SpanData full_span() {
    SpanData span;
    span.context = context("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", "foo=1,bar=2", false);
    span.parent = context("00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01", "", true).span_id;
    span.parent_remote = true;
    span.name = "POST /orders/{id}";
    span.kind = SpanKind::kServer;
    span.start = {1'735'725'600'123'456'789};
    span.end = {1'735'725'601'000'000'001};
    span.attributes = {{"text", "a \xe2\x82\xac"},
                       {"empty", ""},
                       {"broken", "x\xffy"},
                       {"minimum", std::int64_t{INT64_MIN}},
                       {"zero", std::int64_t{0}},
                       {"half", 0.5},
                       {"yes", true},
                       {"no", false},
                       {"long", std::string(300, 'l')}};
    span.links = {
        {context("00-11111111111111111111111111111111-2222222222222222-01", "dd=s:1", true), {{"k", "v"}}, 4},
        {context("00-33333333333333333333333333333333-4444444444444444-00", "", false), {}}};
    span.events = {{"exception", {1'735'725'600'500'000'000}, {{"exception.message", "why"}}, 5}};
    span.status = SpanStatus::kError;
    span.status_message = "why";
    span.dropped_attributes = 1;
    span.dropped_links = 2;
    span.dropped_events = 300;
    span.scope = 1;
    return span;
}

SpanData bare_span(const char* name, std::size_t scope) {
    SpanData span;
    span.context = context("00-55555555555555555555555555555555-6666666666666666-01", "", false);
    span.name = name;
    span.start = {5};
    span.end = {7};
    span.scope = scope;
    return span;
}

const std::vector<Resource>& resources() {
    static const std::vector<Resource> table = {
        {"orders", "1.2.3", "shop", "id-1", "dev"},
        {.service_name = "loyalty", .extra = {{"host.name", "h"}}},
    };
    return table;
}

void write_bytes(const std::string& bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

void write_traces() {
    SpanBatch spans;
    for (const auto& span :
         {full_span(), bare_span("first", 0), bare_span("unknown scope", 9), bare_span("second", 0)})
        spans.add({encode_span(span), span.scope});
    write_bytes(encode_traces(spans, resources()));
}

void write_metrics() {
    MeterSnapshot snapshot{1, {1'000}, {2'000}, {}};
    snapshot.metrics = {
        {"orders.placed",
         "{order}",
         MetricKind::kCounter,
         {{{{"k", "v"}}, 18'000'000'000'000'000'000U >> 1}, {{}, 0}}},
        {"queue.size", "{span}", MetricKind::kUpDownCounter, {{{}, 0, -3.5}}},
        {"queue.age", "s", MetricKind::kGauge, {{{{"q", std::int64_t{1}}}, 0, 2.25}}},
        {"http.server.request.duration",
         "s",
         MetricKind::kDurations,
         {{{{"http.route", "/"}}, 0, 1.5, {1, 0, 2}}}},
    };
    MeterSnapshot empty{0, {1'000}, {2'000}, {}};
    write_bytes(encode_metrics(std::vector{empty, snapshot}, resources()));
}

// Two services, parent and child across them, and a link; `url` is a receiver's.
int export_to(const std::string& url) {
    SdkOptions options;
    options.otlp.url = url;
    options.otlp.gzip = true;
    options.otlp.retry.first_delay = std::chrono::milliseconds(1);
    options.batch.max_batch = 100;
    options.shutdown_timeout = std::chrono::seconds(30);
    auto sdk = Sdk::start(options);
    if (!sdk) return 1;
    const Tracer orders = (*sdk)->tracer_for({.service_name = "orders"});
    const Tracer loyalty = (*sdk)->tracer_for({.service_name = "loyalty"});
    (*sdk)->meter_for({.service_name = "orders"}).counter("orders.placed", "{order}").add(1000);
    (*sdk)
        ->meter_for({.service_name = "orders"})
        .durations("http.server.request.duration")
        .record(Nanos(7'000'000));
    for (int i = 0; i < 1000; ++i) {
        Span publish = orders.start({.name = "publish", .kind = SpanKind::kProducer});
        publish.set("number", std::int64_t{i});
        http::Headers message;
        inject(publish.context(), message);
        const auto received = extract(message);
        Span child = orders.start({.name = "continue", .kind = SpanKind::kServer, .parent = &*received});
        Span process = loyalty.start({.name = "process", .kind = SpanKind::kConsumer});
        process.add_link(*received);
    }
    return (*sdk)->flush(std::chrono::seconds(30)) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string command = argc > 1 ? argv[1] : "";
    if (command == "read-carriers") read_carriers();
    if (command == "write-carriers") write_carriers();
    if (command == "extract") extract_headers();
    if (command == "traces") write_traces();
    if (command == "metrics") write_metrics();
    if (command == "export") return export_to(argv[2]);
    return 0;
}
