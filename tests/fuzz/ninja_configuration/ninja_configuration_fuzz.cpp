// What an operator can put into my_conf.json.
#include <cstdlib>
#include <string_view>

#include "services/ninja/shared/domain/configuration.hpp"

using namespace loadgen::services;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto configuration = ninja::parse_configuration(input);
    if (!configuration) {
        if (configuration.error().message.empty()) std::abort();
        return 0;
    }
    if (configuration->countries.empty() || configuration->delayed_order_create_ms < 1) std::abort();
    // A flag without rules is its default for everyone.
    const ninja::Flag& flag = configuration->premium_features;
    if (flag.value_for(input.substr(0, 20)) != flag.fallback && flag.rules.empty()) std::abort();
    return 0;
}
