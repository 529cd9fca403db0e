// A rate either is refused with a sentence or survives being formatted and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "loadgen/pacing/rate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::pacing;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rate = parse_rate(text);
    if (!rate) {
        if (rate.error().message.empty()) std::abort();
        return 0;
    }
    const auto again = parse_rate(format_rate(*rate));
    // Long units may be beyond what Go's notation reads back to the nanosecond; short ones must be exact.
    if (!again || (rate->per.count() < 1'000'000'000'000 && !(*again == *rate))) std::abort();
    return 0;
}
