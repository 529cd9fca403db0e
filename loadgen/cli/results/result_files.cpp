#include "loadgen/cli/results/result_files.hpp"

#include <sys/stat.h>

#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/interrupt.hpp"
#include "loadgen/cli/options.hpp"

namespace loadgen::cli {
namespace {

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat a_info {};
    struct stat b_info {};
    if (::stat(a.c_str(), &a_info) != 0 || ::stat(b.c_str(), &b_info) != 0) return false;
    return S_ISREG(a_info.st_mode) && a_info.st_dev == b_info.st_dev && a_info.st_ino == b_info.st_ino;
}

/// Go's flag rules end at the first file, which surprises who writes flags last.
Error with_flag_hint(const std::string& name, Error error) {
    if (error.code == ErrorCode::kNotFound && name.size() > 1 && name.front() == '-') {
        error.message += " (flags must come before the first file)";
    }
    return error;
}

}  // namespace

Result<std::vector<std::unique_ptr<runlog::RecordReader>>> open_result_files(
    const std::vector<std::string>& files, Ticker* ticker) {
    const std::vector<std::string> names = files.empty() ? std::vector<std::string>{"stdin"} : files;
    std::vector<std::unique_ptr<runlog::RecordReader>> readers;
    for (const std::string& name : names) {
        const auto fd = runlog::open_for_reading(name);
        if (!fd) return with_flag_hint(name, fd.error());
        auto reader = runlog::open_records(name, std::make_unique<PatientInput>(*fd, ticker));
        if (!reader) return reader.error();
        readers.push_back(std::move(*reader));
    }
    return readers;
}

Result<void> check_output(const std::string& output, const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
        if (!is_same_file(output, input)) continue;
        return Error{ErrorCode::kUsage, "flag -output: " + output + " is also an input; name another file"};
    }
    return {};
}

int read_all(std::string_view command, runlog::RecordReader& reader, Ticker* ticker,
             const std::function<Result<void>(const runlog::Record&)>& use, bool& usable) {
    usable = true;
    runlog::Record record;
    while (!InterruptGuard::requested()) {
        const auto more = reader.next(record);
        if (InterruptGuard::requested()) break;
        if (!more) {
            usable = reader.cut_off();
            const int code = fail_command(command, more.error());
            return usable ? kExitCouldNotMeasure : code;
        }
        if (!*more) return kExitPass;
        if (auto used = use(record); !used) {
            usable = false;
            return fail_command(command, used.error());
        }
        if (ticker != nullptr) ticker->poll();
    }
    return InterruptGuard::exit_code();
}

int exit_code_for(const Error& error) {
    return error.code == ErrorCode::kIo ? kExitCouldNotMeasure : kExitUsage;
}

int fail_command(std::string_view command, const Error& error) {
    print_error(command, error.message);
    return exit_code_for(error);
}

}  // namespace loadgen::cli
