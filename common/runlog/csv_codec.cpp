#include "common/runlog/csv_codec.hpp"

#include <array>
#include <charconv>

#include "common/base/encoding.hpp"
#include "common/runlog/header_block.hpp"

namespace loadgen::runlog {
namespace {

constexpr std::array<std::string_view, kCsvColumns> kColumnNames{
    "timestamp in ns", "status code", "latency in ns",   "bytes out", "bytes in", "error",
    "base64 body",     "attack name", "sequence number", "method",    "URL",      "base64 headers"};

template <typename Number>
void append_number(std::string& out, Number number) {
    std::array<char, 24> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    out.append(text.data(), end.ptr);
    out += ',';
}

void append_text(std::string& out, std::string_view text) {
    text::append_csv_field(out, text);
    out += ',';
}

/// Reads columns and remembers the first that is no good.
class RowReader {
  public:
    explicit RowReader(const std::vector<std::string>& fields) : fields_(fields) {}

    template <typename Number>
    Number number(std::size_t column, std::string_view expected) {
        Number value{};
        const std::string& text = fields_[column];
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure != std::errc() || end != text.data() + text.size()) fail(column, expected);
        return value;
    }

    std::string base64(std::size_t column) {
        auto bytes = from_base64(fields_[column]);
        if (!bytes) fail(column, "base64 text");
        return bytes ? std::move(*bytes) : std::string();
    }

    void fail(std::size_t column, std::string_view expected) {
        if (!fault_.empty()) return;
        fault_ = place(column) + "found \"" + fields_[column].substr(0, 80) + "\", expected " +
                 std::string(expected);
    }

    static std::string place(std::size_t column) {
        return "column " + std::to_string(column + 1) + " (" + std::string(kColumnNames[column]) + "): ";
    }

    const std::string& fault() const { return fault_; }

  private:
    const std::vector<std::string>& fields_;
    std::string fault_;
};

}  // namespace

void CsvRecordWriter::encode(std::string& out, const Record& record) {
    append_number(out, record.timestamp.unix_ns);
    append_number(out, record.code);
    append_number(out, record.latency.count());
    append_number(out, record.bytes_out);
    append_number(out, record.bytes_in);
    append_text(out, record.error);
    append_base64(out, record.body);
    out += ',';
    append_text(out, record.attack);
    append_number(out, record.seq);
    append_text(out, record.method);
    append_text(out, record.url);
    if (!record.headers.empty() || record.code != 0) {
        block_.clear();
        append_header_block(block_, record.headers, order_);
        append_base64(out, block_);
    }
    out += '\n';
}

bool CsvRecordReader::looks_like(std::string_view input, bool last) {
    const std::size_t digits = input.find_first_not_of(" \t\r\n");
    if (digits == std::string_view::npos) return false;
    if (input[digits] != '-' && (input[digits] < '0' || input[digits] > '9')) return false;
    text::CsvReader rows({.trim_leading_space = true, .max_fields = 64});
    const auto step = rows.next(input, last);
    if (!step) return false;
    if (*step == text::CsvReader::Step::kRow) return rows.fields().size() == kCsvColumns;
    return *step == text::CsvReader::Step::kNeedMore;
}

Result<RecordDecoder::Step> CsvRecordReader::next(std::string_view input, bool last, Record& record) {
    consumed_ = 0;
    const auto step = rows_.next(input, last);
    if (!step) return step.error();
    consumed_ = rows_.consumed();
    if (*step == text::CsvReader::Step::kNeedMore) return Step::kNeedMore;
    if (*step == text::CsvReader::Step::kEnd) return Step::kEnd;
    clear_record(record);
    if (auto read = read_row(record); !read) {
        return with_context("line " + std::to_string(rows_.line()) + ", ", read.error());
    }
    return Step::kRecord;
}

Result<void> CsvRecordReader::read_row(Record& record) const {
    const std::vector<std::string>& fields = rows_.fields();
    if (fields.size() != kCsvColumns) {
        return Error{ErrorCode::kSyntax, "found " + std::to_string(fields.size()) + " columns, expected 12"};
    }
    static constexpr std::string_view kCount = "a whole number of 0 or more";
    RowReader row(fields);
    record.timestamp.unix_ns = row.number<std::int64_t>(0, "a whole number of nanoseconds");
    record.code = row.number<std::uint16_t>(1, "a number from 0 to 65535");
    record.latency = Nanos(row.number<std::int64_t>(2, "a whole number of nanoseconds"));
    record.bytes_out = row.number<std::uint64_t>(3, kCount);
    record.bytes_in = row.number<std::uint64_t>(4, kCount);
    record.error = fields[5];
    record.body = row.base64(6);
    record.has_body = true;  // the format cannot tell an empty body from none; vegeta reads it as empty
    record.attack = fields[7];
    record.seq = row.number<std::uint64_t>(8, kCount);
    record.method = fields[9];
    record.url = fields[10];
    const std::string block = row.base64(11);
    if (!row.fault().empty()) return Error{ErrorCode::kSyntax, row.fault()};
    if (auto parsed = parse_header_block(block, record.headers); !parsed) {
        return with_context(RowReader::place(11), parsed.error());
    }
    return {};
}

}  // namespace loadgen::runlog
