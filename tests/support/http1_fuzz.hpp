// How fuzz inputs describe an HTTP/1.1 stream.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "common/base/random.hpp"
#include "tests/support/http1_trace.hpp"

namespace loadgen::test {

inline Http1Stream fuzzed_stream(http::Http1Parser::Mode mode, const std::uint8_t* data, std::size_t size) {
    using Method = http::Http1Parser::Method;
    Http1Stream stream;
    stream.mode = mode;
    const auto method = static_cast<Method>((data[0] & 3) % 3);
    if (mode == http::Http1Parser::Mode::kResponse) stream.methods = {method};
    stream.finish = (data[0] & 4) != 0;
    stream.bytes.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
    return stream;
}

/// Aborts when one piece, random pieces and single bytes don't give the same events.
inline void check_splits(http::Http1Parser::Mode mode, const std::uint8_t* data, std::size_t size) {
    if (size < 2) return;
    Http1Stream stream = fuzzed_stream(mode, data, size);
    stream.limits = {.max_head_bytes = 512, .max_headers = 80, .max_chunk_extension_bytes = 64};
    Random random(data[1]);
    std::vector<std::size_t> few;
    std::vector<std::size_t> all;
    for (std::size_t at = 1; at < stream.bytes.size(); ++at) {
        all.push_back(at);
        if (random.below(16) == 0) few.push_back(at);
    }
    const std::string whole = trace(stream);
    for (const auto& splits : {few, all}) {
        const std::string split = trace(stream, splits);
        if (split == whole) continue;
        std::fprintf(stderr, "in one piece:\n%s\nsplit:\n%s\n", whole.c_str(), split.c_str());
        std::abort();
    }
}

}  // namespace loadgen::test
