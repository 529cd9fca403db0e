// The files of a script, put together in Artillery's order: script, further inputs, config, environment,
// command line; then the templates of config are filled in.
#pragma once

#include <optional>

#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// The largest script, and the largest file beside it that is not data.
inline constexpr std::size_t kMaxScriptBytes = 4U << 20U;

/// Adds the variables of the dotenv file to `options.process_environment`; what is set already wins.
void read_dotenv(LoadOptions& options, Findings& findings);

/// The whole script as one tree, `config` a map; nothing when there is none to go on with. Flags -e, -t, -p,
/// -v,
/// --overrides, and the templates in config (`$env` and the like) are worked in.
std::optional<Node> read_documents(const LoadOptions& options, Findings& findings);

}  // namespace loadgen::scenario::artillery
