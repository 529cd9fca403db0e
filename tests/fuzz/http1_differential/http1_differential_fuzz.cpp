// Our parser and llhttp agree, or differ as tests/support/http1_differential.hpp says. Byte 0 as in
// http1_response, and bit 3: requests; byte 1 is unused; the rest is the stream.
#include <cstdio>
#include <cstdlib>

#include "tests/support/http1_differential.hpp"
#include "tests/support/http1_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using loadgen::http::Http1Parser;
    if (size < 2) return 0;
    const auto mode = (data[0] & 8) != 0 ? Http1Parser::Mode::kRequest : Http1Parser::Mode::kResponse;
    const auto stream = loadgen::test::fuzzed_stream(mode, data, size);
    const std::string disagreement = loadgen::test::http1_disagreement(stream);
    if (disagreement.empty()) return 0;
    std::fputs(disagreement.c_str(), stderr);
    std::abort();
}
