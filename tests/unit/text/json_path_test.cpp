#include "common/text/json_path.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::text {
namespace {

/// The values as a JSON array, or the error.
std::string found(std::string_view path, std::string_view json, std::size_t limit = 10'000) {
    JsonDocument document;
    const auto root = document.parse(json);
    if (!root) return root.error().message;
    const auto compiled = JsonPath::compile(path);
    if (!compiled) return compiled.error().message;
    std::string out;
    Value(compiled->values(*root, limit)).append_json(out);
    return out;
}

std::string fault(std::string_view path) {
    const auto compiled = JsonPath::compile(path);
    return compiled ? "" : compiled.error().message;
}

constexpr std::string_view kStore = R"({"store":{"book":[
    {"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},
    {"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},
    {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99},
    {"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8",
     "price":22.99}],"bicycle":{"color":"red","price":399}}})";

// RFC 9535 section 1.5, table 2.
TEST(JsonPath, AnswersTheExamplesOfTheRfc) {
    const std::string authors = R"(["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"])";
    EXPECT_EQ(found("$.store.book[*].author", kStore), authors);
    EXPECT_EQ(found("$..author", kStore), authors);
    EXPECT_EQ(found("$.store..price", kStore), "[8.95,12.99,8.99,22.99,399]");
    EXPECT_EQ(found("$..book[2].author", kStore), R"(["Herman Melville"])");
    EXPECT_EQ(found("$..book[2].publisher", kStore), "[]");
    EXPECT_EQ(found("$..book[-1].author", kStore), R"(["J. R. R. Tolkien"])");
    EXPECT_EQ(found("$..book[0,1].price", kStore), "[8.95,12.99]");
    EXPECT_EQ(found("$..book[:2].price", kStore), "[8.95,12.99]");
    EXPECT_EQ(found("$..book[?@.isbn].price", kStore), "[8.99,22.99]");
    EXPECT_EQ(found("$..book[?@.price<10].price", kStore), "[8.95,8.99]");
}

// Section 2.3.5.3, table 12, and the examples around it.
constexpr std::string_view kFilters = R"({"a":[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],
    "o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"})";

TEST(JsonPath, Filters) {
    EXPECT_EQ(found("$.a[?@.b == 'kilo']", kFilters), R"([{"b":"kilo"}])");
    EXPECT_EQ(found("$.a[?(@.b == 'kilo')]", kFilters), R"([{"b":"kilo"}])");
    EXPECT_EQ(found("$.a[?@>3.5]", kFilters), "[5,4,6]");
    EXPECT_EQ(found("$.a[?@.b]", kFilters), R"([{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}])");
    EXPECT_EQ(found("$[?@[?@.b]]", kFilters), R"([[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]])");
    EXPECT_EQ(found("$.o[?@<3, ?@<3]", kFilters), "[1,2,1,2]");
    EXPECT_EQ(found("$.a[?@<2 || @.b == \"k\"]", kFilters), R"([1,{"b":"k"}])");
    EXPECT_EQ(found("$.a[?match(@.b, \"[jk]\")]", kFilters), R"([{"b":"j"},{"b":"k"}])");
    EXPECT_EQ(found("$.a[?search(@.b, \"[jk]\")]", kFilters), R"([{"b":"j"},{"b":"k"},{"b":"kilo"}])");
    EXPECT_EQ(found("$.o[?@>1 && @<4]", kFilters), "[2,3]");
    EXPECT_EQ(found("$.o[?@.u || @.x]", kFilters), R"([{"u":6}])");
    EXPECT_EQ(found("$.a[?@.b == $.x]", kFilters), "[3,5,1,2,4,6]") << "nothing equals nothing";
    EXPECT_EQ(found("$.a[?@ == @]", kFilters), R"([3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}])");
    EXPECT_EQ(found("$.a[?!(@.b) && !(@ > 2)]", kFilters), "[1,2]");
    EXPECT_EQ(found("$.a[?length(@.b) == 4]", kFilters), R"([{"b":"kilo"}])");
    EXPECT_EQ(found("$[?count(@.*) == 5]", kFilters), R"([{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}])");
    EXPECT_EQ(found("$[?value(@..u) == 6]", kFilters), R"([{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}])");
    EXPECT_EQ(found("$.a[?search($.e, 'F')]", kFilters), "[]");
}

