#include "common/http/content_decoding.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace loadgen::http {
namespace {

constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kBare = -MAX_WBITS;

/// Compressed by zlib itself.
std::string deflated(std::string_view text, int format) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// Made by Node's zlib: {"greeting":"hello, hello, hello, world"} with brotli, quality 11.
const std::string kBrotli(
    "\x1b\x28\x00\xf8\x8d\xd4\x62\xcd\x19\xee\xa4\x37\xbc\x5e\xed\xf6\xbe\x6b\x94\x28\xf9\x94\x4e\x5f\x0e\x22"
    "\x89"
    "\x54\x95\x40\x0d\x8b\x87\x96\xbc\x6c\x01\x82\x55\xe3\xc6\x10",
    42);
constexpr std::string_view kBrotliText = R"({"greeting":"hello, hello, hello, world"})";

std::string decoded(std::string_view codings, std::string_view in, const DecodeLimits& limits = {}) {
    std::string out;
    const auto done = decode(codings, in, out, limits);
    return done ? out : "error: " + done.error().message;
}

std::string sample() {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "{\"id\":" + std::to_string(i * 7919) + "},";
    return text;
}

TEST(ContentDecoding, UndoesEachCoding) {
    const std::string text = sample();
    EXPECT_EQ(decoded("gzip", deflated(text, kGzip)), text);
    EXPECT_EQ(decoded("X-GZip", deflated(text, kGzip)), text);
    EXPECT_EQ(decoded("deflate", deflated(text, kZlib)), text);
    EXPECT_EQ(decoded("deflate", deflated(text, kBare)), text) << "as some servers send it";
    EXPECT_EQ(decoded("br", kBrotli), kBrotliText);
    EXPECT_EQ(decoded("identity", "as it is"), "as it is");
    EXPECT_EQ(decoded("", "as it is"), "as it is");
}

TEST(ContentDecoding, UndoesAListFromItsEnd) {
    const std::string text = sample();
    EXPECT_EQ(decoded("deflate, gzip", deflated(deflated(text, kZlib), kGzip)), text);
    EXPECT_EQ(decoded("br,identity , ,gzip", deflated(kBrotli, kGzip)), kBrotliText);
    EXPECT_EQ(decoded("gzip, br", deflated(kBrotli, kGzip)).substr(0, 10), "error: br:");
    EXPECT_EQ(decoded("gzip, gzip, gzip, gzip", ""), "error: more than 3 content codings");
}

TEST(ContentDecoding, TakesPiecesOfAnySize) {
    const std::string text = sample();
    for (const auto& [coding, body, expected] : {std::tuple{"gzip", deflated(text, kGzip), text},
                                                 {"deflate", deflated(text, kBare), text},
                                                 {"br", kBrotli, std::string(kBrotliText)}}) {
        for (const std::size_t size : {1U, 7U, 4096U}) {
            auto decoder = ContentDecoder::make(coding);
            ASSERT_TRUE(decoder);
            std::string out;
            for (std::size_t at = 0; at < body.size(); at += size) {
                ASSERT_TRUE(decoder->feed(std::string_view(body).substr(at, size), out))
                    << coding << " at " << at;
            }
            EXPECT_TRUE(decoder->finish());
            EXPECT_EQ(out, expected);
        }
    }
}

// RFC 1952 section 2.2.
TEST(ContentDecoding, TakesGzipMembersInARow) {
    EXPECT_EQ(decoded("gzip", deflated("one ", kGzip) + deflated("two", kGzip)), "one two");
}

TEST(ContentDecoding, AnEmptyBodyIsEmpty) {
    for (const std::string_view coding : {"gzip", "deflate", "br", "gzip, br"})
        EXPECT_EQ(decoded(coding, ""), "");
}

TEST(ContentDecoding, SaysWhereDataEndOrBreak) {
    const std::string text = sample();
    const std::string body = deflated(text, kGzip);
    EXPECT_EQ(decoded("gzip", std::string_view(body).substr(0, 100)),
              "error: gzip: the data end in the middle, after 100 bytes");
    EXPECT_EQ(decoded("gzip", std::string_view(body).substr(0, body.size() - 1)),
              "error: gzip: the data end in the middle, after " + std::to_string(body.size() - 1) + " bytes");
    EXPECT_EQ(decoded("br", std::string_view(kBrotli).substr(0, 20)),
              "error: br: the data end in the middle, after 20 bytes");
    EXPECT_EQ(decoded("gzip", "{\"plain\":1}"),
              "error: gzip: corrupt data at byte 2: incorrect header check");
    EXPECT_EQ(decoded("deflate", "\x78\x9c\xff\xff"),
              "error: deflate: corrupt data at byte 3: invalid block type");
    std::string wrong_sum = body;
    wrong_sum[wrong_sum.size() - 8] ^= 1;
    EXPECT_EQ(decoded("gzip", wrong_sum).substr(0, 34), "error: gzip: corrupt data at byte ");
    EXPECT_NE(decoded("gzip", wrong_sum).find("incorrect data check"), std::string::npos);
    EXPECT_EQ(decoded("gzip", deflated("x", kGzip) + "junk"),
              "error: gzip: the data end at byte 21, but more follow");
    EXPECT_EQ(decoded("deflate", deflated("x", kZlib) + "junk"),
              "error: deflate: the data end at byte 9, but more follow");
    EXPECT_EQ(decoded("br", kBrotli + "junk"), "error: br: the data end at byte 42, but more follow");
    EXPECT_EQ(decoded("gzip, zstd", ""),
              "error: content coding \"zstd\" is not known here: gzip, deflate and br are");
}

TEST(ContentDecoding, StopsBombs) {
    const std::string bomb = deflated(std::string(8U << 20, '\0'), kGzip);
    ASSERT_LT(bomb.size(), 10'000U);
    std::string out;
    auto done = decode("gzip", bomb, out);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kLimit);
    EXPECT_EQ(done.error().message, "gzip: the data grow more than 400 times, as a bomb does");
    EXPECT_LT(out.size(), 4U << 20);

    out.clear();
    done = decode("gzip", bomb, out, {.max_bytes = 100'000, .max_ratio = 2000});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kLimit);
    EXPECT_EQ(done.error().message,
              "gzip: more than 100000 bytes come out of " + std::to_string(bomb.size()));
    EXPECT_LE(out.size(), 100'000U);

    // A bomb in a bomb: what comes out of the inner one counts too.
    EXPECT_EQ(decoded("gzip, gzip", deflated(bomb, kGzip), {.max_bytes = 1U << 20, .max_ratio = 5000})
                  .substr(0, 33),
              "error: gzip: more than 1048576 by");
}

}  // namespace
}  // namespace loadgen::http
