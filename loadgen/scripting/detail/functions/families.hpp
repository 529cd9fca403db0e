// The families of built-in functions; one file each. Private to built_in_functions.
#pragma once

#include <span>

#include "common/text/scope.hpp"

namespace loadgen::scripting {

using Family = std::span<const text::FunctionEntry>;

Family random_functions();
Family list_functions();
Family text_functions();
Family code_functions();
Family digest_functions();
Family time_functions();

// The fake-data plugin's, under the names of its versions on falso ($randEmail) and on faker
// ($internetEmail).
Family person_functions();
Family place_functions();
Family business_functions();
Family internet_functions();
Family prose_functions();
Family number_functions();

}  // namespace loadgen::scripting
