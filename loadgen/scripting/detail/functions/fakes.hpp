// Fake texts that other fake texts contain. Private to built_in_functions.
#pragma once

#include <string>

#include "common/base/random.hpp"

namespace loadgen::scripting {

/// Words that look like Latin, with a capital letter in front and a full stop behind.
std::string fake_sentence(Random& random);

}  // namespace loadgen::scripting
