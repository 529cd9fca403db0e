#include "common/runlog/record_writer.hpp"

#include <array>

#include "common/runlog/csv_codec.hpp"
#include "common/runlog/gob_writer.hpp"
#include "common/runlog/json_codec.hpp"

namespace loadgen::runlog {
namespace {

constexpr std::array<std::string_view, 3> kFormatNames{"gob", "json", "csv"};
constexpr std::size_t kFlushAt = 64U << 10U;

}  // namespace

std::string_view format_name(Format format) {
    return kFormatNames[static_cast<std::size_t>(format)];
}

std::optional<Format> format_from_name(std::string_view name) {
    for (std::size_t i = 0; i < kFormatNames.size(); ++i) {
        if (kFormatNames[i] == name) return static_cast<Format>(i);
    }
    return std::nullopt;
}

Result<void> RecordWriter::write(const Record& record) {
    encode(buffer_, record);
    return buffer_.size() < kFlushAt ? Result<void>{} : flush();
}

Result<void> RecordWriter::flush() {
    auto written = buffer_.empty() ? Result<void>{} : sink_.write(buffer_);
    buffer_.clear();
    return written;
}

std::unique_ptr<RecordWriter> make_record_writer(Format format, ByteSink& sink, Detail detail) {
    switch (format) {
        case Format::kGob:
            return std::make_unique<GobWriter>(sink, detail);
        case Format::kJson:
            return std::make_unique<JsonRecordWriter>(sink, detail);
        case Format::kCsv:
            break;
    }
    return std::make_unique<CsvRecordWriter>(sink);
}

}  // namespace loadgen::runlog
