// Whatever is in faults.json is refused or understood; what is understood can be written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "services/runtime/faults/fault_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::services::runtime;
    const auto rules = parse_fault_rules({reinterpret_cast<const char*>(data), size});
    if (!rules) return 0;
    const auto again = parse_fault_rules(write_fault_rules(*rules));
    if (!again || write_fault_rules(*again) != write_fault_rules(*rules)) std::abort();
    for (const FaultRule& rule : *rules) {
        static_cast<void>(describe(rule));
        static_cast<void>(rule.matches_route("orders", "GET /orders/5"));
        static_cast<void>(rule.matches_consumer("orders", "OrderCreated-dev"));
    }
    return 0;
}
