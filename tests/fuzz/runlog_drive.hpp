// What the fuzz targets of the result encodings share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/runlog/record_decoder.hpp"
#include "common/runlog/record_writer.hpp"

namespace loadgen::runlog::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds) {
    if (!holds) std::abort();
}

inline std::string encoded(const Record& record, Format format) {
    std::string out;
    StringSink sink(out);
    const auto writer = make_record_writer(format, sink, Detail::kInclude);
    require(writer->write(record).has_value() && writer->flush().has_value());
    return out;
}

/// Records of `input`, shown to the decoder in windows that grow by `chunk`; stops at the first fault.
template <typename Decoder>
std::vector<Record> decode(std::string_view input, std::size_t chunk) {
    Decoder decoder;
    std::vector<Record> records;
    Record record;
    std::size_t begin = 0;
    std::size_t end = 0;
    while (true) {
        const bool last = end == input.size();
        const auto step = decoder.next(input.substr(begin, end - begin), last, record);
        if (!step) {
            require(!step.error().message.empty());
            return records;
        }
        require(decoder.consumed() <= end - begin);
        begin += decoder.consumed();
        if (*step == RecordDecoder::Step::kEnd) {
            require(last && begin == end);
            return records;
        }
        if (*step == RecordDecoder::Step::kRecord) {
            records.push_back(record);
        } else if (last) {
            return records;
        } else {
            end = std::min(end + chunk, input.size());
        }
    }
}

template <typename Decoder>
Record sole_record(std::string_view bytes) {
    const std::vector<Record> records = decode<Decoder>(bytes, bytes.size());
    require(records.size() == 1);
    return records.front();
}

template <typename Decoder>
void drive(std::string_view input, Format format) {
    const std::vector<Record> whole = decode<Decoder>(input, input.size() + 1);
    // Windows grow by a sixteenth, so that long inputs stay linear.
    const std::vector<Record> parts = decode<Decoder>(input, input.size() / 16 + 1);
    require(whole.size() == parts.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const std::string once = encoded(whole[i], format);
        require(once == encoded(parts[i], format));
        // A CSV reader turns CRLF inside quotes into LF, as Go's does, so these do not come back as they
        // were.
        if (format == Format::kCsv && once.find('\r') != std::string::npos) continue;
        // Writing tidies up (headers that are no HTTP are left out); what is tidy stays as it is.
        const std::string tidy = encoded(sole_record<Decoder>(once), format);
        require(encoded(sole_record<Decoder>(tidy), format) == tidy);
    }
}

}  // namespace loadgen::runlog::fuzz
