// `expect`: what an answer must be like. Each entry is checked and counted; none of them stops the others.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// What `assert` steps are counted by, beside the types of expectations.
inline constexpr std::string_view kAssertType = "assert";
/// Everything that outcomes are counted by, as "plugins.expect.ok.<type>".
std::span<const std::string_view> expectation_types();

/// Outcome of one entry.
struct Verdict {
    bool ok = false;
    std::string type;  ///< "statusCode": the name that it is counted by
    std::string expected;
    std::string got;
};

/// Checks the step's expectations (or, when it has none and the settings say so, that the status is 200) and
/// counts them.
std::vector<Verdict> check_expectations(Stage& stage, User& user, const plan::RequestStep& step,
                                        AnswerBody& body);

}  // namespace loadgen::steps
