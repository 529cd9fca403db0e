#include "loadgen/cli/run/output_files.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "common/runlog/byte_stream.hpp"
#include "loadgen/cli/run/run_report.hpp"

namespace loadgen::cli {
namespace {

bool is_stdout(const std::string& path) {
    return path == "-" || path == "stdout";
}

/// Whether one would overwrite the other. Devices and pipes take both.
bool is_one_file(const std::string& path, const std::string& other) {
    namespace fs = std::filesystem;
    std::error_code error;
    // A relative path of a file that is not there yet would stay as it is written.
    const fs::path here = fs::current_path(error);
    const bool same = fs::weakly_canonical(here / path, error) == fs::weakly_canonical(here / other, error);
    return same && (!fs::exists(path, error) || fs::is_regular_file(path, error));
}

}  // namespace

int files_on_stdout(const RunSettings& settings) {
    return static_cast<int>(is_stdout(settings.output)) + static_cast<int>(is_stdout(settings.json_file)) +
           static_cast<int>(is_stdout(settings.results));
}

Result<void> check_output_files(const RunSettings& settings) {
    if (files_on_stdout(settings) > 1)
        return Error{ErrorCode::kUsage, "only one of -output, -json and -results can be standard output"};
    std::vector<std::pair<std::string, std::string>> files{{"-output", settings.output},
                                                           {"-json", settings.json_file}};
    if (settings.results != "none") files.emplace_back("-results", settings.results);
    std::erase_if(files, [](const auto& file) { return file.second.empty() || is_stdout(file.second); });
    for (auto file = files.begin(); file != files.end(); ++file) {
        for (auto other = files.begin(); other != file; ++other) {
            if (!is_one_file(file->second, other->second)) continue;
            return Error{ErrorCode::kUsage,
                         other->first + " and " + file->first + " are one file, " + file->second};
        }
    }
    if (auto writable = check_run_json(settings.json_file); !writable) return writable;
    return check_run_json(settings.output);
}

Result<void> write_output_file(const std::string& path, const std::string& text) {
    auto file = runlog::create_file(path);
    if (!file) return std::move(file).error();
    return (*file)->write(text);
}

}  // namespace loadgen::cli
