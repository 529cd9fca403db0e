// What a user of the app tells about themselves, and what they want to hear of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::grocery::users {

struct Profile {
    std::string display_name;
    std::string language = "nl";
    bool favourite_offers = true;  ///< wants news of favourites on offer
    bool list_changes = true;      ///< wants news of lists
    std::int64_t created_ms = 0;
};

/// The JSON object that a row keeps.
std::string write_profile(const Profile& profile);
Result<Profile> read_profile(std::string_view attributes);

/// A language as two letters, with a region or without: "nl", "en-GB".
bool is_language(std::string_view text);

/// How an installation of the app presents itself.
struct Status {
    std::string app_version;
    std::string platform;
    std::string push_endpoint;  ///< empty: none
    std::int64_t seen_ms = 0;
};
std::string write_status(const Status& status);
Result<Status> read_status(std::string_view attributes);

}  // namespace loadgen::services::grocery::users
