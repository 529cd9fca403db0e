#include "common/text/yaml.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace loadgen::text {
namespace {

std::string json(std::string_view yaml) {
    const YamlResult result = parse_yaml(yaml, "f.yml");
    if (!result.ok) return result.findings.empty() ? "no finding" : to_text(result.findings.front());
    std::string out;
    to_value(result.root).append_json(out);
    return out;
}

/// All findings, one a line.
std::string findings(std::string_view yaml, const YamlLimits& limits = {}) {
    std::string out;
    for (const Finding& finding : parse_yaml(yaml, "f.yml", limits).findings) out += to_text(finding) + "\n";
    return out;
}

TEST(Yaml, ReadsAScript) {
    EXPECT_EQ(
        json("config:\n  target: http://127.0.0.1:8080\n  phases:\n    - duration: 60\n      arrivalRate: 5\n"
             "scenarios:\n  - flow:\n      - get: {url: \"/a\"}\n      - think: 1.5\n      - log: |\n        "
             "  two\n"
             "          lines\n"),
        R"({"config":{"target":"http://127.0.0.1:8080","phases":[{"duration":60,"arrivalRate":5}]},)"
        R"("scenarios":[{"flow":[{"get":{"url":"/a"}},{"think":1.5},{"log":"two\nlines\n"}]}]})");
}

TEST(Yaml, KnowsTheCoreSchema) {
    EXPECT_EQ(json("[null, Null, NULL, ~, '', \"null\"]"), R"([null,null,null,null,"","null"])");
    EXPECT_EQ(json("[true, True, TRUE, false, False, FALSE, tRUE, 'true']"),
              R"([true,true,true,false,false,false,"tRUE","true"])");
    EXPECT_EQ(json("[0, -1, +2, 0o17, 0x1F, 12345678901234567890]"), "[0,-1,2,15,31,12345678901234567000]");
    EXPECT_EQ(json("[1., .5, -0.5e-3, 1e3, 1E+2, +.5]"), "[1,0.5,-0.0005,1000,100,0.5]");
    EXPECT_EQ(json("[., 1e, e5, 0x, 0xg, 0o8, -0x1, 1.2.3, 1 2, --1, .5.]"),
              R"([".","1e","e5","0x","0xg","0o8","-0x1","1.2.3","1 2","--1",".5."])");
    EXPECT_EQ(json("[!!str 12, !!int '12', !!float \"1.5\", !!bool 'true', !!null '', !!str ]"),
              R"(["12",12,1.5,true,null,""])");
    const YamlResult special = parse_yaml("[.inf, -.Inf, +.INF, .nan, .NaN, 1e999, -1e999, 1e-999]", "f.yml");
    ASSERT_TRUE(special.ok);
    const Value values = to_value(special.root);
    EXPECT_EQ(values.elements()[0].number(), HUGE_VAL);
    EXPECT_EQ(values.elements()[1].number(), -HUGE_VAL);
    EXPECT_EQ(values.elements()[2].number(), HUGE_VAL);
    EXPECT_TRUE(std::isnan(values.elements()[3].number()));
    EXPECT_TRUE(std::isnan(values.elements()[4].number()));
    EXPECT_EQ(values.elements()[5].number(), HUGE_VAL);
    EXPECT_EQ(values.elements()[6].number(), -HUGE_VAL);
    EXPECT_EQ(values.elements()[7].number(), 0);
}

TEST(Yaml, ReadsEmptyTexts) {
    for (const std::string_view text : {"", "\n\n", "# nothing\n", "---\n", "--- ~\n...\n", "\xEF\xBB\xBF"}) {
        EXPECT_EQ(json(text), "null") << text;
    }
    const YamlResult result = parse_yaml("a:\nb: 1\n", "f.yml");
    ASSERT_TRUE(result.ok);
    ASSERT_NE(result.root.find("a"), nullptr);
    EXPECT_EQ(result.root.find("a")->kind, YamlNode::Kind::kNull);
    EXPECT_EQ(result.root.find("a")->mark, (Mark{1, 1}));
    EXPECT_EQ(result.root.find("c"), nullptr);
}

TEST(Yaml, MarksPointToTheirText) {
    const YamlResult result = parse_yaml(
        "# first\r\ngr\u00fc\u00dfe: {a: \"\u20ac\", b: [1, x]}\r\nlast:\r\n  - deep: y\r\n", "f.yml");
    ASSERT_TRUE(result.ok) << to_text(result.findings.front());
    const YamlMember& first = result.root.members[0];
    EXPECT_EQ(first.key_mark, (Mark{2, 1}));
    EXPECT_EQ(first.value.mark, (Mark{2, 8}));
    EXPECT_EQ(first.value.find("a")->mark, (Mark{2, 12}));
    EXPECT_EQ(first.value.members[1].key_mark, (Mark{2, 17}));
    EXPECT_EQ(first.value.find("b")->items[1].mark, (Mark{2, 24}));
    EXPECT_EQ(result.root.find("last")->items[0].find("deep")->mark, (Mark{4, 11}));
}

TEST(Yaml, KnowsEveryEscape) {
    EXPECT_EQ(json(R"(["\0\a\b\t\n\v\f\r\e\"\\ \/", "é\N\_\L\P.\_", "\xe9\u20ac\U0001F600"])"),
              "[\"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001b\\\"\\\\ /\","
              "\"é\u0085\u00a0\u2028\u2029.\u00a0\",\"é€😀\"]");
}

