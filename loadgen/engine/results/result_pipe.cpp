#include "loadgen/engine/results/result_pipe.hpp"

#include <chrono>

#include "loadgen/engine/exchanges/compiled_request.hpp"

namespace loadgen::engine {
namespace {

// Waking the writer for every sample would cost the workers a system call each; so it looks by itself.
constexpr std::chrono::milliseconds kLookInterval{5};

void append_header(runlog::HeaderMap& map, http::Header&& header) {
    for (auto& [name, values] : map) {
        if (http::equal_name(name, header.name)) return values.push_back(std::move(header.value));
    }
    map.emplace_back(std::move(header.name), std::vector<std::string>{std::move(header.value)});
}

}  // namespace

ResultPipe::ResultPipe(ResultSink& sink, const EndpointTable& endpoints, std::string attack, unsigned workers)
    : sink_(sink), endpoints_(endpoints) {
    record_.attack = std::move(attack);
    record_.detail.emplace();
    for (unsigned i = 0; i < workers; ++i) rings_.push_back(std::make_unique<Ring<Sample>>(kRingSamples));
}

ResultPipe::~ResultPipe() {
    if (thread_.joinable()) static_cast<void>(finish());
}

void ResultPipe::start(Instant start, WallTime start_wall) {
    start_ = start;
    start_wall_ = start_wall;
    thread_ = std::thread([this] { run(); });
}

void ResultPipe::push(unsigned index, Sample&& sample) {
    if (!rings_[index]->push(std::move(sample))) dropped_.fetch_add(1, std::memory_order_relaxed);
}

Result<void> ResultPipe::finish() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    if (error_) return *error_;
    return {};
}

void ResultPipe::run() {
    bool last_round = false;
    while (!last_round) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, kLookInterval, [this] { return stopping_; });
            last_round = stopping_;
        }
        if (!drain_rings() && !last_round) continue;
        if (auto flushed = sink_.flush(); !flushed) give_up(std::move(flushed).error());
    }
}

void ResultPipe::give_up(Error error) {
    if (!error_) error_ = std::move(error);
    broken_.store(true, std::memory_order_relaxed);
}

bool ResultPipe::drain_rings() {
    bool any = false;
    Sample sample;
    for (const auto& ring : rings_) {
        while (ring->pop(sample)) {
            any = true;
            store(sample);
        }
    }
    return any;
}

void ResultPipe::store(Sample& sample) {
    if (error_) return;  // a full disk stays full; the rings must still be emptied
    const plan::Request& request = sample.request->source();
    runlog::Record& record = record_;
    record.seq = sample.sequence;
    record.code = sample.status;
    record.timestamp = {start_wall_.unix_ns + (sample.due - start_).count()};
    record.latency = sample.done - sample.due;
    record.bytes_out = sample.bytes_out;
    record.bytes_in = sample.bytes_in;
    record.error.swap(sample.error);
    record.method = request.method;
    record.url = request.url_text;
    record.headers.clear();
    record.body.clear();
    record.has_body = sample.captured != nullptr;
    if (sample.captured) {
        record.body.swap(sample.captured->body);
        for (http::Header& header : sample.captured->headers())
            append_header(record.headers, std::move(header));
    }
    runlog::RecordDetail& detail = *record.detail;
    detail.send_delay = sample.send_delay;
    detail.dns = sample.dns;
    detail.connect = sample.connect;
    detail.tls = sample.tls;
    detail.wait = sample.wait;
    detail.body = sample.body;
    detail.cause = sample.cause;
    detail.connection = sample.connection_id;
    detail.ordinal = sample.ordinal;
    detail.warm_up = sample.warm_up;
    detail.remote_address.assign(sample.remote_address != nullptr ? *sample.remote_address : "");
    detail.scenario.assign(sample.scenario != nullptr ? *sample.scenario : "");
    detail.trace_id.clear();
    detail.span_id.clear();
    if (sample.trace.valid()) {
        append_hex(detail.trace_id, sample.trace.trace.bytes);
        append_hex(detail.span_id, sample.trace.span.bytes);
    }
    detail.endpoint = endpoints_.name(sample.request->endpoint());
    if (auto stored = sink_.take(record); !stored) give_up(std::move(stored).error());
}

}  // namespace loadgen::engine
