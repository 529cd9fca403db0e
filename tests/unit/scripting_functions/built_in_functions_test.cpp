#include "loadgen/scripting/built_in_functions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "common/base/uuid.hpp"
#include "functions_fixture.hpp"

namespace loadgen::scripting {
namespace {

TEST_F(Functions, OfChanceStayInTheirRange) {
    std::set<double> seen;
    for (int i = 0; i < 300; ++i) seen.insert(text::Value(read("$randomNumber(3, 1)")).to_number());
    EXPECT_EQ(seen, (std::set<double>{1, 2, 3}));
    EXPECT_EQ(read("$randomNumber(0.2, 1.9)"), "1");
    EXPECT_TRUE(value("$randomNumber(1, 2)").is_string()) << "as Artillery's template";
    EXPECT_EQ(read("$randomString()").size(), 10U);
    EXPECT_EQ(read("$randomString(0)"), "");
    EXPECT_TRUE(is_uuid(read("$uuid()")));
    EXPECT_NE(read("$uuid()"), read("$uuid()"));
    EXPECT_EQ(read("$email()").substr(36), "@example.com");
    for (int i = 0; i < 100; ++i) {
        const double number = value("$randomFloat(-1, 1, 3)").number();
        EXPECT_LE(std::abs(number), 1);
        EXPECT_EQ(std::round(number * 1000) / 1000, number);
    }
    EXPECT_EQ(fault("$randomNumber(1, missing)"), "$randomNumber: found no range of whole numbers");
    EXPECT_EQ(fault("$randomString(2000000)"), "$randomString: the length must be 0 to 1000000");
}

TEST_F(Functions, PickFromLists) {
    set_json("list", R"([{"n":1,"s":0},{"n":2,"s":1},{"n":3,"s":0}])");
    set_json("none", "[]");
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(read("$jsonStringify($pickWhere(list, 's', 0))"));
    EXPECT_EQ(seen, (std::set<std::string>{R"({"n":1,"s":0})", R"({"n":3,"s":0})"}));
    EXPECT_TRUE(value("$pickWhere(list, 's', '0')").is_undefined()) << "kinds count";
    EXPECT_TRUE(value("$pick(none)").is_undefined());
    std::set<std::string> words;
    for (int i = 0; i < 100; ++i) words.insert(read("$pick('a', 'b')"));
    EXPECT_EQ(words, (std::set<std::string>{"a", "b"}));
    for (int i = 0; i < 20; ++i) {
        std::set<double> different;
        const text::Value sample = value("$sample($range(1, 10), 4)");
        for (const text::Value& one : sample.elements()) different.insert(one.number());
        EXPECT_EQ(different.size(), 4U);
    }
    text::Value::Array shuffled = value("$shuffle($range(1, 50))").elements();
    const auto less = [](const text::Value& a, const text::Value& b) { return a.number() < b.number(); };
    EXPECT_FALSE(std::is_sorted(shuffled.begin(), shuffled.end(), less));
    std::sort(shuffled.begin(), shuffled.end(), less);
    EXPECT_EQ(text::Value(shuffled), value("$range(1, 50)"));
    EXPECT_EQ(fault("$pick(missing)"), "$pick: found undefined, expected a list");
    EXPECT_EQ(fault("$sample('x', 1)"), "$sample: found a string, expected a list");
    EXPECT_EQ(fault("$range(0, 1000000)"), "$range: found no range of at most 1000000 numbers");
}

TEST_F(Functions, CutTexts) {
    set("text", text::Value("gr\u00fc\u00dfe \U0001F600"));
    EXPECT_EQ(read("$slice(text, 2, 4)"), "\u00fc\u00df");
    EXPECT_EQ(read("$slice(text, -1)"), "\U0001F600");
    EXPECT_EQ(read("$slice(text, 3, 1)"), "");
    EXPECT_EQ(read("$slice($range(1, 5), -3, -1)"), "[3,4]");
    EXPECT_EQ(read("$length(text)"), "8") << "UTF-16, as in JavaScript";
    EXPECT_EQ(read("$padStart('\u00fc', 4, 'ab')"), "aba\u00fc");
    EXPECT_EQ(read("$padStart('abc', 2)"), "abc");
    EXPECT_EQ(read("$trim(' \t\r\n ')"), "");
    EXPECT_EQ(read("$replace('aaa', 'aa', 'b')"), "ba");
    EXPECT_EQ(read("$split('a,,b', ',')"), R"(["a","","b"])");
    EXPECT_EQ(read("$join($list(1, null, 'x', missing))"), "1,,x,");
    EXPECT_EQ(read("$contains('abc', 'bc')"), "true");
    EXPECT_EQ(read("$contains($list('1'), 1)"), "false");
    EXPECT_EQ(fault("$join('a')"), "$join: found a string, expected a list");
    EXPECT_EQ(fault("$split('a', '')"), "$split: the separator may not be empty");
    EXPECT_EQ(fault("$replace('a', '', 'b')"), "$replace: what to replace may not be empty");
}

// The vectors of RFC 4231 (cases 2 and 4), RFC 1321 (A.5), RFC 4648 (10), FIPS 180-4's "abc".
TEST_F(Functions, DigestAsTheStandardsSay) {
    EXPECT_EQ(read("$hmac('sha256', 'Jefe', 'what do ya want for nothing?')"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        read("$hmac('sha384', 'Jefe', 'what do ya want for nothing?')"),
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
    EXPECT_EQ(read("$md5('message digest')"), "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(read("$sha1('abc')"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(read("$sha256('abc')"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(read("$base64('foobar')"), "Zm9vYmFy");
    EXPECT_EQ(read("$base64('fo')"), "Zm8=");
    EXPECT_EQ(read("$base64Url('fo')"), "Zm8");
    EXPECT_EQ(read("$base64Decode('Zm8')"), "fo");
    EXPECT_EQ(read("$base64Decode('Pz8-')"), "?\?>");
    EXPECT_EQ(fault("$base64Decode('a b')"), "$base64Decode: found something that is not base64");
    EXPECT_EQ(fault("$hmac('sha3', 'k', 't')"),
              "$hmac: found the algorithm \"sha3\", expected sha256, sha1, sha384, sha512 or md5");
    EXPECT_EQ(fault("$sha256('t', 'hexa')"),
              "$sha256: found the encoding \"hexa\", expected hex, base64 or base64url");
}

TEST_F(Functions, MakeTokens) {
    const std::string token = read("$jwt('{\"sub\":\"a\",\"iat\":1}', 'secret', 60)");
    const auto dot = token.find('.');
    EXPECT_EQ(read("$base64Decode('" + token.substr(0, dot) + "')"), R"({"alg":"HS256","typ":"JWT"})");
    EXPECT_EQ(read("$base64Decode('" + token.substr(dot + 1, token.rfind('.') - dot - 1) + "')"),
              R"({"sub":"a","iat":1,"exp":1763719260})");
    EXPECT_EQ(read("$hmac('sha256', 'secret', '" + token.substr(0, token.rfind('.')) + "', 'base64url')"),
              token.substr(token.rfind('.') + 1));
    EXPECT_EQ(fault("$jwt(1, 's')"), "$jwt: found a number, expected an object of claims, or its JSON text");
    EXPECT_EQ(fault("$jwt($object(), 's', 'soon')"), "$jwt: the life time must be a number of seconds");
}

TEST_F(Functions, TellTheTime) {
    EXPECT_EQ(read("$timestamp()"), "1763719200123");
    EXPECT_EQ(read("$timestamp(0.5)"), "1763719200623");
    EXPECT_EQ(read("$isoTimestamp('-10h0m0.124s')"), "2025-11-20T23:59:59.999Z");
    EXPECT_EQ(read("$isoTimestamp('-1d')"), "2025-11-20T10:00:00.123Z");
    EXPECT_EQ(read("$date('41d')"), "2026-01-01");
    EXPECT_EQ(fault("$date(1e12)"),
              "$date: found an offset beyond the calendar, expected seconds or a text such as -1h30m or 7d");
    EXPECT_NE(fault("$date('tomorrow')"), "");
}

TEST_F(Functions, CodeAndDecode) {
    EXPECT_EQ(read("$urlDecode($urlEncode('a&b=\u00fc !'))"), "a&b=\u00fc !");
    EXPECT_EQ(fault("$urlDecode('%4')"), "$urlDecode: found '%' without two hex digits behind it");
    EXPECT_EQ(read("$jsonStringify($jsonParse('{\"a\": [1, null]}'))"), R"({"a":[1,null]})");
    EXPECT_EQ(fault("$jsonParse(1)"), "$jsonParse: found a number, expected a text");
    EXPECT_EQ(fault("$jsonParse('{')").substr(0, 12), "$jsonParse: ");
    EXPECT_EQ(read("$object('a', 1, 'a', 2)"), R"({"a":2})");
    EXPECT_EQ(fault("$object('a')"), "$object: found a name without its value");
}

/// ISO 7812's check.
bool passes_luhn(const std::string& digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int digit = digits[digits.size() - 1 - i] - '0';
        sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
    }
    return sum % 10 == 0;
}

/// ISO 13616: moved and spelled out, the number leaves 1.
int rest_of_iban(const std::string& iban) {
    int rest = 0;
    for (const char c : iban.substr(4) + "1314" + iban.substr(2, 2)) rest = (rest * 10 + (c - '0')) % 97;
    return rest;
}

TEST_F(Functions, FakeDataHoldsWhatItPromises) {
    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(passes_luhn(read("$randCreditCardNumber()")));
        EXPECT_EQ(rest_of_iban(read("$randIban()")), 1);
        EXPECT_TRUE(is_uuid(read("$stringUuid()")));
        EXPECT_LT(read("$randPastDate()"), "2025-11-21T10:00:00.123Z");
        EXPECT_GT(read("$randFutureDate()"), "2025-11-21T10:00:00.123Z");
        EXPECT_LE(std::abs(text::Value(read("$randLatitude()")).to_number()), 90);
    }
    EXPECT_TRUE(value("$randNumber()").is_string());
    EXPECT_TRUE(value("$randBoolean()").is_string());
}

TEST_F(Functions, WithoutArgumentsAllGiveSomething) {
    for (const text::FunctionEntry& entry : built_in_functions().entries()) {
        if (entry.min_arguments > 0) continue;
        const text::Value made = entry.call(context_, {});
        EXPECT_FALSE(made.is_undefined()) << entry.name;
        EXPECT_EQ(context_.fault, "") << entry.name;
    }
}

// Whatever a scenario passes: a value or a reason, never a crash.
TEST_F(Functions, AnythingMayBeAnArgument) {
    const std::vector<text::Value> odd{text::Value(),
                                       text::Value::null(),
                                       text::Value(true),
                                       text::Value(-1.5),
                                       text::Value(1e300),
                                       text::Value(std::nan("")),
                                       text::Value("\xff"),
                                       text::Value(text::Value::Array{text::Value(1.0)}),
                                       text::Value(text::Value::Object{{"a", text::Value()}})};
    for (const text::FunctionEntry& entry : built_in_functions().entries()) {
        for (std::size_t i = 0; i < odd.size() * odd.size(); ++i) {
            std::vector<text::Value> arguments;
            while (arguments.size() < std::min<std::size_t>(entry.max_arguments, 4))
                arguments.push_back(odd[(i / (arguments.size() % 2 == 0 ? 1 : odd.size())) % odd.size()]);
            if (arguments.size() < entry.min_arguments) continue;
            context_.fault.clear();
            const text::Value made = entry.call(context_, arguments);
            if (!context_.fault.empty()) {
                EXPECT_TRUE(made.is_undefined()) << entry.name;
                EXPECT_TRUE(context_.fault.starts_with(entry.name)) << context_.fault;
            }
        }
    }
}

TEST_F(Functions, TheSeedDecides) {
    const auto all = [](std::uint64_t seed) {
        Random random(seed);
        text::CallContext context{random, WallTime{1}};
        std::string made;
        for (const text::FunctionEntry& entry : built_in_functions().entries()) {
            if (entry.min_arguments == 0) entry.call(context, {}).append_text(made);
        }
        return made;
    };
    EXPECT_EQ(all(1), all(1));
    EXPECT_NE(all(1), all(2));
}

TEST_F(Functions, UnknownOnesNameTheNearest) {
    const auto error = [this](std::string_view text) {
        return text::Template::compile(text, slots_, built_in_functions()).error().message;
    };
    EXPECT_EQ(error("{{ $randEmial() }}"),
              "character 4: unknown function $randEmial; did you mean $randEmail?");
    EXPECT_EQ(error("{{ $randomnumber(1, 2) }}"),
              "character 4: unknown function $randomnumber; did you mean $randomNumber?");
    EXPECT_EQ(error("{{ $randEmail(1) }}"),
              "character 4: $randEmail is given 1 argument: $randEmail(): an address "
              "at example.com, .net or .org");
}

}  // namespace
}  // namespace loadgen::scripting
