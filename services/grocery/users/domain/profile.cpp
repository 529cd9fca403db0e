#include "services/grocery/users/domain/profile.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::grocery::users {
namespace {

bool is_between(char letter, char first, char last) {
    return letter >= first && letter <= last;
}

}  // namespace

std::string write_profile(const Profile& profile) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object()
        .key("displayName")
        .string(profile.display_name)
        .key("language")
        .string(profile.language);
    out.key("favouriteOffers").integer(profile.favourite_offers ? 1 : 0);
    out.key("listChanges").integer(profile.list_changes ? 1 : 0);
    out.key("createdMs").integer(profile.created_ms).end_object();
    return json;
}

Result<Profile> read_profile(std::string_view attributes) {
    contracts::Payload row(attributes);
    Profile profile;
    profile.display_name = row.optional_text("displayName").value_or(std::string());
    profile.language = row.text("language");
    profile.favourite_offers = row.integer("favouriteOffers") != 0;
    profile.list_changes = row.integer("listChanges") != 0;
    profile.created_ms = row.integer("createdMs");
    if (!row.ok()) return row.error();
    return profile;
}

bool is_language(std::string_view text) {
    const bool letters = text.size() >= 2 && is_between(text[0], 'a', 'z') && is_between(text[1], 'a', 'z');
    if (text.size() == 2) return letters;
    return letters && text.size() == 5 && text[2] == '-' && is_between(text[3], 'A', 'Z') &&
           is_between(text[4], 'A', 'Z');
}

std::string write_status(const Status& status) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("appVersion").string(status.app_version).key("platform").string(status.platform);
    out.key("pushEndpoint").string(status.push_endpoint).key("seenMs").integer(status.seen_ms).end_object();
    return json;
}

Result<Status> read_status(std::string_view attributes) {
    contracts::Payload row(attributes);
    Status status;
    status.app_version = row.text("appVersion");
    status.platform = row.text("platform");
    status.push_endpoint = row.optional_text("pushEndpoint").value_or(std::string());
    status.seen_ms = row.integer("seenMs");
    if (!row.ok()) return row.error();
    return status;
}

}  // namespace loadgen::services::grocery::users
