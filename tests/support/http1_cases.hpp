// Reads the behaviour files of tests/data/http1. A file is a list of cases:
//
//     === name
//     mode request                (default: response)
//     methods HEAD CONNECT GET    (of the requests that responses answer)
//     limit-head N, limit-fields N, limit-extension N
//     finish                      (the peer closes behind the bytes)
//     --- bytes
//     lines, joined without their line ends; \r \n \t \0 \\ \xNN and \{text*count} mean bytes
//     --- events
//     lines of trace() in http1_trace.hpp; \{text*count} repeats here too
//
// Lines that start with '#' outside of bytes and events are comments.
#pragma once

#include <string>
#include <vector>

#include "tests/support/http1_trace.hpp"

namespace loadgen::test {

struct Http1Case {
    std::string file;
    int line = 0;
    std::string name;
    Http1Stream stream;
    std::string events;
};

/// All cases of all files in the folder. Throws std::runtime_error with file and line when one doesn't parse.
std::vector<Http1Case> read_http1_cases(const std::string& folder);

}  // namespace loadgen::test
