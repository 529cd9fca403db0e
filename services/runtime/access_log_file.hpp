// The access log's file and the thread that writes it.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/telemetry/log_sink.hpp"

namespace loadgen::services::runtime {

class AccessLogFile {
  public:
    /// Appends to the file at `path`; "-" is stderr.
    static Result<std::unique_ptr<AccessLogFile>> open(const std::string& path);
    ~AccessLogFile();
    AccessLogFile(const AccessLogFile&) = delete;
    AccessLogFile& operator=(const AccessLogFile&) = delete;

    telemetry::LogSink& sink() { return *sink_; }

  private:
    explicit AccessLogFile(int descriptor);
    int descriptor_;
    std::unique_ptr<telemetry::DescriptorLogSink> sink_;
};

}  // namespace loadgen::services::runtime
