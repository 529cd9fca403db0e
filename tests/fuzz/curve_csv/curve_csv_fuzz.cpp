// Curves and recordings from any file: refused with a place, or walkable to the end in order.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "loadgen/pacing/models/curve.hpp"
#include "loadgen/pacing/models/replay.hpp"

namespace {

void check_walk(loadgen::pacing::RateModel& model) {
    model.begin({});
    loadgen::Nanos last{0};
    for (int i = 0; i < 300; ++i) {
        std::uint64_t n = 1 + static_cast<std::uint64_t>(i);
        const auto due = model.advance(n);
        if (!due) break;
        if (*due < last || *due > *model.duration()) std::abort();
        last = *due;
    }
    const auto carry = model.carry_out();
    if (carry.den == 0 || carry.num >= carry.den) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::pacing;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto points = parse_curve(text, "f")) {
        check_walk(*make_curve(*points, std::nullopt));
        check_walk(*make_curve(*points, points->back().at / 2 + loadgen::Nanos(1)));
    } else if (!points.error().message.starts_with("f:")) {
        std::abort();
    }
    if (const auto instants = parse_instants(text, "f", {loadgen::Nanos(1'000'000), size % 2 == 0})) {
        check_walk(*make_replay(*instants, std::nullopt));
    } else if (!instants.error().message.starts_with("f:")) {
        std::abort();
    }
    return 0;
}
