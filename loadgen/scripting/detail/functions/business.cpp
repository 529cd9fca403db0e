// Fake business: companies, products, prices, cards and accounts.
#include "loadgen/scripting/detail/functions/fakes.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

std::string company(Random& random) {
    std::string name(any_of(random, words::kLastNames));
    return (name += ' ') += any_of(random, words::kCompanyEnds);
}

std::string catch_phrase(Random& random) {
    std::string phrase = capitalised(any_of(random, words::kAdjectives)) + ' ';
    (phrase += any_of(random, words::kAdjectives)) += ' ';
    return phrase += any_of(random, words::kNouns);
}

std::string adjective(Random& random) {
    return capitalised(any_of(random, words::kAdjectives));
}

std::string product(Random& random) {
    std::string name = adjective(random) + ' ';
    (name += any_of(random, words::kMaterials)) += ' ';
    return name += any_of(random, words::kProducts);
}

std::string description(Random& random) {
    return product(random) + ". " + fake_sentence(random);
}

std::string price(Random& random) {
    return std::to_string(whole_between(random, 1, 999)) + filled(random, ".##");
}

/// ISO/IEC 7812-1 annex B: doubled from the right, the sum ends in 0.
char luhn_digit(std::string_view digits) {
    int sum = 0;
    bool twice = true;
    for (std::size_t i = digits.size(); i > 0; --i, twice = !twice) {
        const int digit = (digits[i - 1] - '0') * (twice ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

/// In the range of test cards that begin with 4000.
std::string card_number(Random& random) {
    std::string digits = filled(random, "4000###########");
    return digits += luhn_digit(digits);
}

/// ISO 13616 check digits: 98 minus the rest of the number with the country behind it (DE is 1314).
std::string iban(Random& random) {
    const std::string account = filled(random, "##################");
    int rest = 0;
    for (const char c : account + "131400") rest = (rest * 10 + (c - '0')) % 97;
    const std::string check = std::to_string(98 - rest);
    return "DE" + std::string(2 - check.size(), '0') + check + account;
}

std::string bic(Random& random) {
    const std::string bank = upper_case(filled(random, "????"));
    return bank + "DE" + filled(random, "##");
}

std::string account(Random& random) {
    return filled(random, "#########");
}

std::string security_code(Random& random) {
    return filled(random, "###");
}

constexpr std::array kFunctions{
    fake("$randCompanyName", made_by<company>, "$randCompanyName(): a company"),
    fake("$randCatchPhrase", made_by<catch_phrase>, "$randCatchPhrase(): two adjectives and a noun"),
    fake("$randProductName", made_by<product>, "$randProductName(): a product"),
    fake("$randProductAdjective", made_by<adjective>, "$randProductAdjective(): what a product is like"),
    fake("$randProductMaterial", one_of<words::kMaterials>, "$randProductMaterial(): what it is made of"),
    fake("$randProductCategory", one_of<words::kDepartments>, "$randProductCategory(): where it is sold"),
    fake("$randProductDescription", made_by<description>,
         "$randProductDescription(): a product and a sentence"),
    fake("$randDepartment", one_of<words::kDepartments>, "$randDepartment(): a department of a shop"),
    fake("$randBrand", one_of<words::kBrands>, "$randBrand(): a brand that does not exist"),
    fake("$randAmount", hundredths, "$randAmount(): 0 to 10000 with two decimals"),
    fake("$randCurrencyCode", one_of<words::kCurrencyCodes>, "$randCurrencyCode(): such as EUR"),
    fake("$randCurrencyName", one_of<words::kCurrencyNames>, "$randCurrencyName(): such as Euro"),
    fake("$randCurrencySymbol", one_of<words::kCurrencySymbols>, "$randCurrencySymbol(): such as €"),
    fake("$randCreditCardNumber", made_by<card_number>,
         "$randCreditCardNumber(): 16 digits, the last one checks"),
    fake("$randCreditCardBrand", one_of<words::kCardBrands>, "$randCreditCardBrand(): such as Visa"),
    fake("$randCreditCardCVV", made_by<security_code>, "$randCreditCardCVV(): three digits"),
    fake("$randIban", made_by<iban>, "$randIban(): of Germany, with check digits"),
    fake("$randBic", made_by<bic>, "$randBic(): eight letters and digits"),
    fake("$randAccount", made_by<account>, "$randAccount(): nine digits"),
    fake("$randRoutingNumber", made_by<account>, "$randRoutingNumber(): nine digits"),
    fake("$randTransactionType", one_of<words::kTransactions>, "$randTransactionType(): such as refund"),
    fake("$randSubscriptionPlan", one_of<words::kPlans>, "$randSubscriptionPlan(): such as Basic"),
    fake("$randRole", one_of<words::kRoles>, "$randRole(): such as Admin"),
    fake("$randPriority", one_of<words::kPriorities>, "$randPriority(): such as high"),
    fake("$companyName", made_by<company>, "$companyName(): a company"),
    fake("$companyCatchPhrase", made_by<catch_phrase>, "$companyCatchPhrase(): two adjectives and a noun"),
    fake("$commerceProductName", made_by<product>, "$commerceProductName(): a product"),
    fake("$commerceProduct", one_of<words::kProducts>, "$commerceProduct(): a product in one word"),
    fake("$commerceDepartment", one_of<words::kDepartments>, "$commerceDepartment(): a department of a shop"),
    fake("$commercePrice", made_by<price>, "$commercePrice(): 1.00 to 999.99"),
    fake("$financeAmount", made_by<price>, "$financeAmount(): 1.00 to 999.99"),
    fake("$financeCurrencyCode", one_of<words::kCurrencyCodes>, "$financeCurrencyCode(): such as EUR"),
    fake("$financeCreditCardNumber", made_by<card_number>,
         "$financeCreditCardNumber(): 16 digits, the last one checks"),
    fake("$financeIban", made_by<iban>, "$financeIban(): of Germany, with check digits"),
};

}  // namespace

Family business_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
