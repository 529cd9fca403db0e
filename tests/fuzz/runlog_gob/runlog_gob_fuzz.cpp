// Gob results from anywhere: no crash, no hang, the same records however the bytes arrive, and what was read
// can be written and read again.
#include "common/runlog/gob_reader.hpp"
#include "tests/fuzz/runlog_drive.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::runlog;
    fuzz::drive<GobReader>(fuzz::as_text(data, size), Format::kGob);
    return 0;
}
