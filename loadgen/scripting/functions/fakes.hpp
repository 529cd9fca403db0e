// Fake texts that other fake texts contain. Private to built_in_functions.
#pragma once

#include <string>
#include <string_view>

#include "common/base/random.hpp"

namespace loadgen::scripting {

/// With a capital letter in front.
std::string capitalised(std::string_view word);
std::string fake_full_name(Random& random);
std::string fake_sentence(Random& random);

}  // namespace loadgen::scripting
