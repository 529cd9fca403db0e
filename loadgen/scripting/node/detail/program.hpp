// The JavaScript that the child runs, embedded in this binary.
#pragma once

#include <string_view>

namespace loadgen::scripting {

/// The host's files as host/bootstrap.cjs reads them: one JSON object, names to sources.
std::string_view host_program();

}  // namespace loadgen::scripting
