// A stream of responses gives the same events however it is split. Byte 0: bits 0-1 the first request's
// method, bit 2 the peer closes; byte 1 seeds the splits; the rest is the stream.
#include "tests/support/http1_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    loadgen::test::check_splits(loadgen::http::Http1Parser::Mode::kResponse, data, size);
    return 0;
}
