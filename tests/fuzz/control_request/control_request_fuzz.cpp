// Whatever a client writes on the control socket is refused or understood; what is understood can be written
// and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "services/supervisor/protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen::services::supervisor;
    const auto request = parse_request({reinterpret_cast<const char*>(data), size});
    if (!request) return 0;
    std::string line = write_request(*request);
    line.pop_back();
    const auto again = parse_request(line);
    if (!again || write_request(*again) != line + '\n') std::abort();
    return 0;
}
