// What filtrex itself gives for the same expressions is asked in tests/interop/text_language.
#include "common/text/expression.hpp"

#include <gtest/gtest.h>

#include "language_fixture.hpp"
#include "tests/support/alloc_counter.hpp"

namespace loadgen::text {
namespace {

class Expressions : public Language {
  protected:
    Expression compiled(std::string_view text, DottedNames names = DottedNames::kPaths) {
        auto made = Expression::compile(text, slots_, functions(), names);
        EXPECT_TRUE(made) << text << ": " << (made ? "" : made.error().message);
        return made ? *made : Expression();
    }
    /// The result as JSON.
    std::string value(std::string_view text) {
        const Expression expression = compiled(text);
        const Value made = expression.evaluate(scope());
        EXPECT_EQ(expression.holds(scope()), made.truthy()) << text;
        return json_of(made);
    }
    std::string error(std::string_view text) {
        const auto made = Expression::compile(text, slots_, functions());
        return made ? "none" : made.error().message;
    }
    std::vector<std::string> reads(std::string_view text, DottedNames names = DottedNames::kPaths) {
        std::vector<std::string> found;
        const Expression expression = compiled(text, names);
        for (const Slot slot : expression.reads()) found.push_back(slots_.name(slot));
        return found;
    }
};

TEST_F(Expressions, Calculate) {
    set("n", Value(7.0));
    set("text", Value("5"));
    EXPECT_EQ(value("1 + 2 * 3 - 4 / 8"), "6.5");
    EXPECT_EQ(value("n % 4 + -n % 4"), "0");
    EXPECT_EQ(value("-7 mod 3"), "2");
    EXPECT_EQ(value("2 ^ 3 ^ 2"), "64") << "groups to the left";
    EXPECT_EQ(value("-2 ^ 2"), "4") << "the sign binds tighter";
    EXPECT_EQ(value("text * 2"), "10");
    EXPECT_EQ(value("text + 2"), "\"52\"");
    EXPECT_EQ(value("1e3 + .5"), "1000.5");
    EXPECT_EQ(value("missing + 1"), "null") << "NaN";
}

TEST_F(Expressions, Compare) {
    set("age", Value(20.0));
    set("kind", Value("gold"));
    set("list", parsed("[1,{\"a\":2}]"));
    EXPECT_EQ(value("age >= 18 and kind == \"gold\""), "true");
    EXPECT_EQ(value("age == \"20\" && kind !== 'age'"), "true");
    EXPECT_EQ(value("\"10\" < \"9\""), "true") << "texts as texts";
    EXPECT_EQ(value("\"10\" < 9"), "false");
    EXPECT_EQ(value("missing > 1 or missing < 1 or missing == 0 or missing == \"\""), "false");
    EXPECT_EQ(value("missing == null and list.gone == missing"), "true");
    EXPECT_EQ(value("list == list and list[1] != list and list != \"[1]\""), "true");
    EXPECT_EQ(value("kind ~= \"^g.ld$\" and not (kind ~= \"^x\")"), "true");
    EXPECT_EQ(value("age ~= \"\\d+\""), "true");
    EXPECT_EQ(value("kind ~= \"^\" + kind"), "true") << "+ binds tighter";
}

TEST_F(Expressions, JoinConditions) {
    set("a", Value("x"));
    set("b", Value(""));
    EXPECT_EQ(value("a and a"), "true") << "texts are as true as in JavaScript; filtrex has NaN here";
    EXPECT_EQ(value("a and b"), "false");
    EXPECT_EQ(value("b or a"), "true");
    EXPECT_EQ(value("not b"), "true");
    EXPECT_EQ(value("!a || !b"), "true");
    EXPECT_EQ(value("not a == b"), "true") << "(not a) == b, as filtrex: false and an empty text are equal";
    EXPECT_EQ(value("true or 1 and 0"), "true") << "and binds tighter";
    EXPECT_EQ(value("a ? 1 : b ? 2 : 3"), "1");
    EXPECT_EQ(value("b ? 1 : b ? 2 : 3"), "3");
    EXPECT_EQ(value("b ? 1 : null"), "null");
}

TEST_F(Expressions, LookIntoLists) {
    set("n", Value(2.0));
    set("s", Value("2"));
    set("list", parsed(R"([1,2,"x"])"));
    EXPECT_EQ(value("n in (1, 2) and s in (1, 2) and n in (\"2\", 5)"), "true");
    EXPECT_EQ(value("n in (1, 3) or n not in (2)"), "false");
    EXPECT_EQ(value("\"x\" in list and 2 in list and \"y\" not in list"), "true");
    EXPECT_EQ(value("(1, \"x\") in list"), "true") << "all of them";
    EXPECT_EQ(value("(1, \"z\") in list"), "false");
    EXPECT_EQ(value("n + 1 in (n, 3)"), "true");
    EXPECT_EQ(value("n in (1) == 1"), "false") << "(n in (1)) == 1";
    EXPECT_EQ(value("missing in (1, \"a\")"), "false");
    EXPECT_EQ(value("(1, (2, n))"), "[1,[2,2]]");
}

TEST_F(Expressions, ReachMembers) {
    set("user", parsed(R"({"name":"Ada","tags":["a","b"],"deep er":{"x":1},"n":1})"));
    set("a.b", Value("whole"));
    set("key", Value("name"));
    EXPECT_EQ(value("user.tags[user.n]"), "\"b\"");
    EXPECT_EQ(value("user.tags.1"), "\"b\"");
    EXPECT_EQ(value("user[key] + user.tags.length"), "\"Ada2\"");
    EXPECT_EQ(value("user[\"deep er\"].x"), "1");
    EXPECT_EQ(value("x of user[\"deep er\"]"), "1");
    EXPECT_EQ(value("'deep er' of user"), "{\"x\":1}");
    EXPECT_EQ(value("(user).tags[0]"), "\"a\"");
    EXPECT_EQ(value("a.b"), "\"whole\"");
    EXPECT_EQ(value("'a.b'"), "\"whole\"");
    EXPECT_EQ(value("'user.name'"), "undefined") << "a quoted name stands for itself";
    EXPECT_EQ(value("user.tags[0.5]"), "undefined");
    EXPECT_EQ(value("user.tags[-1]"), "undefined");
    EXPECT_EQ(value("gone.a[0].b"), "undefined");
    EXPECT_EQ(value("$env.HOME"), "undefined");
}

TEST_F(Expressions, CallFunctions) {
    set("x", Value("abc"));
    EXPECT_EQ(value("max(1, \"5\", -2) + min(4, 2) + abs(-1) + floor(1.9) + ceil(0.1) + sqrt(16)"), "14");
    EXPECT_EQ(value("round(2.5) + round(-2.5)"), "1");
    EXPECT_EQ(value("round(0.49999999999999994)"), "0");
    EXPECT_EQ(value("length(x) + length((1, 2)) + log(1) + log10(100) + log2(8)"), "10");
    EXPECT_EQ(value("exists(x) and not exists(gone) and empty(\"\") and empty(gone) and not empty(x)"),
              "true");
    EXPECT_EQ(value("mod(-1, 3)"), "2");
    EXPECT_EQ(value("$echo(1, x, gone)"), R"("[1,\"abc\",null]")");
    EXPECT_EQ(value("random(0)"), "0");
    EXPECT_EQ(value("random() < 1"), "true");
}

TEST_F(Expressions, QuotedTextsKnowFewEscapes) {
    EXPECT_EQ(value(R"("a\"b\\c\nd\d")"), R"("a\"b\\c\nd\\d")");
    set("it's", Value(1.0));
    EXPECT_EQ(value(R"('it\'s')"), "1");
    set("and", Value(2.0));
    EXPECT_EQ(value("'and' + 1"), "3");
}

TEST_F(Expressions, ReadEachVariableOnce) {
    EXPECT_EQ(reads("a.x + b[c] + a.y + 'd e' + max(f, a)"),
              (std::vector<std::string>{"a", "b", "c", "d e", "f"}));
    EXPECT_EQ(reads("http.response_time.p99 < 5", DottedNames::kWhole),
              (std::vector<std::string>{"http.response_time.p99"}));
    EXPECT_TRUE(reads("true and \"x\" == null").empty());
}

TEST_F(Expressions, ErrorsSayWhereAndWhat) {
    EXPECT_EQ(error(""), "character 1: found the end, expected a value or a variable");
    EXPECT_EQ(error("a ="), "character 3: found '=', expected a value, a variable or an operator");
    EXPECT_EQ(error("a >"), "character 4: found the end, expected a value or a variable");
    EXPECT_EQ(error("a b"), "character 3: found 'b', expected an operator");
    EXPECT_EQ(error("\"\u00e9\" == \"b\" \"c\""), "character 12: found '\"c\"', expected an operator");
    EXPECT_EQ(error("(a"), "character 3: found the end, expected an operator, ',' or ')'");
    EXPECT_EQ(error("a)"), "character 2: found ')', expected an operator or the end");
    EXPECT_EQ(error("a[1"), "character 4: found the end, expected an operator or ']'");
    EXPECT_EQ(error("a ? b"), "character 6: found the end, expected an operator or ':'");
    EXPECT_EQ(error("a not 1"), "character 7: found '1', expected 'in' behind 'not'");
    EXPECT_EQ(error("and b"), "character 1: found 'and', expected a value or a variable");
    EXPECT_EQ(error("a == .b"), "character 6: found '.b', expected a value or a variable");
    EXPECT_EQ(error("()"), "character 2: found ')', expected a value or a variable");
    EXPECT_EQ(error("\"abc"), "character 1: found a text without its closing '\"'");
    EXPECT_EQ(error("'abc"), "character 1: found a name without its closing \"'\"");
    EXPECT_EQ(error("a. == 1"),
              "character 2: found '.' at the end of a name, expected a member's name behind it");
    EXPECT_EQ(error("12ab"), "character 3: found 'ab', expected an operator");
    EXPECT_EQ(error("1e999"), "character 1: found a number that no double can hold");
    EXPECT_EQ(error("max()"), "character 1: max is given 0 arguments: max(x, …): the largest");
    EXPECT_EQ(error("1 + maxx(1)"), "character 5: unknown function maxx; did you mean max?");
    EXPECT_EQ(error("echo(1)"), "character 1: unknown function echo; did you mean $echo?");
    EXPECT_EQ(error("$ecko(1)"), "character 1: unknown function $ecko; did you mean $echo?");
    EXPECT_EQ(error("$pair(1,)"), "character 9: found ')', expected a value or a variable");
    EXPECT_EQ(error("a ~= \"(\"").substr(0, 40), "character 6: in the pattern, character 1");
    EXPECT_EQ(error("@"), "character 1: found '@', expected a value, a variable or an operator");
}

TEST_F(Expressions, HaveLimits) {
    EXPECT_EQ(error(std::string(20'000, '1')), "longer than 16384 bytes");
    EXPECT_EQ(error(std::string(150, '(') + "1").substr(0, 14), "character 101:");
    EXPECT_EQ(error(std::string(150, '-') + "1").substr(0, 14), "character 101:");
    std::string chain = "1";
    for (int i = 0; i < 900; ++i) chain += "+a";
    EXPECT_EQ(error(chain), "none");
    for (int i = 0; i < 900; ++i) chain += "+a";
    EXPECT_NE(error(chain).find("longer than 1000 operators in a row"), std::string::npos);
}

TEST_F(Expressions, APatternThatIsMadeMayBeWrong) {
    set("p", Value("("));
    EXPECT_EQ(value("\"x\" ~= p"), "false");
    EXPECT_EQ(context_.fault.substr(0, 19), "the pattern of ~=: ");
}

TEST_F(Expressions, NumericWorkDoesNotAllocate) {
    set("user", parsed(R"({"age":33,"name":"a name that is longer than a short one"})"));
    set("n", Value(3.0));
    const Expression expression = compiled(
        "user.age * 2 + n >= 18 and user.name == \"a name that is longer than a short one\" and "
        "n in (1, 2, 3) and max(n, 4) < 5 and user.name ~= \"longer\" ? n : 0");
    EXPECT_TRUE(expression.holds(scope()));  // RE2 makes its automaton now
    const test::AllocationScope allocations;
    EXPECT_TRUE(expression.holds(scope()));
    EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace loadgen::text
