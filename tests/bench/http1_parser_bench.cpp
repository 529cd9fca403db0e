// What one response costs: our parser and llhttp (strict build), both with callbacks that do next to nothing.
// Run it pinned to an idle core; compare within one run only.
#include <benchmark/benchmark.h>
#include <llhttp/llhttp.h>

#include <string>
#include <string_view>

#include "common/http/http1_parser.hpp"

namespace {

using namespace loadgen::http;

/// 292 bytes, eight fields, as nginx in front of a small JSON service would send it.
constexpr std::string_view kSmall =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 01:40:02 GMT\r\n"
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 27\r\nConnection: keep-alive\r\n"
    "Cache-Control: no-store\r\nX-Request-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\nVary: Accept-Encoding\r\n"
    "\r\n{\"message\":\"hello world!!\"}";

std::string chunked() {
    std::string out =
        "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:40:02 GMT\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 4; ++i) out += "80\r\n" + std::string(128, 'a') + "\r\n";
    return out + "0\r\n\r\n";
}

class Counter final : public Http1Events {
  public:
    void on_head(const Http1Head& head) override { fields += head.headers.size(); }
    void on_body(std::string_view bytes) override { body += bytes.size(); }
    void on_message_end() override { ++messages; }
    std::size_t fields = 0;
    std::size_t body = 0;
    benchmark::IterationCount messages = 0;
};

void ours(benchmark::State& state, const std::string& bytes, std::size_t split) {
    Counter counter;
    Http1Parser parser(Http1Parser::Mode::kResponse, counter);
    const std::string_view view = bytes;
    for (auto _ : state) {
        if (split != 0) parser.feed(view.substr(0, split));
        parser.feed(view.substr(split));
    }
    if (counter.messages != state.iterations()) state.SkipWithError("a response was not parsed");
    benchmark::DoNotOptimize(counter);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

struct LlhttpCounts {
    std::size_t fields = 0;
    std::size_t body = 0;
    benchmark::IterationCount messages = 0;
};

LlhttpCounts& counts(llhttp_t* parser) {
    return *static_cast<LlhttpCounts*>(parser->data);
}

void llhttp(benchmark::State& state, const std::string& bytes) {
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    // Names and values must be delivered here too, or the comparison would be with less work.
    settings.on_header_field = [](llhttp_t* parser, const char*, std::size_t) {
        ++counts(parser).fields;
        return 0;
    };
    settings.on_header_value = [](llhttp_t*, const char*, std::size_t) { return 0; };
    settings.on_body = [](llhttp_t* parser, const char*, std::size_t size) {
        counts(parser).body += size;
        return 0;
    };
    settings.on_message_complete = [](llhttp_t* parser) {
        ++counts(parser).messages;
        return 0;
    };
    LlhttpCounts counted;
    llhttp_t parser;
    llhttp_init(&parser, HTTP_RESPONSE, &settings);
    parser.data = &counted;
    for (auto _ : state) llhttp_execute(&parser, bytes.data(), bytes.size());
    if (counted.messages != state.iterations()) state.SkipWithError("a response was not parsed");
    benchmark::DoNotOptimize(counted);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

const std::string kSmallResponse(kSmall);
const std::string kChunkedResponse = chunked();

BENCHMARK_CAPTURE(ours, small, kSmallResponse, 0);
BENCHMARK_CAPTURE(llhttp, small, kSmallResponse);
BENCHMARK_CAPTURE(ours, small_split_in_head, kSmallResponse, 100);
BENCHMARK_CAPTURE(ours, chunked, kChunkedResponse, 0);
BENCHMARK_CAPTURE(llhttp, chunked, kChunkedResponse);

}  // namespace
