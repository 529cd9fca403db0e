// Lines of the supervisor's answers, for people.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::services::cli {

/// A table of what runs.
std::string status_text(std::string_view line);
/// One line of a deploy: "start   all  pid 4711  1.1.0  12.3 ms"; empty for an event that says nothing here.
std::string deploy_text(std::string_view line);
/// True for the line of a deploy that failed.
bool is_failure(std::string_view line);

}  // namespace loadgen::services::cli
