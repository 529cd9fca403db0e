// Which port each service of a data folder has: fixed ones from a base, or the ones that the system chose the
// first time, remembered so that a restart is found where its clients look.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::supervisor {

/// By service.
using Ports = std::map<std::string, std::uint16_t, std::less<>>;

/// `<data>/ports.json`: {"birthday":41233}. Empty when there is no such file; kSyntax names line and column.
Result<Ports> read_ports(const std::string& data);
/// Replaces the file as a whole.
Result<void> write_ports(const std::string& data, const Ports& ports);

}  // namespace loadgen::services::supervisor
