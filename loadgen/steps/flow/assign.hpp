// `set`, `assert`, `log`: steps that are over at once.
#pragma once

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

Next set_variables(Stage& stage, Strand& strand, const plan::SetStep& step);
Next check_assertion(Stage& stage, Strand& strand, const plan::AssertStep& step);
Next log(Stage& stage, Strand& strand, const plan::LogStep& step);

}  // namespace loadgen::steps
