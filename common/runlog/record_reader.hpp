// Reads result files whatever their encoding, one record at a time, with bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/runlog/byte_stream.hpp"
#include "common/runlog/record.hpp"
#include "common/runlog/record_writer.hpp"

namespace loadgen::runlog {

/// A sequence of records. One thread at a time.
class RecordReader {
  public:
    virtual ~RecordReader() = default;

    /// True and the next record in `record` (overwritten in place, so that its memory is reused), or false at
    /// the end. The error names the input, the record's number, its byte offset, what was found and what is
    /// allowed; after an error nothing more can be read.
    virtual Result<bool> next(Record& record) = 0;

    /// True when the last error was that the input ends inside a record: what was read before is good.
    virtual bool cut_off() const { return false; }
};

/// Opens a stream of records. The encoding is found out from the first bytes, tried in the order gob, JSON,
/// CSV. `name` is for messages. Blocks until the encoding is known. An empty input is an error, because it is
/// a mistake far more often than a run without requests. A record may take up to `max_record_bytes`.
Result<std::unique_ptr<RecordReader>> open_records(std::string name, std::unique_ptr<ByteInput> input,
                                                   std::size_t max_record_bytes = 64U << 20U);

/// The next record is the one with the earliest timestamp among the inputs' next ones. Records of one input
/// keep their order. No inputs: no records. An input that is cut off ends there; that is told after the last
/// record of the others.
std::unique_ptr<RecordReader> merge_by_time(std::vector<std::unique_ptr<RecordReader>> inputs);

/// Puts records in order of timestamp within a window: a record moves ahead of up to `window` others. Holds
/// at most `window` records. Result files are written in the order requests finished, so that sorting needs
/// no more than the number of requests that were under way at once.
class SortingReader final : public RecordReader {
  public:
    SortingReader(std::unique_ptr<RecordReader> input, std::size_t window);
    ~SortingReader() override;
    Result<bool> next(Record& record) override;
    bool cut_off() const override { return input_->cut_off(); }

  private:
    struct Entry;
    void fill();

    std::unique_ptr<RecordReader> input_;
    std::size_t window_;
    std::vector<std::unique_ptr<Entry>> heap_;
    std::vector<std::unique_ptr<Entry>> spare_;
    std::uint64_t arrived_ = 0;
    bool input_ended_ = false;
    std::optional<Error> failure_;  ///< told after the records that were read before it
};

}  // namespace loadgen::runlog
