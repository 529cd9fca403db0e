// What the commands share: the option of the data folder, and the checks behind parsing.
#pragma once

#include <string>
#include <string_view>

#include "services/platform/option_table.hpp"

namespace loadgen::services::cli {

inline platform::Option data_option(std::string& data, std::string_view help) {
    return {"--data", platform::into_text(data, "DIR", "a folder"), help};
}

/// kUsage when it was not given.
inline Result<void> require_data(const std::string& data, std::string_view what) {
    if (!data.empty()) return {};
    return Error{ErrorCode::kUsage, "--data: is required: " + std::string(what)};
}

/// For commands that take options only.
inline Result<void> refuse_words(const platform::Arguments& arguments) {
    if (arguments.words.empty()) return {};
    return Error{ErrorCode::kUsage,
                 '"' + std::string(arguments.words.front()) + "\": takes options only; --help lists them"};
}

}  // namespace loadgen::services::cli
