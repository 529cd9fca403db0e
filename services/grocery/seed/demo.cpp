#include "services/grocery/seed/demo.hpp"

#include <array>

namespace loadgen::services::grocery::seed {
namespace {

constexpr std::array<DemoRetailer, 15> kRetailers = {{{"amberhof", "Amberhof"},
                                                      {"bluebasket", "Blue Basket"},
                                                      {"cornercart", "Corner Cart"},
                                                      {"dagmarkt", "Dagmarkt"},
                                                      {"eastmill", "Eastmill"},
                                                      {"fairfield", "Fairfield Foods"},
                                                      {"groenhoek", "Groenhoek"},
                                                      {"harbour", "Harbour Market"},
                                                      {"ivylane", "Ivy Lane"},
                                                      {"jubilee", "Jubilee Stores"},
                                                      {"kaapplein", "Kaapplein"},
                                                      {"lindenhal", "Lindenhal"},
                                                      {"mooiweer", "Mooi Weer"},
                                                      {"noordkade", "Noordkade"},
                                                      {"oldtown", "Old Town Grocers"}}};

struct DemoProduct {
    std::string_view name;
    std::string_view category;
    std::string_view unit;
    std::int64_t cents;  ///< before any offer
    std::string_view description;
};

// Dutch and English side by side, as shelves have them.
constexpr std::array<DemoProduct, 60> kProducts = {{
    {"Jonge kaas", "dairy", "500 g", 549, "Plakken van jonge kaas voor op brood"},
    {"Oude kaas", "dairy", "400 g", 689, "Belegen en gerijpt, vol van smaak"},
    {"Crème fraîche", "dairy", "200 ml", 139, "Voor sauzen en soepen"},
    {"Halfvolle melk", "dairy", "1 l", 119, "Verse melk van de boer"},
    {"Greek yoghurt", "dairy", "500 g", 249, "Thick and creamy, ten percent fat"},
    {"Roomboter", "dairy", "250 g", 279, "Ongezouten boter"},
    {"Free range eggs", "dairy", "10 pieces", 329, "Eggs from hens that walk outside"},
    {"Bananen", "fruit", "1 kg", 189, "Rijpe bananen, per tros"},
    {"Elstar appels", "fruit", "1.5 kg", 299, "Hollandse appels, fris en zoet"},
    {"Conference peren", "fruit", "1 kg", 249, "Sappige peren"},
    {"Witte druiven", "fruit", "500 g", 249, "Pitloze druiven"},
    {"Strawberries", "fruit", "400 g", 349, "Summer berries, sweet and red"},
    {"Blueberries", "fruit", "250 g", 329, "A bowl of berries"},
    {"Oranges", "fruit", "2 kg", 379, "For juice and for hand"},
    {"Mango", "fruit", "1 piece", 179, "Ready to eat"},
    {"Trostomaten", "vegetables", "500 g", 229, "Tomaten aan de tros"},
    {"Komkommer", "vegetables", "1 piece", 99, "Knapperig en fris"},
    {"Sperziebonen", "vegetables", "400 g", 199, "Verse bonen, gewassen"},
    {"Wortelen", "vegetables", "1 kg", 139, "Winterpeen voor stamppot"},
    {"Broccoli", "vegetables", "500 g", 159, "One green head"},
    {"Baby spinach", "vegetables", "200 g", 189, "Washed leaves"},
    {"Sweet potatoes", "vegetables", "1 kg", 269, "Orange inside"},
    {"Paprika mix", "vegetables", "3 pieces", 249, "Rood, geel en groen"},
    {"Champignons", "vegetables", "250 g", 149, "Witte paddenstoelen"},
    {"Volkoren brood", "bakery", "800 g", 259, "Gebakken met heel graan"},
    {"Croissants", "bakery", "4 pieces", 219, "Roomboter croissants"},
    {"Sourdough bread", "bakery", "500 g", 359, "Slow bread with a crust"},
    {"Krentenbollen", "bakery", "6 pieces", 229, "Zachte bollen met krenten"},
    {"Appeltaart", "bakery", "750 g", 599, "Taart met appels en kaneel"},
    {"Stroopwafels", "bakery", "10 pieces", 199, "Wafels met stroop"},
    {"Kipfilet", "meat", "600 g", 749, "Mager en veelzijdig"},
    {"Rundergehakt", "meat", "500 g", 549, "Mager gehakt"},
    {"Rookworst", "meat", "275 g", 249, "Worst voor bij de stamppot"},
    {"Smoked bacon", "meat", "200 g", 299, "Thin slices"},
    {"Pork sausages", "meat", "400 g", 379, "Six sausages"},
    {"Zalmfilet", "fish", "250 g", 699, "Verse zalm zonder graat"},
    {"Hollandse garnalen", "fish", "100 g", 549, "Gepeld"},
    {"Tonijn in olie", "fish", "160 g", 229, "Blik tonijn"},
    {"Cod fillets", "fish", "300 g", 649, "White fish"},
    {"Espressobonen", "drinks", "1 kg", 1399, "Koffie, donker gebrand"},
    {"Filterkoffie", "drinks", "500 g", 699, "Gemalen koffie"},
    {"Earl Grey thee", "drinks", "20 bags", 249, "Zwarte thee met bergamot"},
    {"Sinaasappelsap", "drinks", "1 l", 289, "Geperst uit sinaasappels"},
    {"Sparkling water", "drinks", "6 x 1 l", 359, "With a lemon twist"},
    {"Pilsener bier", "drinks", "24 bottles", 1699, "Flessen in een krat"},
    {"Rode wijn", "drinks", "750 ml", 599, "Een fles voor bij de kaas"},
    {"Alcohol free lager", "drinks", "6 cans", 449, "All of the taste"},
    {"Spaghetti", "pantry", "500 g", 129, "Pasta from durum wheat"},
    {"Basmati rijst", "pantry", "1 kg", 349, "Losse korrel"},
    {"Passata di pomodoro", "pantry", "700 g", 159, "Gezeefde tomaten"},
    {"Olijfolie extra vierge", "pantry", "750 ml", 899, "Eerste persing van olijven"},
    {"Pindakaas", "pantry", "600 g", 319, "Van geroosterde pinda's"},
    {"Peanut butter crunchy", "pantry", "350 g", 289, "Roasted peanuts, bits left in"},
    {"Hagelslag puur", "pantry", "400 g", 239, "Chocolade voor op brood"},
    {"Dark chocolate", "snacks", "100 g", 199, "Seventy percent cacao"},
    {"Paprika chips", "snacks", "225 g", 199, "Chips met ribbels"},
    {"Salted cashew nuts", "snacks", "200 g", 329, "Roasted nuts"},
    {"Dishwasher tablets", "household", "40 pieces", 1199, "All in one"},
    {"Toiletpapier", "household", "16 rolls", 899, "Drielaags en zacht"},
    {"Wasmiddel", "household", "1.4 l", 999, "Voor witte en gekleurde was"},
}};

constexpr std::array<std::string_view, 12> kBrands = {
    "Zonnehof",  "De Molen",   "Greenleaf", "Bakkershuys", "Northfield", "Van Dijck",
    "Eigen Erf", "Lighthouse", "Café Noir", "Pure Plate",  "Boerenbont", "Seven Hills"};
constexpr std::array<std::int64_t, 7> kDiscounts = {10, 15, 20, 25, 30, 40, 50};
constexpr std::size_t kOffers = 24;

/// Steps without a common factor walk through all products before one comes again.
constexpr std::size_t kProductStep = 7;
constexpr std::size_t kRetailerStep = 11;
static_assert(kOffers <= kProducts.size());

Promotion offer(const DemoRetailer& retailer, std::size_t place, std::size_t number, Day today) {
    const std::size_t which = (place * kRetailerStep + number * kProductStep) % kProducts.size();
    const DemoProduct& product = kProducts[which];
    const std::int64_t percent = kDiscounts[(place + number * 3) % kDiscounts.size()];
    Promotion promotion;
    promotion.promotion_id = promotion_id_of(retailer.retailer_id, "demo" + std::to_string(which));
    promotion.retailer_id = retailer.retailer_id;
    promotion.product_name = product.name;
    promotion.brand = kBrands[(which * 5 + place) % kBrands.size()];
    promotion.category = product.category;
    promotion.description = product.description;
    promotion.unit = product.unit;
    // Retailers differ by up to ten cents before the discount.
    promotion.original_price_cents = product.cents + static_cast<std::int64_t>((place * 3) % 11);
    promotion.offer_price_cents = promotion.original_price_cents * (100 - percent) / 100;
    promotion.discount_text = std::to_string(percent) + "% off";
    promotion.valid_from = today - std::chrono::days(static_cast<int>(number % 4));
    promotion.valid_until = today + std::chrono::days(3 + static_cast<int>((number * 3 + place) % 11));
    promotion.image_url = "/images/" + promotion.promotion_id + ".jpg";
    return promotion;
}

}  // namespace

std::span<const DemoRetailer> demo_retailers() {
    return kRetailers;
}

std::string logo_url(const DemoRetailer& retailer) {
    return "/images/" + std::string(retailer.retailer_id) + ".svg";
}

std::vector<Promotion> demo_promotions(const DemoRetailer& retailer, Day today) {
    std::size_t place = 0;
    while (place < kRetailers.size() && kRetailers[place].retailer_id != retailer.retailer_id) ++place;
    std::vector<Promotion> promotions;
    for (std::size_t number = 0; number < kOffers; ++number)
        promotions.push_back(offer(retailer, place, number, today));
    return promotions;
}

}  // namespace loadgen::services::grocery::seed
