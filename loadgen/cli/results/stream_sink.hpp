// Where the engine's results go: a file of records.
#pragma once

#include <memory>
#include <string>

#include "common/runlog/byte_stream.hpp"
#include "common/runlog/record_writer.hpp"
#include "loadgen/engine/results/result_pipe.hpp"

namespace loadgen::cli {

/// Encodes records into a byte sink, in vegeta's format with our detail.
class StreamSink final : public engine::ResultSink {
  public:
    StreamSink(std::string path, runlog::Format format) : path_(std::move(path)), format_(format) {}

    /// Creates the file only now: a start that fails leaves an older one as it was.
    Result<void> begin() override;
    Result<void> take(const runlog::Record& record) override { return writer_->write(record); }
    Result<void> flush() override { return writer_->flush(); }

  private:
    std::string path_;
    runlog::Format format_;
    std::unique_ptr<runlog::FdSink> sink_;
    std::unique_ptr<runlog::RecordWriter> writer_;
};

}  // namespace loadgen::cli
