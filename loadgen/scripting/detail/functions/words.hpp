// Words that fake data is made of. Private to built_in_functions.
#pragma once

#include <array>
#include <string_view>

namespace loadgen::scripting::words {

template <typename... Words>
constexpr std::array<std::string_view, sizeof...(Words)> words_of(Words... words) {
    return {std::string_view(words)...};
}

inline constexpr auto kFirstNames =
    words_of("Ada", "Amir", "Anna", "Ben", "Carla", "Chen", "Clara", "Daniel", "Elena", "Emeka", "Eva",
             "Felix", "Fatima", "Grace", "Hugo", "Hana", "Ines", "Ivan", "Jana", "Jonas", "Kofi", "Laura",
             "Leo", "Lina", "Luca", "Maria", "Mateo", "Mei", "Mila", "Nadia", "Nils", "Noah", "Olga", "Omar",
             "Paula", "Priya", "Quentin", "Rosa", "Samuel", "Sara", "Sofia", "Tariq", "Theo", "Uma", "Victor",
             "Wanda", "Yara", "Yusuf", "Zoe", "Zuri");
inline constexpr auto kLastNames = words_of(
    "Adeyemi", "Andersson", "Bakker", "Bauer", "Bianchi", "Brown", "Costa", "Dubois", "Evans", "Fernandez",
    "Fischer", "Garcia", "Gupta", "Haddad", "Hansen", "Ivanova", "Jensen", "Johnson", "Kim", "Kovacs",
    "Kowalska", "Larsen", "Lopez", "Mbeki", "Meyer", "Moreau", "Nakamura", "Nguyen", "Novak", "Okafor",
    "Patel", "Petrov", "Popescu", "Ricci", "Rossi", "Santos", "Schmidt", "Silva", "Singh", "Smith", "Tanaka",
    "Taylor", "Torres", "Virtanen", "Weber", "Williams", "Wong", "Yilmaz");
inline constexpr auto kTitles = words_of("Dr.", "Mr.", "Mrs.", "Ms.", "Prof.");
inline constexpr auto kGenders = words_of("Female", "Male", "Non-binary");
inline constexpr auto kJobLevels = words_of("Senior", "Lead", "Junior", "Chief", "Regional", "Principal");
inline constexpr auto kJobAreas = words_of("Accounts", "Data", "Infrastructure", "Marketing", "Operations",
                                           "Product", "Research", "Security", "Support", "Quality");
inline constexpr auto kJobTypes =
    words_of("Analyst", "Architect", "Consultant", "Designer", "Engineer", "Manager", "Officer", "Planner");

inline constexpr auto kCountries =
    words_of("Argentina", "Australia", "Austria", "Belgium", "Brazil", "Canada", "Chile", "Denmark", "Egypt",
             "Finland", "France", "Germany", "Ghana", "India", "Italy", "Japan", "Kenya", "Mexico", "Nigeria",
             "Norway", "Poland", "Portugal", "Spain", "Sweden", "Turkey", "Uruguay", "Vietnam", "Morocco",
             "Iceland", "New Zealand");
inline constexpr auto kCountryCodes =
    words_of("AR", "AU", "AT", "BE", "BR", "CA", "CL", "DK", "EG", "FI", "FR", "DE", "GH", "IN", "IT", "JP",
             "KE", "MX", "NG", "NO", "PL", "PT", "ES", "SE", "TR", "UY", "VN", "MA", "IS", "NZ");
inline constexpr auto kCities = words_of(
    "Accra", "Amsterdam", "Ankara", "Antwerp", "Athens", "Berlin", "Bergen", "Bologna", "Bordeaux", "Boston",
    "Cairo", "Chicago", "Cork", "Dakar", "Denver", "Dublin", "Geneva", "Hamburg", "Hanoi", "Helsinki",
    "Kyoto", "Lagos", "Lima", "Lisbon", "Lyon", "Madrid", "Mumbai", "Nairobi", "Oslo", "Porto", "Prague",
    "Quito", "Riga", "Seattle", "Seville", "Sydney", "Tallinn", "Toronto", "Valencia", "Vienna");
inline constexpr auto kStates =
    words_of("Alabama", "Alaska", "Arizona", "California", "Colorado", "Florida", "Georgia", "Illinois",
             "Kansas", "Maine", "Montana", "Nevada", "Ohio", "Oregon", "Texas", "Utah", "Vermont", "Virginia",
             "Washington", "Wyoming");
inline constexpr auto kStateCodes = words_of("AL", "AK", "AZ", "CA", "CO", "FL", "GA", "IL", "KS", "ME", "MT",
                                             "NV", "OH", "OR", "TX", "UT", "VT", "VA", "WA", "WY");
inline constexpr auto kStreets =
    words_of("Oak", "Maple", "Mill", "Station", "Church", "Garden", "River", "Park", "Hill", "Lake", "Market",
             "Bridge", "Forest", "Harbour", "Castle", "Meadow");
inline constexpr auto kStreetKinds = words_of("Street", "Road", "Lane", "Avenue", "Way", "Square");
inline constexpr auto kTimeZones =
    words_of("Europe/Berlin", "Europe/Paris", "Europe/London", "America/New_York", "America/Denver",
             "Asia/Tokyo", "Asia/Kolkata", "Africa/Lagos", "Australia/Sydney", "America/Sao_Paulo");
inline constexpr auto kLanguages =
    words_of("Arabic", "Dutch", "English", "Finnish", "French", "German", "Hindi", "Italian", "Japanese",
             "Polish", "Portuguese", "Spanish", "Swahili", "Turkish", "Vietnamese");
inline constexpr auto kLocales =
    words_of("de_DE", "en_GB", "en_US", "es_ES", "fi_FI", "fr_FR", "it_IT", "ja_JP", "nl_NL", "pt_BR");
inline constexpr auto kDirections =
    words_of("North", "East", "South", "West", "Northeast", "Southeast", "Southwest", "Northwest");

inline constexpr auto kCompanyEnds =
    words_of("Ltd", "Group", "Partners", "Works", "Industries", "Labs", "and Sons");
inline constexpr auto kAdjectives =
    words_of("bright", "calm", "clever", "compact", "durable", "elegant", "fresh", "gentle", "handy", "light",
             "modern", "quiet", "robust", "simple", "smooth", "swift");
inline constexpr auto kNouns =
    words_of("anchor", "basket", "bridge", "candle", "engine", "garden", "harbour", "island", "kettle",
             "ladder", "lantern", "meadow", "mirror", "orchard", "signal", "window");
inline constexpr auto kVerbs =
    words_of("bring", "build", "carry", "change", "count", "follow", "gather", "measure", "move", "open",
             "plan", "repair", "send", "sort", "test", "watch");
inline constexpr auto kMaterials =
    words_of("Bamboo", "Cotton", "Granite", "Leather", "Oak", "Plastic", "Rubber", "Steel", "Wool");
inline constexpr auto kProducts =
    words_of("Bag", "Bike", "Chair", "Cup", "Desk", "Gloves", "Hat", "Keyboard", "Lamp", "Mouse", "Pan",
             "Shirt", "Shoes", "Table", "Towel", "Watch");
inline constexpr auto kDepartments =
    words_of("Books", "Clothing", "Electronics", "Games", "Garden", "Grocery", "Health", "Home", "Music",
             "Shoes", "Sports", "Tools", "Toys");
inline constexpr auto kBrands =
    words_of("Alder", "Brisk", "Corvid", "Dunlin", "Elmwood", "Fathom", "Gable", "Heron");
inline constexpr auto kCurrencyCodes =
    words_of("EUR", "USD", "GBP", "JPY", "CHF", "SEK", "PLN", "BRL", "INR", "KES");
inline constexpr auto kCurrencyNames =
    words_of("Euro", "US Dollar", "Pound Sterling", "Yen", "Swiss Franc", "Swedish Krona", "Zloty", "Real");
inline constexpr auto kCurrencySymbols = words_of("€", "$", "£", "¥", "kr", "zł", "₹");
inline constexpr auto kCardBrands = words_of("Visa", "Mastercard", "American Express", "Discover");
inline constexpr auto kTransactions = words_of("deposit", "invoice", "payment", "refund", "withdrawal");
inline constexpr auto kPlans = words_of("Free trial", "Basic", "Standard", "Business", "Enterprise");
inline constexpr auto kRoles = words_of("Admin", "Author", "Editor", "Guest", "Member", "Moderator", "Owner");
inline constexpr auto kPriorities = words_of("low", "medium", "high", "critical");

inline constexpr auto kDomainEnds = words_of("com", "org", "net", "io", "info");
inline constexpr auto kMailHosts = words_of("example.com", "example.net", "example.org");
inline constexpr auto kMethods = words_of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
inline constexpr auto kProtocols = words_of("http", "https");
inline constexpr auto kMimeTypes =
    words_of("application/json", "application/pdf", "application/zip", "audio/mpeg", "image/jpeg",
             "image/png", "text/css", "text/html", "text/plain", "video/mp4");
inline constexpr auto kFileEnds =
    words_of("csv", "html", "jpg", "json", "mp3", "pdf", "png", "txt", "xml", "zip");
inline constexpr auto kFolders =
    words_of("/etc/conf", "/home/user/documents", "/opt/share", "/srv/data", "/usr/share", "/var/lib");
inline constexpr auto kUserAgents = words_of(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1");

inline constexpr auto kLatin =
    words_of("ad", "alias", "amet", "aut", "autem", "beatae", "culpa", "cum", "dolor", "ducimus", "ea",
             "error", "est", "et", "ex", "facere", "fugiat", "hic", "id", "in", "ipsum", "iste", "iure",
             "labore", "lorem", "magni", "minus", "modi", "nemo", "non", "nulla", "odio", "omnis", "optio",
             "quae", "quas", "qui", "quia", "ratione", "rem", "rerum", "saepe", "sed", "sint", "sit", "sunt",
             "tempora", "ullam", "ut", "vel", "velit", "vero", "vitae", "voluptas");
inline constexpr auto kColours =
    words_of("amber", "azure", "black", "blue", "brown", "coral", "crimson", "gold", "green", "grey",
             "indigo", "ivory", "lime", "magenta", "maroon", "navy", "olive", "orange", "pink", "purple",
             "red", "silver", "teal", "turquoise", "violet", "white", "yellow");
inline constexpr auto kAnimals =
    words_of("badger", "beaver", "cat", "crane", "deer", "dog", "falcon", "fox", "goat", "hare", "hedgehog",
             "horse", "lynx", "otter", "owl", "seal", "stork", "trout", "wolf", "wren");
inline constexpr auto kFoods =
    words_of("apple pie", "bean soup", "bread", "cheese", "couscous", "curry", "dumplings", "fish stew",
             "lasagne", "noodles", "omelette", "pancakes", "paella", "risotto", "salad", "tacos");
inline constexpr auto kVehicles =
    words_of("bicycle", "bus", "lorry", "moped", "saloon", "tram", "tractor", "van");
inline constexpr auto kGenres = words_of("Blues", "Classical", "Country", "Electronic", "Folk", "Hip hop",
                                         "Jazz", "Pop", "Reggae", "Rock");
inline constexpr auto kEmoji = words_of("😀", "🎉", "🚲", "🌧", "🍎", "🐢", "🔑", "📦");
inline constexpr auto kMonths = words_of("January", "February", "March", "April", "May", "June", "July",
                                         "August", "September", "October", "November", "December");
inline constexpr auto kWeekdays =
    words_of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

}  // namespace loadgen::scripting::words
