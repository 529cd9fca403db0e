// vegeta's JSON results: one object a line (docs/result-formats.md).
#pragma once

#include "common/runlog/record_decoder.hpp"
#include "common/runlog/record_writer.hpp"
#include "common/text/json_reader.hpp"

namespace loadgen::runlog {

/// The detail becomes one more member, "loadgen", at the end of the object.
class JsonRecordWriter final : public RecordWriter {
  public:
    JsonRecordWriter(ByteSink& sink, Detail detail) : RecordWriter(sink), detail_(detail) {}

  protected:
    void encode(std::string& out, const Record& record) override;

  private:
    Detail detail_;
    std::string scratch_;
};

/// Members may come in any order and be missing; unknown ones are skipped; null leaves the field empty. The
/// last line needs no line break (vegeta ignores such a line).
class JsonRecordReader final : public RecordDecoder {
  public:
    Result<Step> next(std::string_view input, bool last, Record& record) override;

    /// True when the first character that is not blank opens an object.
    static bool looks_like(std::string_view input);

  private:
    std::string place() const;

    text::JsonDocument document_{{.max_bytes = 256U << 20U, .max_depth = 32}};
    std::uint64_t line_ = 0;
    std::size_t searched_ = 0;  ///< bytes of the unfinished line known to hold no line break
};

}  // namespace loadgen::runlog
