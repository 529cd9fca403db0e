// From the command line's words to a source of requests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::scenario {

struct TargetOptions {
    std::string format = "http";       ///< "http" or "json"
    std::string path = "stdin";        ///< a file; "-" and "stdin" are standard input
    bool lazy = false;                 ///< read while running and end with the stream, instead of cycling
    std::string body_file;             ///< body for targets that have none; empty: no body
    std::vector<std::string> headers;  ///< "Name: value", for every target
    std::vector<std::string> urls;     ///< targets given as arguments; when there are any, `path` is not read
    std::string method = "GET";        ///< of `urls`
    std::function<void(const std::string&)> note;  ///< receives remarks for the user; may be empty
};

/// Opens and, unless lazy, reads and checks everything: nothing has to be sent to find a mistake. Sources
/// read in advance cycle for ever and answer `all`. Errors: kUsage, kNotFound, kIo, kSyntax
/// ("file:line:column:
/// ..."), kLimit; "FILE: no targets to attack" when there is none.
Result<std::unique_ptr<plan::RequestSource>> open_targets(const TargetOptions& options);

}  // namespace loadgen::scenario
