// What a span costs the thread that works: start, four attributes, end. Without a processor, not sampled,
// recorded into the queue; and what the exporter's thread pays to put 512 of them into a request. Goals: 60
// ns without a processor, 1 us recorded.
#include <benchmark/benchmark.h>

#include "common/telemetry/batch_processor.hpp"
#include "common/telemetry/otlp_encoder.hpp"
#include "common/telemetry/span_codec.hpp"
#include "common/telemetry/tracer.hpp"

namespace {

using namespace loadgen::telemetry;

void four_attributes(Span& span) {
    span.set("http.request.method", "GET");
    span.set("http.route", "/orders/{id}");
    span.set("url.path", "/orders/42");
    span.set("http.response.status_code", std::int64_t{200});
}

SpanContext parent(const char* flags) {
    return *parse_traceparent(std::string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-") + flags);
}

void work(benchmark::State& state, SpanProcessor* processor, const SpanContext* context) {
    const Tracer tracer(processor);
    for (auto _ : state) {
        Span span = tracer.start({.name = "GET /orders/{id}", .kind = SpanKind::kServer, .parent = context});
        four_attributes(span);
        benchmark::DoNotOptimize(span.context().span_id);
    }
}

void child_without_processor(benchmark::State& state) {
    const SpanContext context = parent("03");
    work(state, nullptr, &context);
}

void root_without_processor(benchmark::State& state) {
    work(state, nullptr, nullptr);
}

// Drops what it gets, so that the queue never decides.
BatchProcessor& shared_processor() {
    static BatchProcessor processor({}, [](const SpanBatch&) {});
    return processor;
}

void child_not_sampled(benchmark::State& state) {
    const SpanContext context = parent("02");
    work(state, &shared_processor(), &context);
}

void child_recorded(benchmark::State& state) {
    const SpanContext context = parent("03");
    const std::uint64_t dropped = shared_processor().dropped_queue_full();
    work(state, &shared_processor(), &context);
    const std::uint64_t lost = shared_processor().dropped_queue_full() - dropped;
    state.counters["queue_full"] = benchmark::Counter(static_cast<double>(lost));
}

void encode_batch(benchmark::State& state) {
    SpanData span;
    span.context = parent("03");
    span.name = "GET /orders/{id}";
    span.attributes = {{"http.request.method", "GET"},
                       {"http.route", "/orders/{id}"},
                       {"url.path", "/orders/42"},
                       {"http.response.status_code", std::int64_t{200}}};
    const std::string message = encode_span(span);
    SpanBatch spans;
    for (int i = 0; i < 512; ++i) spans.add({message});
    const std::vector<Resource> resources = {{"orders"}};
    std::size_t bytes = 0;
    for (auto _ : state) bytes += encode_traces(spans, resources).size();
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 512);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

BENCHMARK(child_without_processor);
BENCHMARK(root_without_processor);
BENCHMARK(child_not_sampled);
BENCHMARK(child_recorded)->Threads(1)->Threads(2);
BENCHMARK(encode_batch);

}  // namespace
