// What must hold whatever the input is.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace loadgen::test {

/// Ends the process, which is what a fuzzer takes for a finding, and says what is broken.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

}  // namespace loadgen::test
