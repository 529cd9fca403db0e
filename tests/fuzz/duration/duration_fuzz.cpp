// Any text is an error or a duration; a duration's own text means the same duration.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/base/duration_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    const std::string_view text(size == 0 ? "" : reinterpret_cast<const char*>(data), size);
    const Result<Nanos> parsed = parse_duration(text);
    if (!parsed) return 0;
    const Result<Nanos> again = parse_duration(format_duration(*parsed));
    if (!again || *again != *parsed) std::abort();
    static_cast<void>(display_duration(*parsed));
    return 0;
}
