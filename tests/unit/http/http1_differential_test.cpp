#include <gtest/gtest.h>

#include "common/base/random.hpp"
#include "tests/support/http1_cases.hpp"
#include "tests/support/http1_differential.hpp"

namespace loadgen::test {
namespace {

TEST(Http1Differential, AgreesWithLlhttpOnTheCases) {
    for (const Http1Case& c : read_http1_cases(LOADGEN_SOURCE_DIR "/tests/data/http1")) {
        EXPECT_EQ(http1_disagreement(c.stream), "") << c.file << ":" << c.line << ": " << c.name;
    }
}

TEST(Http1Differential, ComparesAtAll) {
    Http1Stream stream;
    stream.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: b\r\n\r\nhi";
    EXPECT_EQ(llhttp_trace(stream).text, trace(stream));
    stream.mode = http::Http1Parser::Mode::kRequest;
    stream.bytes = "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nB: c\r\n\r\n";
    EXPECT_EQ(llhttp_trace(stream).text, trace(stream));
}

}  // namespace
}  // namespace loadgen::test
