// What the commands share: the option of the data folder, and the checks behind parsing.
#pragma once

#include <filesystem>
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

/// Also an error when there is no such folder: for commands that must not make one.
inline Result<void> require_data_folder(const std::string& data, std::string_view what) {
    auto given = require_data(data, what);
    if (!given) return given;
    std::error_code trouble;
    if (std::filesystem::is_directory(data, trouble)) return {};
    return Error{ErrorCode::kNotFound, "there is no folder " + data};
}

/// For commands that take options only.
inline Result<void> refuse_words(const platform::Arguments& arguments) {
    if (arguments.words.empty()) return {};
    return Error{ErrorCode::kUsage,
                 '"' + std::string(arguments.words.front()) + "\": takes options only; --help lists them"};
}

}  // namespace loadgen::services::cli