TEST(Yaml, KnowsQuotesFromPlainText) {
    const YamlResult result = parse_yaml("[5, '5', \"5\", !!str 5]", "f.yml");
    ASSERT_TRUE(result.ok);
    EXPECT_TRUE(result.root.items[0].plain);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_FALSE(result.root.items[i].plain) << i;
}

TEST(Yaml, TakesQuestionMarksInsideBraces) {
    EXPECT_EQ(
        json("- get: {url: /a?b=c, q: what?, k?: [x?, ?y, a ? b]}\n- ? key\n  : v?\n- {? key : \"?\"} # ?\n"),
        R"([{"get":{"url":"/a?b=c","q":"what?","k?":["x?","?y","a ? b"]}},{"key":"v?"},{"key":"?"}])");
    EXPECT_EQ(findings("a: {url: /a?b=c ]\n"),
              "f.yml:1:17: found \"]\", expected no ']' or '}' where no '[' or '{' is open\n");
}

TEST(Yaml, FollowsAliases) {
    EXPECT_EQ(json("a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n"),
              R"({"a":{"k":[1,2]},"b":{"k":[1,2]},"c":[{"k":[1,2]},{"k":[1,2]}]})");
    EXPECT_EQ(json("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), R"({"a":1,"b":1,"c":2,"d":2})");
    EXPECT_EQ(json("a: &k name\n*k : 1\n"), R"({"a":"name","name":1})");
}

TEST(Yaml, FollowsMergeKeys) {
    const std::string base = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\n";
    const std::string seen = R"({"base":{"x":1,"y":2},"more":{"y":3,"z":4},)";
    EXPECT_EQ(json(base + "r:\n  <<: *b\n  q: 0\n"), seen + R"("r":{"x":1,"y":2,"q":0}})");
    EXPECT_EQ(json(base + "r: {q: 0, <<: *b, y: 9}\n"), seen + R"("r":{"q":0,"x":1,"y":9}})");
    EXPECT_EQ(json(base + "r: {y: 9, <<: *b}\n"), seen + R"("r":{"y":9,"x":1}})");
    EXPECT_EQ(json(base + "r: {<<: [*b, *m]}\n"), seen + R"("r":{"x":1,"y":2,"z":4}})");
    EXPECT_EQ(json(base + "r: {<<: *m, <<: *b}\n"), seen + R"("r":{"y":3,"z":4,"x":1}})");
    EXPECT_EQ(json(base + "r: {<<: {in: line}}\n"), seen + R"("r":{"in":"line"}})");
    EXPECT_EQ(json(base + "r: {\"<<\": *b}\n"), seen + R"("r":{"<<":{"x":1,"y":2}}})");
    EXPECT_EQ(json("a: &a {k: 1}\nb: &b {<<: *a, l: 2}\nc: {<<: *b, k: 3}\n"),
              R"({"a":{"k":1},"b":{"k":1,"l":2},"c":{"k":3,"l":2}})");
}

TEST(Yaml, MergedMembersKeepTheirMarks) {
    const YamlResult result = parse_yaml("a: &a\n  k: v\nb:\n  <<: *a\n", "f.yml");
    ASSERT_TRUE(result.ok);
    EXPECT_EQ(result.root.find("b")->members[0].key_mark, (Mark{2, 3}));
    EXPECT_EQ(result.root.find("b")->members[0].value.mark, (Mark{2, 6}));
}

TEST(Yaml, FindsEveryDuplicateKey) {
    const std::string_view text =
        "config:\n  target: a\n  phases:\n    - {duration: 1, duration: 2}\n  target: b\n"
        "  target: c\n\"a b\": {x: 1, x: 2}\n";
    EXPECT_EQ(
        findings(text),
        "f.yml:4:21: config.phases[0].duration: found this key again, it stands in line 4 already: a key may "
        "stand once in a map\n"
        "f.yml:5:3: config.target: found this key again, it stands in line 2 already: a key may stand once "
        "in "
        "a map\n"
        "f.yml:6:3: config.target: found this key again, it stands in line 2 already: a key may stand once "
        "in "
        "a map\n"
        "f.yml:7:15: [\"a b\"].x: found this key again, it stands in line 7 already: a key may stand once in "
        "a "
        "map\n");
    const YamlResult result = parse_yaml(text, "f.yml");
    EXPECT_FALSE(result.ok);
    ASSERT_NE(result.root.find("config"), nullptr) << "the rest can still be checked";
    EXPECT_EQ(result.root.find("config")->find("target")->scalar, "a");
    // Told once, however often an alias repeats it; and beyond the few that are compared one by one.
    EXPECT_EQ(findings("a: &a {x: 1, x: 2}\nb: *a\nc: {<<: *a}\n"),
              "f.yml:1:14: a.x: found this key again, it stands in line 1 already: a key may stand once in a "
              "map\n");
    std::string many;
    for (int i = 0; i < 100; ++i) many += "k" + std::to_string(i) + ": 1\n";
    EXPECT_EQ(findings(many + "k3: 2\n"),
              "f.yml:101:1: k3: found this key again, it stands in line 4 already: a key may stand once in a "
              "map\n");
}

TEST(Yaml, KeysAreTexts) {
    EXPECT_EQ(
        findings("url: {{ host }}\n"),
        "f.yml:1:7: url: found a map as a key, expected a text (a text that begins with {{ has to stand in "
        "quotes)\n");
    EXPECT_EQ(findings("a:\n  ? [1, 2]\n  : x\n"), "f.yml:2:5: a: found a list as a key, expected a text\n");
    EXPECT_EQ(findings("a: {: x}\n"), "f.yml:1:5: a: found nothing as a key, expected a text\n");
    EXPECT_EQ(json("{200: ok, true: yes sir, null: n, ~: t, 1.5: f}"),
              R"({"200":"ok","true":"yes sir","null":"n","~":"t","1.5":"f"})");
}

TEST(Yaml, MergesOnlyMaps) {
    EXPECT_EQ(findings("a: {<<: 5}\n"),
              "f.yml:1:9: a: found a text after <<, expected a map or a list of maps\n");
    EXPECT_EQ(findings("a: {<<: [{b: 1}, []]}\n"),
              "f.yml:1:18: a: found a list after <<, expected a map or a list of maps\n");
    EXPECT_EQ(findings("a:\n  <<:\n  b: 1\n"),
              "f.yml:2:3: a: found nothing after <<, expected a map or a list of maps\n");
}

TEST(Yaml, RefusesCyclesAndBombs) {
    EXPECT_EQ(findings("a: &a [1, *a]\n"),
              "f.yml:1:11: a[1]: found an alias to a value that contains it, expected one from elsewhere\n");
    EXPECT_EQ(findings("a: &a {<<: *a}\n"),
              "f.yml:1:12: a: found an alias to a value that contains it, expected one from elsewhere\n");
    EXPECT_EQ(findings("a: &a [{<<: *a}]\n").substr(0, 6), "f.yml:");
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int k = 0; k < 9; ++k) bomb += before + ", ";
        bomb += "]\n";
    }
    EXPECT_NE(
        findings(bomb).find("found more values than the 200000 that are allowed once aliases are followed"),
        std::string::npos);
    std::string chain = "a0: &a0 {k: 1}\n";
    for (int i = 1; i < 2000; ++i) {
        chain +=
            "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {<<: *a" + std::to_string(i - 1) + "}\n";
    }
    EXPECT_NE(findings(chain).find("found more levels of nesting than the 100 that are allowed"),
              std::string::npos);
    std::string wide = "t: &t \"" + std::string(100'000, 'x') + "\"\nl: [";
    for (int i = 0; i < 1000; ++i) wide += "*t,";
    EXPECT_NE(findings(wide + "]")
                  .find("found more text than the 16777216 bytes that are allowed once aliases are "
                        "followed"),
              std::string::npos);
}

TEST(Yaml, KeepsItsLimits) {
    EXPECT_EQ(findings("abc", {.max_bytes = 2}), "f.yml: found 3 bytes, allowed are 2\n");
    EXPECT_EQ(findings("[1, 2, 3]", {.max_nodes = 4}), "");
    EXPECT_EQ(findings("[1, 2, 3]", {.max_nodes = 3}),
              "f.yml:1:8: found more values than the 3 that are allowed\n");
    EXPECT_EQ(findings("- 1\n- 2\n- 3\n", {.max_nodes = 3}),
              "f.yml:3:3: found more values than the 3 that are allowed\n");
    EXPECT_EQ(findings("[[x]]", {.max_depth = 3}), "");
    EXPECT_EQ(findings("[[x]]", {.max_depth = 2}),
              "f.yml:1:3: found more levels of nesting than the 2 that are allowed\n");
    for (const std::string_view opening : {"[", "{", "[{", "- ", "? ", "a: {"}) {
        std::string deep;
        while (deep.size() < 100'000) deep += opening;
        EXPECT_FALSE(parse_yaml(deep, "f.yml").ok) << opening;
    }
}

TEST(Yaml, WarnsWhereYaml11ReadsSomethingElse) {
    const auto warning = [](std::string_view scalar) {
        const std::string text = findings("a: " + std::string(scalar) + "\n");
        const std::string prefix = "f.yml:1:4: warning: a: \"" + std::string(scalar) + "\" ";
        if (text.empty()) return text;
        EXPECT_TRUE(text.starts_with(prefix)) << text;
        return text.substr(prefix.size(), text.size() - prefix.size() - 1);
    };
    const std::string boolean =
        "is a text here, but a boolean in YAML 1.1: write true or false, or put it in quotes";
    for (const std::string_view word : {"yes", "No", "ON", "off"}) EXPECT_EQ(warning(word), boolean) << word;
    EXPECT_EQ(warning("017"),
              "is a decimal number here, but octal in YAML 1.1: leave the zeros out, or put it in quotes");
    EXPECT_EQ(warning("089"),
              "is a decimal number here, but a text in YAML 1.1: leave the zeros out, or put it in quotes");
    const std::string number = "is a text here, but a number in YAML 1.1: ";
    EXPECT_EQ(warning("1_000"), number + "leave the _ out, or put it in quotes");
    EXPECT_EQ(warning("12:30:45"), number + "put it in quotes");
    EXPECT_EQ(warning("1:30.5"), number + "put it in quotes");
    EXPECT_EQ(warning("0b101"), number + "write it in decimal, or put it in quotes");
    EXPECT_EQ(warning("0o17"),
              "is an octal number here, but a text in YAML 1.1: write it in decimal, or put it in quotes");
    EXPECT_EQ(warning("2026-11-21"), "is a text here, but a date in YAML 1.1: put it in quotes");
    EXPECT_EQ(warning("2026-11-21T10:00:00Z"), "is a text here, but a date in YAML 1.1: put it in quotes");
    for (const std::string_view plain : {"'yes'",        "yesterday", "17",       "0",       "0.5",
                                         "10:75",        "a_b",       "_1",       "1.2.3.4", "10s",
                                         "127.0.0.1:80", "12-30",     "abcd-1-1", "true",    "0x1F",
                                         "1e3",          "-x",        "!!str no", "y",       "N"}) {
        EXPECT_EQ(findings("a: " + std::string(plain) + "\n"), "") << plain;
    }
    EXPECT_EQ(findings("yes: 1\n017: 2\n"), "") << "keys are texts in both";
    EXPECT_EQ(json("[yes, 017, 1_000, 12:30:45]"), R"(["yes",17,"1_000","12:30:45"])");
}

TEST(Yaml, SaysWhereAndWhat) {
    EXPECT_EQ(
        findings("a: b: c\n"),
        "f.yml:1:5: found \": c\", expected one value (a text with \": \" in it has to stand in quotes)\n");
    EXPECT_EQ(
        findings("a: 1\n b: 2\n"),
        "f.yml:2:3: found \": 2\", expected one value (a text with \": \" in it has to stand in quotes)\n");
    EXPECT_EQ(findings("a:\n  - 1\n  b: 2\n"),
              "f.yml:3:3: found \"b: 2\", expected a key at the indentation of the keys above, or less "
              "indentation\n");
    EXPECT_EQ(findings("a:\n    b: 1\n  c: 2\n"),
              "f.yml:3:3: found \"c: 2\", expected a key at the indentation of the keys above, or less "
              "indentation\n");
    EXPECT_EQ(findings("url: {{ host }}/x\n"),
              "f.yml:1:16: found \"/x\", expected a key at the indentation of the keys above, or less "
              "indentation (a "
              "text that begins with {{ has to stand in quotes)\n");
    EXPECT_EQ(findings("a: [1, 2\nb: 3\n"), "f.yml:2:2: found \": 3\", expected ',' or ']'\n");
    EXPECT_EQ(findings("a: {x: 1\n"), "f.yml:2:1: found the end of the file, expected ',' or '}'\n");
    EXPECT_EQ(findings("a: 'x"), "f.yml:1:6: found the end of the file, expected the closing quote\n");
    for (const std::string_view open :
         {"'x\n", "\"x\n\n", "'x\nb: y\n", "'x''\n", "\"x\\\"\n", "!!str # c\n  'x\n"}) {
        const std::string text = findings("a: " + std::string(open));
        EXPECT_TRUE(text.ends_with(": found a quote that is never closed\n")) << open << text;
        EXPECT_EQ(text.substr(0, 8), open.starts_with("!") ? "f.yml:2:" : "f.yml:1:") << open;
    }
    EXPECT_EQ(json("a: 'it''s'\nb: \"\\\"\"\nc: &x !!str '#'\n"), R"({"a":"it's","b":"\"","c":"#"})");
    EXPECT_EQ(
        findings("a: \"\\q\"\n"),
        "f.yml:1:5: found \"\\\\q\\\"\", expected an escape of YAML, such as \\n, \\t, \\\" or \\u00e9\n");
    EXPECT_EQ(findings("a:\n  b: 1\n\tc: 2\n"),
              "f.yml:3:1: found \"\\tc: 2\", expected spaces (tabs cannot indent)\n");
    EXPECT_EQ(findings("a:\n\tb: 1\n"), "f.yml:2:3: found \": 1\", expected spaces (tabs cannot indent)\n");
    EXPECT_EQ(findings("a: *none\n"),
              "f.yml:1:4: found \"*none\", expected an anchor of that name before the alias\n");
    EXPECT_EQ(findings("a: @x\n"),
              "f.yml:1:4: found \"@x\", expected a value (a text that begins with @, ` or % has to stand in "
              "quotes)\n");
    EXPECT_EQ(findings("a: 1\n---\nb: 2\n"),
              "f.yml:2:1: found a second document, expected one document in a file\n");
    EXPECT_EQ(
        findings("a: !secret x\n"),
        "f.yml:1:4: found the tag \"!secret\", allowed are !!str, !!int, !!float, !!bool, !!null, !!seq and "
        "!!map, each on a value of its kind\n");
    EXPECT_EQ(findings("a: \xFFx\n"), "f.yml:1:4: found byte 255, expected UTF-8\n");
    EXPECT_EQ(findings(std::string_view("a: \0x\n", 6)),
              "f.yml:1:4: found byte 0, expected no control characters but tabs and ends of lines\n");
    EXPECT_EQ(findings("a: \x04 b\n"),
              "f.yml:1:4: found byte 4, expected no control characters but tabs and ends of lines\n");
}

TEST(Yaml, ReadsJsonAsJson) {
    EXPECT_EQ(json("\t{\n\t\"a\":[1,\t-2.5e3,true,null],\n\t\"b\":{\"c\":\"\\u00e9\\ud83d\\ude00\\/"
                   "\\n\\\"\"},\"\":[]}\n"),
              R"({"a":[1,-2500,true,null],"b":{"c":"é😀/\n\""},"":[]})");
    EXPECT_EQ(json("[\"\\ud83d\", \"\\ud83dx\", \"yes\"]"), "[\"\uFFFD\",\"\uFFFDx\",\"yes\"]");
    EXPECT_EQ(json(R"({"<<": {"a": 1}, "k": "*x"})"), R"({"<<":{"a":1},"k":"*x"})") << "no merges in JSON";
    const YamlResult result = parse_yaml("{\n\t\"a\":\t{\"b\":\t\"x\"}}", "f.json");
    ASSERT_TRUE(result.ok);
    EXPECT_EQ(result.root.members[0].key_mark, (Mark{2, 2}));
    EXPECT_EQ(result.root.find("a")->mark, (Mark{2, 7}));
    EXPECT_EQ(result.root.find("a")->find("b")->mark, (Mark{2, 13}));
    EXPECT_EQ(
        findings("{\"a\":1,\n\"a\":2}"),
        "f.yml:2:1: a: found this key again, it stands in line 1 already: a key may stand once in a map\n");
    EXPECT_EQ(json("{a: 1, 'b': x}"), R"({"a":1,"b":"x"})") << "a flow map of YAML begins in the same way";
}

}  // namespace
}  // namespace loadgen::text
