// A stream of requests gives the same events however it is split. Input as in http1_response.
#include "tests/support/http1_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    loadgen::test::check_splits(loadgen::http::Http1Parser::Mode::kRequest, data, size);
    return 0;
}
