// Fake places: addresses, countries, coordinates.
#include <cmath>

#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

static_assert(words::kCountries.size() == words::kCountryCodes.size());
static_assert(words::kStates.size() == words::kStateCodes.size());

std::string street_name(Random& random) {
    std::string name(any_of(random, words::kStreets));
    return (name += ' ') += any_of(random, words::kStreetKinds);
}

std::string street_address(Random& random) {
    return std::to_string(whole_between(random, 1, 299)) + ' ' + street_name(random);
}

std::string zip_code(Random& random) {
    return filled(random, "#####");
}

std::string full_address(Random& random) {
    std::string address = street_address(random) + ", ";
    (address += any_of(random, words::kCities)) += ", ";
    (address += any_of(random, words::kCountries)) += ", ";
    return address += zip_code(random);
}

template <int kMost>
text::Value coordinate(text::CallContext& context, Arguments) {
    const double degrees = (context.random.uniform() * 2 - 1) * kMost;
    return text::Value(std::round(degrees * 10'000) / 10'000);
}

constexpr std::array kFunctions{
    fake("$randCity", one_of<words::kCities>, "$randCity(): a city"),
    fake("$randCountry", one_of<words::kCountries>, "$randCountry(): a country"),
    fake("$randCountryCode", one_of<words::kCountryCodes>, "$randCountryCode(): two letters, such as SE"),
    fake("$randState", one_of<words::kStates>, "$randState(): a state of the USA"),
    fake("$randStateAbbr", one_of<words::kStateCodes>, "$randStateAbbr(): two letters, such as OH"),
    fake("$randStreetName", made_by<street_name>, "$randStreetName(): a street"),
    fake("$randStreetAddress", made_by<street_address>, "$randStreetAddress(): a house and its street"),
    fake("$randZipCode", made_by<zip_code>, "$randZipCode(): five digits"),
    fake("$randFullAddress", made_by<full_address>, "$randFullAddress(): street, city, country and code"),
    fake("$randLatitude", coordinate<90>, "$randLatitude(): -90 to 90"),
    fake("$randLongitude", coordinate<180>, "$randLongitude(): -180 to 180"),
    fake("$randTimeZone", one_of<words::kTimeZones>, "$randTimeZone(): such as Asia/Tokyo"),
    fake("$randLanguage", one_of<words::kLanguages>, "$randLanguage(): a language"),
    fake("$randLocale", one_of<words::kLocales>, "$randLocale(): such as fi_FI"),
    fake("$randDirection", one_of<words::kDirections>, "$randDirection(): such as Northeast"),
    fake("$locationCity", one_of<words::kCities>, "$locationCity(): a city"),
    fake("$locationCountry", one_of<words::kCountries>, "$locationCountry(): a country"),
    fake("$locationCountryCode", one_of<words::kCountryCodes>,
         "$locationCountryCode(): two letters, such as SE"),
    fake("$locationState", one_of<words::kStates>, "$locationState(): a state of the USA"),
    fake("$locationStreet", made_by<street_name>, "$locationStreet(): a street"),
    fake("$locationStreetAddress", made_by<street_address>,
         "$locationStreetAddress(): a house and its street"),
    fake("$locationZipCode", made_by<zip_code>, "$locationZipCode(): five digits"),
    fake("$locationLatitude", coordinate<90>, "$locationLatitude(): -90 to 90"),
    fake("$locationLongitude", coordinate<180>, "$locationLongitude(): -180 to 180"),
    fake("$locationTimeZone", one_of<words::kTimeZones>, "$locationTimeZone(): such as Asia/Tokyo"),
};

}  // namespace

Family place_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
