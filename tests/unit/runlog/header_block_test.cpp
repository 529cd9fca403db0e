#include "common/runlog/header_block.hpp"

#include <gtest/gtest.h>

namespace loadgen::runlog {
namespace {

// What Go's http.Header.Write prints for these.
TEST(HeaderBlock, IsSortedCleanedAndEnded) {
    std::string out;
    std::vector<std::size_t> order;
    append_header_block(out, {{"b", {"2"}}, {"A", {" 1\t", "x\r\ny"}}, {"no token", {"3"}}, {"", {"4"}}},
                        order);
    EXPECT_EQ(out, "A: 1\r\nA: x  y\r\nb: 2\r\n\r\n");
}

TEST(HeaderBlock, ReadsBackAndGathersValues) {
    HeaderMap headers;
    ASSERT_TRUE(parse_header_block("A: 1\r\nB:2\nA:  3 \r\n\r\nignored", headers));
    EXPECT_EQ(headers, (HeaderMap{{"A", {"1", "3"}}, {"B", {"2"}}}));
    EXPECT_EQ(parse_header_block("A 1\r\n", headers).error().message,
              "found header line \"A 1\", expected \"Name: value\"");
    EXPECT_FALSE(parse_header_block(": 1\r\n", headers));
}

}  // namespace
}  // namespace loadgen::runlog
