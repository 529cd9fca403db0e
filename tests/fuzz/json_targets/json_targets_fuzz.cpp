// Any target file in vegeta's json format: requests that can be sent, or an error that names its place.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/scenario/vegeta_json_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    using namespace loadgen::scenario;
    std::string text(reinterpret_cast<const char*>(data), size);
    VegetaJsonTargets targets(LineReader("t", bytes_of(std::move(text)), kMaxJsonLine), {});
    while (true) {
        const auto request = targets.next();
        if (!request) {
            if (!request.error().message.starts_with("t:")) std::abort();
            return 0;
        }
        if (*request == nullptr) return 0;
        if ((*request)->url.host.empty() || !check_header({(*request)->method, {}})) std::abort();
        for (const http::Header& header : (*request)->headers)
            if (!check_header(header)) std::abort();
    }
}
