// Content codings: any bytes end in a body or an error that names its coding, within the limits, and pieces
// come out as the whole does. The first byte picks the codings and the size of the pieces.
#include <array>
#include <cstdint>
#include <string>

#include "common/http/content_decoding.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::http;
    if (size == 0) return 0;
    constexpr std::array<std::string_view, 8> kCodings{
        "gzip", "deflate", "br", "gzip, br", "br, gzip", "gzip, gzip", "deflate, gzip", "gzip, br, deflate"};
    const std::string_view codings = kCodings[data[0] & 7U];
    const std::size_t piece = (data[0] >> 3U) + 1U;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const DecodeLimits limits{.max_bytes = 1U << 20, .max_ratio = 1000};

    std::string whole;
    const auto done = decode(codings, body, whole, limits);
    require(whole.size() <= limits.max_bytes, "the output is bounded");
    require(done || !done.error().message.empty(), "errors say something");

    auto decoder = ContentDecoder::make(codings, limits);
    require(decoder.has_value(), "the codings are known");
    std::string pieces;
    loadgen::Result<void> fed;
    for (std::size_t at = 0; fed && at < body.size(); at += piece)
        fed = decoder->feed(body.substr(at, piece), pieces);
    if (fed) fed = decoder->finish();
    // A bomb may be one already when only a part of it has come.
    const bool bomb = (!fed && fed.error().code == loadgen::ErrorCode::kLimit) ||
                      (!done && done.error().code == loadgen::ErrorCode::kLimit);
    if (bomb) return 0;
    require(fed.has_value() == done.has_value(), "pieces end as the whole does");
    if (done) require(pieces == whole, "pieces come out as the whole does");
    return 0;
}
