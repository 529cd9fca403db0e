#include "services/birthday/domain/greeting.hpp"

namespace loadgen::services::birthday {

std::string greeting(std::string_view username, int days) {
    std::string text = "Hello, ";
    text += username;
    if (days == 0) return text + "! Happy birthday!";
    // "day(s)" is the contract's wording for every number, one included.
    return text + "! Your birthday is in " + std::to_string(days) + " day(s)";
}

}  // namespace loadgen::services::birthday
