#include "common/telemetry/detail/gzip.hpp"

#include <zlib.h>

namespace loadgen::telemetry::detail {

std::string gzip(std::string_view bytes) {
    constexpr int kWindowBits = 15 + 16;  // 16: with a gzip head
    constexpr int kFast = 1;              // telemetry repeats itself: higher levels gain little
    constexpr int kMemoryLevel = 8;
    z_stream stream{};
    if (deflateInit2(&stream, kFast, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    // zlib does not write through next_in; its type is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return whole ? out : std::string();
}

}  // namespace loadgen::telemetry::detail
