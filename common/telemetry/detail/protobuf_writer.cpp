#include "common/telemetry/detail/protobuf_writer.hpp"

#include <algorithm>
#include <cstring>

#include "common/text/utf8.hpp"

namespace loadgen::telemetry::detail {

bool is_ascii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t all = 0;
    for (; left >= sizeof all; at += sizeof all, left -= sizeof all) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, sizeof eight);
        all |= eight;
    }
    for (; left > 0; ++at, --left) all |= static_cast<unsigned char>(*at);
    return (all & kHighBits) == 0;
}

std::string repaired(std::string_view text) {
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = text::utf8_sequence_length(text);
        out += length == 0 ? kReplacement : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

void ProtobufWriter::close(std::size_t start) {
    SmallBytes prefix;
    prefix.varint(out_.size() - start);
    out_[start - 1] = prefix.view().front();
    if (prefix.size() > 1) out_.insert(start, prefix.view().substr(1));
}

}  // namespace loadgen::telemetry::detail
