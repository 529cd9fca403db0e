#include "loadgen/cli/results/stream_sink.hpp"

namespace loadgen::cli {

Result<void> StreamSink::begin() {
    auto file = runlog::create_file(path_);
    if (!file) return std::move(file).error();
    sink_ = std::move(*file);
    writer_ = runlog::make_record_writer(format_, *sink_, runlog::Detail::kInclude);
    return {};
}

}  // namespace loadgen::cli
