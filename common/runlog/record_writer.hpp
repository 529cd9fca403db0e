// Writes result streams: vegeta's three encodings (docs/result-formats.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/runlog/byte_stream.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::runlog {

enum class Format { kGob, kJson, kCsv };

/// "gob", "json" or "csv".
std::string_view format_name(Format format);
std::optional<Format> format_from_name(std::string_view name);

/// Takes records one by one. Not thread-safe: it belongs to one thread, such as the engine's writer thread.
/// Encodes into one buffer that is reused, and hands it to the sink when it is full: once the buffer has
/// grown to the size of the largest record, `write` allocates nothing.
class RecordWriter {
  public:
    virtual ~RecordWriter() = default;
    RecordWriter(const RecordWriter&) = delete;
    RecordWriter& operator=(const RecordWriter&) = delete;

    /// Encodes `record`; fails with what the sink says (kIo).
    Result<void> write(const Record& record);
    /// Hands everything encoded so far to the sink. Nothing is flushed by the destructor: failing there could
    /// not be told.
    Result<void> flush();

  protected:
    explicit RecordWriter(ByteSink& sink) : sink_(sink) {}
    /// Appends the bytes of one record to `out`.
    virtual void encode(std::string& out, const Record& record) = 0;

  private:
    ByteSink& sink_;
    std::string buffer_;
};

/// What a file shall hold beyond vegeta's fields.
enum class Detail {
    kOmit,     ///< exactly what vegeta writes
    kInclude,  ///< gob and json: RecordDetail too, in a way that vegeta's readers skip; csv has no place for
               ///< it
};

/// A writer into `sink`, which must outlive it.
std::unique_ptr<RecordWriter> make_record_writer(Format format, ByteSink& sink, Detail detail);

}  // namespace loadgen::runlog
