// printf-style numbers for reports: independent of the locale.
#pragma once

#include <string>

namespace loadgen::reports {

/// As printf's %.<digits>f.
std::string fixed(double number, int digits);

}  // namespace loadgen::reports
