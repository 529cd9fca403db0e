// The error value every expected failure travels in. Cheap to move, no exceptions involved.
#pragma once

#include <string>
#include <utility>

namespace loadgen {

/// What kind of failure it is; decides the exit code, not the wording.
enum class ErrorCode {
    kUsage,        ///< the caller asked for something impossible: bad flag, bad file, bad value
    kSyntax,       ///< input that does not parse
    kLimit,        ///< a documented limit was exceeded
    kNotFound,     ///< a named file, host or key does not exist
    kIo,           ///< the operating system refused: message carries errno's text
    kUnsupported,  ///< valid, but not offered here
    kInternal,     ///< a defect of ours
};

/// A failure with the sentence a user will read. `message` names the place, what was found, what is allowed.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
};

/// Prefixes the context a caller knows ("targets.txt:3: "), keeping the code.
inline Error with_context(std::string context, Error error) {
    error.message.insert(0, std::move(context));
    return error;
}

/// An I/O error from an errno value: "<what>: <strerror>".
Error errno_error(std::string what, int errno_value);

}  // namespace loadgen
