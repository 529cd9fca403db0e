// `capture` and `match`: values out of answers, into variables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/text/value.hpp"
#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Takes all captures and checks all matches. As Artillery: when one of them fails, no variable is set.
/// Returns what failed, in words, or none.
std::optional<std::string> take_captures(Stage& stage, User& user, const std::vector<plan::Capture>& captures,
                                         const std::vector<plan::Match>& matches, AnswerBody& body);

/// What a dry run has instead: "<name>" for each.
void pretend_captures(Stage& stage, User& user, const std::vector<plan::Capture>& captures);

}  // namespace loadgen::steps
