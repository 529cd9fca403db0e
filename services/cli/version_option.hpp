// The version of a deployment, as services tell it.
#pragma once

#include <string>

#include "services/platform/option_table.hpp"
#include "services/supervisor/protocol.hpp"

namespace loadgen::services::cli {

inline platform::OptionValue into_version(std::string& version) {
    return {"V", std::string(supervisor::kVersionRule), [&version](std::string_view text) {
                version = text;
                return supervisor::is_version(text);
            }};
}

inline platform::Option service_version_option(std::string& version) {
    return {"--service-version", into_version(version),
            "told in the X-Service-Version field of answers and in service.version of telemetry"};
}

}  // namespace loadgen::services::cli
