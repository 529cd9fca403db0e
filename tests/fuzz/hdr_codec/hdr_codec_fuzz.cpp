// Any bytes are an error or a histogram; a histogram survives being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/stats/hdr_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    using namespace loadgen::stats;
    const std::string_view bytes(size == 0 ? "" : reinterpret_cast<const char*>(data), size);
    for (const double unit_ns : {1.0, 1000.0, 1e9}) {
        const Result<DecodedHdr> decoded = decode_hdr(bytes, {.unit_ns = unit_ns});
        if (!decoded) continue;
        const std::string written = encode_hdr(decoded->histogram);
        const Result<DecodedHdr> again = decode_hdr(written);
        if (!again || !again->exact || encode_hdr(again->histogram) != written) std::abort();
    }
    static_cast<void>(decode_hdr_base64(bytes));
    return 0;
}
