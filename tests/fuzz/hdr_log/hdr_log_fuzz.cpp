// Any text is an error or intervals; intervals can be written, and come back with the same counts.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "common/stats/hdr_log.hpp"
#include "common/stats/hgrm.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    using namespace loadgen::stats;
    const std::string_view text(size == 0 ? "" : reinterpret_cast<const char*>(data), size);
    std::string written;
    std::uint64_t read_count = 0;
    static_cast<void>(read_hdr_log(text, {}, [&](LogInterval&& interval) {
        if (!append_hdr_log_interval(written, {}, interval)) std::abort();
        read_count += interval.histogram.count();
    }));
    std::uint64_t written_count = 0;
    const Result<HdrLogReader> again =
        read_hdr_log("#[BaseTime: 0.0]\n" + written, {},
                     [&](LogInterval&& interval) { written_count += interval.histogram.count(); });
    // What starts and lasts far from 1970 may look like an end timestamp on the second reading.
    if (again && written_count != read_count) std::abort();
    const Result<Hgrm> table = parse_hgrm(text);
    if (table && table->points.empty()) std::abort();
    return 0;
}
