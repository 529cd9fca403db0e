// Fake people: names, addresses of mail, jobs.
#include <utility>

#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

std::string full_name(Random& random) {
    std::string name(any_of(random, words::kFirstNames));
    return (name += ' ') += any_of(random, words::kLastNames);
}

std::string user_name(Random& random) {
    std::string name(any_of(random, words::kFirstNames));
    (name += '.') += any_of(random, words::kLastNames);
    return lower_case(std::move(name)) + filled(random, "##");
}

std::string mail_address(Random& random) {
    std::string address = user_name(random) + filled(random, "##@");
    return address += any_of(random, words::kMailHosts);
}

std::string password(Random& random) {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789_";
    return drawn_from(random, kLetters, 15);
}

std::string phone_number(Random& random) {
    return "+" + std::to_string(whole_between(random, 1, 98)) + filled(random, " ### ### ####");
}

std::string job_title(Random& random) {
    std::string title(any_of(random, words::kJobLevels));
    (title += ' ') += any_of(random, words::kJobAreas);
    return (title += ' ') += any_of(random, words::kJobTypes);
}

std::string avatar(Random& random) {
    return "https://example.com/avatars/" + filled(random, "########") + ".png";
}

constexpr std::array kFunctions{
    text::FunctionEntry{"$firstName", one_of<words::kFirstNames>, 0, 0, "$firstName(): a first name"},
    text::FunctionEntry{"$lastName", one_of<words::kLastNames>, 0, 0, "$lastName(): a last name"},
    text::FunctionEntry{"$fullName", made_by<full_name>, 0, 0, "$fullName(): a first and a last name"},
    fake("$randFirstName", one_of<words::kFirstNames>, "$randFirstName(): a first name"),
    fake("$randLastName", one_of<words::kLastNames>, "$randLastName(): a last name"),
    fake("$randFullName", made_by<full_name>, "$randFullName(): a first and a last name"),
    fake("$randPersonTitle", one_of<words::kTitles>, "$randPersonTitle(): such as Dr."),
    fake("$randGender", one_of<words::kGenders>, "$randGender(): a gender"),
    fake("$randUserName", made_by<user_name>, "$randUserName(): a name to log in with"),
    fake("$randEmail", made_by<mail_address>, "$randEmail(): an address at example.com, .net or .org"),
    fake("$randPassword", made_by<password>, "$randPassword(): 15 letters, digits and underscores"),
    fake("$randPhoneNumber", made_by<phone_number>, "$randPhoneNumber(): with the code of a country"),
    fake("$randJobTitle", made_by<job_title>, "$randJobTitle(): level, area and kind"),
    fake("$randJobDescriptor", one_of<words::kJobLevels>, "$randJobDescriptor(): the level of a job"),
    fake("$randJobArea", one_of<words::kJobAreas>, "$randJobArea(): the area of a job"),
    fake("$randJobType", one_of<words::kJobTypes>, "$randJobType(): the kind of a job"),
    fake("$randAvatar", made_by<avatar>, "$randAvatar(): the URL of a picture"),
    fake("$personFirstName", one_of<words::kFirstNames>, "$personFirstName(): a first name"),
    fake("$personLastName", one_of<words::kLastNames>, "$personLastName(): a last name"),
    fake("$personFullName", made_by<full_name>, "$personFullName(): a first and a last name"),
    fake("$personJobTitle", made_by<job_title>, "$personJobTitle(): level, area and kind"),
    fake("$internetEmail", made_by<mail_address>,
         "$internetEmail(): an address at example.com, .net or .org"),
    fake("$internetUsername", made_by<user_name>, "$internetUsername(): a name to log in with"),
    fake("$internetPassword", made_by<password>, "$internetPassword(): 15 letters, digits and underscores"),
    fake("$phoneNumber", made_by<phone_number>, "$phoneNumber(): with the code of a country"),
};

}  // namespace

Family person_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
