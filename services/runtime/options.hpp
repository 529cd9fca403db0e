// The settings of a process of services as command line options.
#pragma once

#include <vector>

#include "services/platform/option_table.hpp"
#include "services/runtime/settings.hpp"

namespace loadgen::services::runtime {

/// Rows that write into `settings`, which must outlive them. All but data, version and instance, which the
/// commands decide on their own.
std::vector<platform::OptionGroup> settings_options(Settings& settings);

}  // namespace loadgen::services::runtime
