// Loads from any text: never a crash; what is accepted ascends, keeps to its phases and has located errors.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "loadgen/pacing/phase_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace loadgen;
    using namespace loadgen::pacing;
    std::vector<std::string> texts(1);
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] == '\n') {
            texts.emplace_back();
        } else {
            texts.back() += static_cast<char>(data[i]);
        }
    }
    // A Poisson phase ended by a large count is slow by design: keep those out.
    for (const std::string& text : texts)
        if (text.find("poisson") != text.npos && text.find("count") != text.npos) return 0;
    const PhaseContext context{1, [](const std::string& path) -> Result<std::string> {
                                   if (path == "i") return std::string("0.5\n1\n2s\n");
                                   return std::string("0,1\n1,10\n1,3/m\n4,0\n");
                               }};
    const auto load = parse_load(texts, context);
    if (!load) {
        if (load.error().message.empty()) std::abort();
        return 0;
    }
    Nanos last{0};
    for (int i = 0; i < 200; ++i) {
        const auto due = load->schedule->next();
        if (!due) break;
        if (*due < last || load->phase_at(*due) == nullptr) std::abort();
        if (!(load->schedule->rate_at(*due) >= 0)) std::abort();
        last = *due;
    }
    load->schedule->advance(std::uint64_t{1} << 20);
    return 0;
}