TEST(JsonPath, ComparesAsTheRfcSays) {
    const auto holds = [](std::string_view comparison) {
        const std::string path = "$[?" + std::string(comparison) + "]";
        return found(path, R"([{"obj":{"x":"y","z":[1,2]},"obj2":{"z":[1,2],"x":"y"},"arr":[2,3],"one":1,
                               "float":1.0,"big":9007199254740993,"max":18446744073709551615,"min":-9223372036854775808,
                               "é":"ü"}])") != "[]";
    };
    for (const std::string_view yes :
         {"@.no1 == @.no2",   "@.no1 <= @.no2",      "@.obj == @.obj2", "@.arr != @.obj",
          "1 <= 2",           "'a' <= 'b'",          "'a' < 'ab'",      "'z' < 'é'",
          "@.one == @.float", "@.one == 1e0",        "@.big < @.max",   "@.big > 9007199254740992",
          "@.min < 0",        "true <= true",        "true != false",   "null == null",
          "@.obj.z[1] == 2",  "@['é'] == '\\u00fc'", "-0 == 0",         "@.one === 1",
          "@.one !== '1'"}) {
        EXPECT_TRUE(holds(yes)) << yes;
    }
    for (const std::string_view no :
         {"@.no1 == 'g'", "@.no1 < 3", "1 > 2", "13 == '13'", "@.obj == @.arr", "1 <= @.arr",
          "@.obj <= @.arr", "true < false", "'é' < 'z'", "@.arr == @.obj.z", "null == 0"}) {
        EXPECT_FALSE(holds(no)) << no;
    }
}

// Section 2.3.4.3.
TEST(JsonPath, Slices) {
    constexpr std::string_view kLetters = R"(["a","b","c","d","e","f","g"])";
    EXPECT_EQ(found("$[1:3]", kLetters), R"(["b","c"])");
    EXPECT_EQ(found("$[5:]", kLetters), R"(["f","g"])");
    EXPECT_EQ(found("$[1:5:2]", kLetters), R"(["b","d"])");
    EXPECT_EQ(found("$[5:1:-2]", kLetters), R"(["f","d"])");
    EXPECT_EQ(found("$[::-1]", kLetters), R"(["g","f","e","d","c","b","a"])");
    EXPECT_EQ(found("$[-2:]", kLetters), R"(["f","g"])");
    EXPECT_EQ(found("$[:-5]", kLetters), R"(["a","b"])");
    EXPECT_EQ(found("$[::0]", kLetters), "[]");
    EXPECT_EQ(found("$[ 1 : 9007199254740991 : 9007199254740991 ]", kLetters), R"(["b"])");
    EXPECT_EQ(found("$[9007199254740991:-9007199254740991:-9007199254740991]", kLetters), R"(["g"])");
    EXPECT_EQ(found("$[1:3]", R"({"1":2})"), "[]");
}

