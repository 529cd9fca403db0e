// Result streams as vegeta's attack writes them: a gob stream of its Result struct.
#pragma once

#include "common/runlog/record_writer.hpp"

namespace loadgen::runlog {

/// See RecordWriter. The detail travels as one more struct field, "Loadgen", which Go's decoder skips because
/// vegeta's struct has no such field.
class GobWriter final : public RecordWriter {
  public:
    GobWriter(ByteSink& sink, Detail detail) : RecordWriter(sink), detail_(detail) {}

  protected:
    void encode(std::string& out, const Record& record) override;

  private:
    Detail detail_;
    bool types_sent_ = false;
    std::string message_;
};

}  // namespace loadgen::runlog
