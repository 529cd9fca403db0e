// A user of the ninja set.
#pragma once

#include <cstddef>
#include <string>

namespace loadgen::services::ninja::users {

inline constexpr std::size_t kMaxUserName = 20;  // characters

struct User {
    std::string id;  ///< uuid
    std::string name;
    std::string email;
};

}  // namespace loadgen::services::ninja::users