TEST(JsonPath, NamesAndIndices) {
    EXPECT_EQ(found(R"($["a b"]['c\'d']["\u00e9\ud83d\ude00\n\/"])", R"({"a b":{"c'd":{"é😀\n/":1}}})"),
              "[1]");
    EXPECT_EQ(found("$['a','b','a']", R"({"b":2,"a":1})"), "[1,2,1]");
    EXPECT_EQ(found("$.größe_1", R"({"größe_1":5})"), "[5]");
    EXPECT_EQ(found("$[0][-1][9][-9]", "[[1]]"), "[]");
    EXPECT_EQ(found("$", "7"), "[7]");
    EXPECT_EQ(found("$ .a\n[ 'b' , 0 ]", R"({"a":{"b":1}})"), "[1]");
    EXPECT_EQ(found("$[*]", R"({"x":1,"y":[2]})"), "[1,[2]]");
    EXPECT_EQ(found("$..*", R"({"o":[1,{"k":2}]})"), R"([[1,{"k":2}],1,{"k":2},2])");
    EXPECT_EQ(found("$..[0]", "[[1],[[2]]]"), "[[1],1,[2],2]");
    EXPECT_EQ(found("$.a", R"({"a":1,"a":2})"), "[1]");
}

TEST(JsonPath, TakesWhatArtilleryUsersWrite) {
    EXPECT_EQ(found("id", R"({"id":5})"), "[5]");
    EXPECT_EQ(found("items[0].id", R"({"items":[{"id":5}]})"), "[5]");
    EXPECT_EQ(found(".id", R"({"id":5})"), "[5]");
    EXPECT_EQ(found("[0]", "[5]"), "[5]");
    EXPECT_EQ(found("*", "[5,6]"), "[5,6]");
    EXPECT_EQ(found("..id", R"([{"id":5}])"), "[5]");
    EXPECT_EQ(found(" $.id ", R"({"id":5})"), "[5]");
    EXPECT_EQ(found("$.data-id", R"({"data-id":5})"), "[5]");
    EXPECT_EQ(found("$.items.1", R"({"items":[4,5]})"), "[5]");
    EXPECT_EQ(found("$.items.1", R"({"items":{"1":5}})"), "[5]");
    EXPECT_EQ(found("$.items[(@.length-1)]", R"({"items":[4,5]})"), "[5]");
    EXPECT_EQ(found("$.items[( @.length - 2 )]", R"({"items":[4,5]})"), "[4]");
    EXPECT_EQ(found("$.items.length", R"({"items":[4,5]})"), "[2]");
    EXPECT_EQ(found("$.name.length", R"({"name":"é😀"})"), "[3]");
    EXPECT_EQ(found("$.items.length", R"({"items":{"length":9}})"), "[9]");
    EXPECT_EQ(found("$.items.length", R"({"items":{}})"), "[]");
    EXPECT_EQ(found("$[?(@.tags.length > 1)].id", R"([{"id":1,"tags":[1]},{"id":2,"tags":[1,2]},{"id":3}])"),
              "[2]");
    EXPECT_EQ(found("$[?(@.a == 'x' && @.b > 1)].b", R"([{"a":"x","b":1},{"a":"x","b":2},{"a":"y","b":3}])"),
              "[2]");
}

TEST(JsonPath, SaysWhereAndWhat) {
    EXPECT_EQ(fault(""), "character 1: found the end of the path, expected a path");
    EXPECT_EQ(fault("$."), "character 3: found the end of the path, expected a name or '*'");
    EXPECT_EQ(fault("$.é.!"), "character 5: found '!', expected a name or '*'");
    EXPECT_EQ(fault("$a"), "character 2: found 'a', expected '.', '..', '[' or the end of the path");
    EXPECT_EQ(fault("$[a]"),
              "character 3: found 'a', expected a name in quotes, an index, a slice, '*' or '?'");
    EXPECT_EQ(fault("$[0"), "character 4: found the end of the path, expected ',' or ']'");
    EXPECT_EQ(fault("$['a]"), "character 6: found the end of the path, expected a closing \"'\"");
    EXPECT_EQ(fault("$['\\x']"),
              "character 5: found 'x', expected one of \\ / b f n r t u or the quote around the text");
    EXPECT_EQ(fault("$['\\ud83d']"),
              "character 10: found ''', expected the second half of a surrogate pair before it");
    EXPECT_EQ(
        fault("$[\"\n\"]"),
        "character 4: found byte 10, expected a character of a text (control characters must be escaped)");
    EXPECT_EQ(fault("$[01]"),
              "character 3: found '0', expected a whole number without leading zeros, of at most 2^53-1");
    EXPECT_EQ(fault("$[9007199254740992]"),
              "character 3: found '9', expected a whole number without leading zeros, of at most 2^53-1");
    EXPECT_EQ(fault("$[(@.a)]"), "character 3: found '(', expected no script but (@.length-1)");
    EXPECT_EQ(
        fault("$[?]"),
        "character 4: found ']', expected '@', '$', a text in quotes, a number, true, false, null, or one of "
        "length(), count(), value(), match() and search()");
    EXPECT_EQ(fault("$[?(@.a]"), "character 8: found ']', expected '&&', '||' or ')'");
    EXPECT_EQ(fault("$[?@.a = 1]"), "character 8: found '=', expected ',' or ']'");
    EXPECT_EQ(fault("$[?1]"), "character 5: found ']', expected a comparison");
    EXPECT_EQ(fault("$[?length(@)]"), "character 13: found ']', expected a comparison");
    EXPECT_EQ(fault("$[?@.* == 1]"),
              "character 4: found '@', expected a path of names and indices only, to compare one value");
    EXPECT_EQ(fault("$[?match(@,'a') == true]"),
              "character 4: found 'm', expected a value: match() and search() are true or false already");
    EXPECT_EQ(fault("$[?count(1) > 0]"), "character 10: found '1', expected a path");
    EXPECT_EQ(fault("$[?match(@, '(?=a)')]"),
              "character 13: found ''', expected a regular expression (character 5: found '(?=', a "
              "look-ahead, which "
              "is not supported: matching takes linear time)");
    EXPECT_EQ(fault("$[?@.a == 1e999]"), "character 11: found '1', expected a number that a double can hold");
    EXPECT_EQ(fault("$.a\xFF"),
              "character 4: found byte 255, expected '.', '..', '[' or the end of the path");
}

TEST(JsonPath, KeepsItsLimits) {
    EXPECT_EQ(found("$[*]", "[1,2,3]", 2), "[1,2]");
    EXPECT_EQ(found("$..*", "[[1,2],[3]]", 3), "[[1,2],[3],1]");
    EXPECT_EQ(found("$[?count(@.*) > 2]", "[[1,2,3]]", 1), "[[1,2,3]]") << "the limit is for the answer only";
    std::string deep = "$";
    for (int i = 0; i < 40; ++i) deep += "[?@";
    EXPECT_EQ(fault(deep), "character 50: found '[', expected at most 32 levels of nesting");
    EXPECT_EQ(fault("$[?" + std::string(5000, '(')),
              "character 35: found '(', expected at most 32 levels of nesting");
    EXPECT_EQ(fault("$" + std::string(9000, ' ')), "found a path of 9001 bytes, allowed are 8192");
    std::string wide = "[0";
    for (int i = 0; i < 2000; ++i) wide += ",[1,2,3]";
    wide += "]";
    EXPECT_NE(found("$..*..*..*", wide), "") << "ends";
    EXPECT_EQ(found("$[?$..[?$..[?$..[?@ == 'x']]]]", wide), "[]") << "ends";
}

TEST(JsonPath, AnEmptyOneSelectsNothing) {
    JsonDocument document;
    const auto root = document.parse("[1]");
    ASSERT_TRUE(root);
    EXPECT_TRUE(JsonPath().select(*root).empty());
    EXPECT_TRUE(JsonPath().values(*root).empty());
}

// jsonpath-plus hands what is in the brackets to JavaScript; tests/interop/text compares with it.
TEST(JsonPath, FiltersInBracketsMayAskForTruth) {
    const auto found_true = [](std::string_view path, std::string_view json) {
        JsonDocument document;
        const auto root = document.parse(json);
        const auto compiled = JsonPath::compile(path, JsonPath::Tests::kTruth);
        std::string out;
        Value(compiled->values(*root)).append_json(out);
        return out;
    };
    constexpr std::string_view kFlags =
        R"([{"n":1,"f":true},{"n":2,"f":false},{"n":3},{"n":4,"f":0},{"n":5,"f":""},{"n":6,"f":null},{"n":7,"f":[]}])";
    EXPECT_EQ(found_true("$[?(@.f)].n", kFlags), "[1,7]");
    EXPECT_EQ(found_true("$[?(!@.f)].n", kFlags), "[2,3,4,5,6]");
    EXPECT_EQ(found_true("$[?@.f].n", kFlags), "[1,2,4,5,6,7]") << "RFC 9535: existence";
    EXPECT_EQ(found_true("$[?(@.f == false)].n", kFlags), "[2]");
    EXPECT_EQ(found("$[?(@.f)].n", kFlags), "[1,2,4,5,6,7]") << "unless asked for";
}

TEST(JsonPath, SaysWhetherItCanSelectSeveral) {
    for (const char* one : {"$.a", "$.a[0]['b']", "$", "$[(@.length-1)]", "a.b"})
        EXPECT_FALSE(JsonPath::compile(one)->selects_several()) << one;
    for (const char* several : {"$.*", "$..a", "$[0,1]", "$[1:]", "$[?(@.a)]", "$[*].id"})
        EXPECT_TRUE(JsonPath::compile(several)->selects_several()) << several;
}

}  // namespace
}  // namespace loadgen::text
