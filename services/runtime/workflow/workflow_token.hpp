// Tokens of workflow states that wait for an answer.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::runtime {

inline constexpr std::size_t kMaxTokenText = 64;

/// 128 bits from the operating system, in hex: nobody guesses it, so whoever has it was asked.
Result<std::string> new_workflow_token();
/// SHA-256 in hex: what the table keeps, so that a copy of the database answers nobody's question.
std::string workflow_token_hash(std::string_view token);

}  // namespace loadgen::services::runtime
