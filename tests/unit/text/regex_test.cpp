#include "common/text/regex.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::text {
namespace {

/// Group 0 and all others of the first match, "-" for those that took no part; "none" without a match.
std::string found(std::string_view pattern, std::string_view text, std::string_view flags = "") {
    const auto regex = Regex::compile(pattern, flags);
    if (!regex) return regex.error().message;
    const auto match = regex->search(text);
    EXPECT_EQ(match.has_value(), regex->matches(text)) << pattern;
    if (!match) return "none";
    std::string out;
    for (const auto& group : match->groups) {
        if (!out.empty()) out += '|';
        out += group.set ? std::string(group.text) : "-";
    }
    return out;
}

std::string fault(std::string_view pattern, std::string_view flags = "") {
    const auto regex = Regex::compile(pattern, flags);
    return regex ? "" : regex.error().message;
}

// What RegExp of JavaScript gives for the same pattern, text and flags; tests/interop/text asks it for more.
TEST(Regex, MatchesAsJavaScript) {
    EXPECT_EQ(found("b+", "abbbc"), "bbb");
    EXPECT_EQ(found("(a)|(b)", "xb"), "b|-|b");
    EXPECT_EQ(found("\"id\":\\s*\"([^\"]+)\"", R"({"id": "x-1"})"), "\"id\": \"x-1\"|x-1");
    EXPECT_EQ(found("a.c", "a\nc"), "none");
    EXPECT_EQ(found("a.c", "a\rc"), "none");
    EXPECT_EQ(found("a.c", "a\u2028c"), "none");
    EXPECT_EQ(found("a.c", "a\nc", "s"), "a\nc");
    EXPECT_EQ(found("^b$", "a\nb\nc"), "none");
    EXPECT_EQ(found("^b$", "a\nb\nc", "m"), "b");
    EXPECT_EQ(found("b$", "b\n"), "none") << "the end is the end, not before a last line break";
    EXPECT_EQ(found("straße", "STRASSE STRAßE", "i"), "STRAßE");
    EXPECT_EQ(found("a+?", "aaa"), "a");
    EXPECT_EQ(found("a{2,3}", "aaaa"), "aaa");
    EXPECT_EQ(found("a{2}?", "aaaa"), "aa");
    EXPECT_EQ(found("<(.*?)>", "<a><b>"), "<a>|a");
    EXPECT_EQ(found("\\bcat\\b", "concat cat"), "cat");
    EXPECT_EQ(found("x*", ""), "");
}

TEST(Regex, KnowsEscapes) {
    EXPECT_EQ(found("\\/a\\/", "/a/"), "/a/");
    EXPECT_EQ(found("\\u00e9\\x41\\t\\cJ\\0", std::string_view("\u00e9A\t\n\0", 6)),
              std::string("\u00e9A\t\n\0", 6));
    EXPECT_EQ(found("\\ud83d\\ude00", "😀"), "😀");
    EXPECT_EQ(found("\\u{1F600}", "😀", "u"), "😀");
    EXPECT_EQ(found("^.$", "😀"), "😀");
    EXPECT_EQ(found("\\s+", "a\v\u00a0\u3000\ufeffb"), "\v\u00a0\u3000\ufeff");
    EXPECT_EQ(found("\\S+", "\u00a0\u2003é€\u2029"), "é€");
    EXPECT_EQ(found("[\\s,]+", "a,\u00a0\t,b"), ",\u00a0\t,");
    EXPECT_EQ(found("[^\\S,]+", "a, \t,b"), " \t");
    EXPECT_EQ(found("\\d+\\D\\w+\\W", "٣ 12-a_9!"), "12-a_9!");
    EXPECT_EQ(found("\\-\\_\\e\\.\\{", "-_e.{"), "-_e.{");
    EXPECT_EQ(found("\\p{Lu}\\p{Letter}\\P{L}", "aÄß1", "u"), "Äß1");
    EXPECT_EQ(found("\\p{Script=Greek}+", "abγδ", "u"), "γδ");
}

TEST(Regex, KnowsClasses) {
    EXPECT_EQ(found("[a-c\\-]+", "xa-cb"), "a-cb");
    EXPECT_EQ(found("[-a]+", "b-a"), "-a");
    EXPECT_EQ(found("[a-]+", "b-a"), "-a");
    EXPECT_EQ(found("[\\w-.]+", "=a-b.c="), "a-b.c");
    EXPECT_EQ(found("[^]]", "a]"), "a]") << "[^] is any character";
    EXPECT_EQ(found("[]", "a]"), "none");
    EXPECT_EQ(found("[[:alpha:]]", "z]"), "none") << "no class of POSIX: one of [:alph, then ]";
    EXPECT_EQ(found("[[:alpha:]]", "h]"), "h]");
    EXPECT_EQ(found("[\\b]", "a\b"), "\b");
    EXPECT_EQ(found("[.*+?()|^$]+", "a^$(.)b"), "^$(.)");
    EXPECT_EQ(found("[\\]\\\\]+", "a]\\b"), "]\\");
    EXPECT_EQ(found("[α-ω]+", "aβγz"), "βγ");
    EXPECT_EQ(found("[K]", "k", "i"), "k");
}

TEST(Regex, TakesBracesForThemselves) {
    EXPECT_EQ(found("{\"a\":{", R"(x{"a":{)"), R"({"a":{)");
    EXPECT_EQ(found("{{(\\w+)}}", "a {{b}}"), "{{b}}|b");
    EXPECT_EQ(found("a{,5}", "a{,5}"), "a{,5}");
    EXPECT_EQ(found("a{1,b}", "a{1,b}"), "a{1,b}");
    EXPECT_EQ(found("]}", "]}"), "]}");
}

TEST(Regex, NamesGroups) {
    const auto regex = Regex::compile("(x)(?<id>\\d+)-(?<größe>[a-z]+)");
    ASSERT_TRUE(regex) << regex.error().message;
    EXPECT_EQ(regex->groups(), 3U);
    EXPECT_EQ(regex->group("id"), 2U);
    EXPECT_EQ(regex->group("größe"), 3U);
    EXPECT_EQ(regex->group("other"), std::nullopt);
    EXPECT_EQ(regex->search("x12-ab")->groups[2].text, "12");
}

TEST(Regex, NamesWhatItCannotDo) {
    const std::string why = ", which is not supported: matching takes linear time";
    EXPECT_EQ(fault("a(?=b)"), "character 2: found '(?=', a look-ahead" + why);
    EXPECT_EQ(fault("a(?!b)"), "character 2: found '(?!', a look-ahead" + why);
    EXPECT_EQ(fault("é(?<=b)c"), "character 2: found '(?<=', a look-behind" + why);
    EXPECT_EQ(fault("(?<!b)c"), "character 1: found '(?<!', a look-behind" + why);
    EXPECT_EQ(fault("(a)\\1"), "character 4: found '\\1', a back-reference" + why);
    EXPECT_EQ(fault("(?<n>a)\\k<n>"), "character 8: found '\\k', a back-reference" + why);
    EXPECT_EQ(Regex::compile("(a)\\1").error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(fault("\\p{Emoji}", "u"),
              "found a pattern that is not supported: invalid character class range: \\p{Emoji}");
}

TEST(Regex, SaysWhereAndWhat) {
    EXPECT_EQ(fault("(a"), "character 1: found '(', expected a closing ')'");
    EXPECT_EQ(fault("a)"), "character 2: found ')', expected a '(' before it");
    EXPECT_EQ(fault("a[b"), "character 2: found '[', expected a closing ']'");
    EXPECT_EQ(fault("[z-a]"), "character 2: found 'z-a', expected the smaller character first");
    EXPECT_EQ(fault("*a"), "character 1: found '*', expected something to repeat before it");
    EXPECT_EQ(fault("a**"), "character 3: found '*', expected something to repeat before it");
    EXPECT_EQ(fault("(?:+)"), "character 4: found '+', expected something to repeat before it");
    EXPECT_EQ(fault("a{3,2}"), "character 2: found '{3,2}', expected the smaller number first");
    EXPECT_EQ(fault("a{1001}"), "character 2: found '{1001}', expected at most 1000 repetitions");
    EXPECT_EQ(fault("a{99999999999999999999}"),
              "character 2: found '{99999999999999999999}', expected at most 1000 repetitions");
    EXPECT_EQ(fault("a\\"), "character 3: found the end of the pattern, expected a character after '\\'");
    EXPECT_EQ(fault("\\xg1"), "character 1: found '\\x', expected 2 hexadecimal digits after it");
    EXPECT_EQ(fault("\\u12"), "character 1: found '\\u', expected 4 hexadecimal digits after it");
    EXPECT_EQ(fault("\\ud83dx"),
              "character 1: found '\\ud83d', expected a whole character (both halves of a surrogate pair)");
    EXPECT_EQ(fault("\\u{1F600}"),
              "character 1: found '\\u{', expected the flag u, without which it does not mean a character");
    EXPECT_EQ(fault("\\u{110000}", "u"),
              "character 1: found '\\u{', expected the number of a character and '}'");
    EXPECT_EQ(fault("\\p{L}"),
              "character 1: found '\\p', expected the flag u, without which it does not mean a property");
    EXPECT_EQ(fault("(?i)a"),
              "character 1: found '(?i', expected (, (?: or (?<name> (flags stand behind the pattern)");
    EXPECT_EQ(fault("(?<>a)"), "character 4: found '>', expected a name and '>'");
    EXPECT_EQ(fault("(?<a>x)(?<a>y)"), "character 11: found 'a', expected a name that no other group has");
    EXPECT_EQ(fault("[\\1]"), "character 2: found '\\1', expected \\x and two hexadecimal digits");
    EXPECT_EQ(fault("\\01"), "character 1: found '\\01', expected \\x and two hexadecimal digits");
    EXPECT_EQ(fault("a\xFF"), "character 2: found 'byte 255', expected UTF-8");
    EXPECT_EQ(fault("a", "gx"), "flags: found 'x', expected g, i, m, s, u or y, each once");
    EXPECT_EQ(fault("a", "gig"), "flags: found 'g' twice, expected g, i, m, s, u or y, each once");
}

TEST(Regex, KeepsItsLimits) {
    EXPECT_EQ(fault(std::string(20'000, 'a')), "found a pattern of 20000 bytes, allowed are 16384");
    EXPECT_EQ(fault("((((a{100}){100}){100}){100})"),
              "found a pattern that needs more than 4 MiB, expected fewer or smaller repetitions");
    EXPECT_EQ(found(std::string(4000, '(') + "a" + std::string(4000, ')'), "ba").substr(0, 3), "a|a");
}

TEST(Regex, TakesLinearTimeOnEveryText) {
    const auto regex = Regex::compile("^(a+)+$|(x+x+)+y");
    ASSERT_TRUE(regex);
    EXPECT_FALSE(regex->matches(std::string(300'000, 'a') + "b"));
    EXPECT_FALSE(regex->matches(std::string(300'000, 'x')));
}

TEST(Regex, BytesThatAreNoTextMatchNothing) {
    EXPECT_EQ(found("a(.)c",
                    "a\xFF"
                    "c abc"),
              "abc|b");
    EXPECT_EQ(found("\\S", "\xFF\xFE"), "none");
}

TEST(Regex, CopiesShare) {
    const Regex nothing;
    EXPECT_FALSE(nothing.matches(""));
    EXPECT_FALSE(nothing.search("a"));
    auto regex = Regex::compile("a");
    ASSERT_TRUE(regex);
    const Regex copy = *regex;
    EXPECT_TRUE(copy.matches("a"));
}

}  // namespace
}  // namespace loadgen::text
