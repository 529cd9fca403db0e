// Any target file in vegeta's http format: requests that can be sent, or an error that names its place.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/scenario/vegeta_http_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    using namespace loadgen::scenario;
    std::string text(reinterpret_cast<const char*>(data), size);
    BodyFiles bodies([](const std::string& path) -> Result<std::string> {
        if (path == "none") return Error{ErrorCode::kNotFound, "none: No such file or directory"};
        return std::string("body");
    });
    VegetaHttpTargets targets(LineReader("t", bytes_of(std::move(text)), kMaxHttpLine), {},
                              std::move(bodies));
    while (true) {
        const auto request = targets.next();
        if (!request) {
            if (!request.error().message.starts_with("t:")) std::abort();
            return 0;
        }
        if (*request == nullptr) return 0;
        if ((*request)->url.host.empty() || (*request)->method.empty()) std::abort();
        for (const http::Header& header : (*request)->headers) {
            if (header.name.empty() || header.value.find_first_of("\r\n") != std::string::npos) std::abort();
            if (!check_header(header)) std::abort();
        }
    }
}
