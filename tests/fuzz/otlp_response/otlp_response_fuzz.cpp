// What a receiver answers: the body, and the same bytes as a Retry-After value.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "common/telemetry/otlp_response.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto response = loadgen::telemetry::read_export_response(text);
    const auto delay = loadgen::telemetry::read_retry_after(text, {784'111'770'000'000'000});
    const bool sane = (!response || response->message.size() <= size) && (!delay || delay->count() >= 0);
    if (!sane) {
        std::fprintf(stderr, "broken: a message longer than the body, or a negative delay\n");
        std::abort();
    }
    return 0;
}
