#include "common/telemetry/detail/protobuf_writer.hpp"

#include <algorithm>

#include "common/text/utf8.hpp"

namespace loadgen::telemetry::detail {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
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

}  // namespace

void ProtobufWriter::text_always(std::uint32_t field, std::string_view value) {
    if (is_ascii(value)) return bytes_always(field, value);
    bytes_always(field, repaired(value));
}

void ProtobufWriter::close(std::size_t start) {
    std::uint64_t length = out_.size() - start;
    char prefix[10];
    std::size_t size = 0;
    for (; length >= 0x80; length >>= 7) prefix[size++] = static_cast<char>(length | 0x80);
    prefix[size++] = static_cast<char>(length);
    out_[start - 1] = prefix[0];
    if (size > 1) out_.insert(start, prefix + 1, size - 1);
}

}  // namespace loadgen::telemetry::detail
