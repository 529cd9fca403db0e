// vegeta's CSV results: twelve columns, no header line (docs/result-formats.md).
#pragma once

#include <vector>

#include "common/runlog/record_decoder.hpp"
#include "common/runlog/record_writer.hpp"
#include "common/text/csv.hpp"

namespace loadgen::runlog {

inline constexpr std::size_t kCsvColumns = 12;

class CsvRecordWriter final : public RecordWriter {
  public:
    explicit CsvRecordWriter(ByteSink& sink) : RecordWriter(sink) {}

  protected:
    void encode(std::string& out, const Record& record) override;

  private:
    std::string block_;
    std::vector<std::size_t> order_;
};

/// Errors name line, column number and what the column means.
class CsvRecordReader final : public RecordDecoder {
  public:
    Result<Step> next(std::string_view input, bool last, Record& record) override;

    /// True when `input` starts with a row of twelve columns, the first of them a number.
    static bool looks_like(std::string_view input, bool last);

  private:
    Result<void> read_row(Record& record) const;

    text::CsvReader rows_{{.trim_leading_space = true, .max_fields = 64}};
};

}  // namespace loadgen::runlog
