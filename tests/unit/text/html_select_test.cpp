#include "common/text/html_select.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::text {
namespace {

/// The values as a JSON array, or the error.
std::string found(std::string_view selector, std::string_view html, std::string_view attribute = "",
                  const MarkupLimits& limits = {}) {
    const auto compiled = HtmlSelector::compile(selector);
    if (!compiled) return compiled.error().message;
    auto values = compiled->select(html, attribute, limits);
    if (!values) return values.error().message;
    std::string out;
    Value(std::move(*values)).append_json(out);
    return out;
}

std::string fault(std::string_view selector) {
    const auto compiled = HtmlSelector::compile(selector);
    return compiled ? "" : compiled.error().message;
}

constexpr std::string_view kPage =
    R"(<!DOCTYPE html><html lang="en-GB"><head><title>Shop &amp; more</title></head><body>
<form id="login" action="/login"><input type=hidden name="csrf" value="tok&quot;en"><INPUT NAME=user><button disabled>Go</button></form>
<ul class="list items"><li class="item first" data-id="1">One</li><li class="item" data-id="2">Two <b>bold</b></li><li>Three</ul>
<div><p>a<p id="second">b<span>c</span></div><my-card Kind="X">custom</my-card>
<script>if (a < b) {}</script><!-- <li>no</li> --><template><i>t</i></template></body></html>)";

TEST(HtmlSelect, FindsElements) {
    EXPECT_EQ(found("title", kPage), R"(["Shop & more"])");
    EXPECT_EQ(found("li", kPage), R"(["One","Two bold","Three"])");
    EXPECT_EQ(found("LI.item", kPage), R"(["One","Two bold"])");
    EXPECT_EQ(found(".item.first", kPage), R"(["One"])");
    EXPECT_EQ(found("#second", kPage), R"(["bc"])");
    EXPECT_EQ(found("p#second span", kPage), R"(["c"])");
    EXPECT_EQ(found("my-card", kPage), R"(["custom"])");
    EXPECT_EQ(found("script", kPage), R"(["if (a < b) {}"])");
    EXPECT_EQ(found("template i", kPage), R"(["t"])");
    EXPECT_EQ(found("nothing", kPage), "[]");
    EXPECT_EQ(found("ul > *", kPage).size(), found("li", kPage).size());
}

TEST(HtmlSelect, GivesAttributes) {
    EXPECT_EQ(found("input", kPage, "value"), R"(["tok\"en",null])") << "undefined where there is none";
    EXPECT_EQ(found("input[name=csrf]", kPage, "VALUE"), R"(["tok\"en"])");
    EXPECT_EQ(found("button", kPage, "disabled"), R"([""])");
    const auto compiled = HtmlSelector::compile("input");
    ASSERT_TRUE(compiled);
    EXPECT_TRUE(compiled->select(kPage, "value")->at(1).is_undefined());
}

TEST(HtmlSelect, KnowsAttributeSelectors) {
    EXPECT_EQ(found("[data-id]", kPage, "data-id"), R"(["1","2"])");
    EXPECT_EQ(found("[data-id='2']", kPage, "data-id"), R"(["2"])");
    EXPECT_EQ(found("[class~=items]", kPage, "class"), R"(["list items"])");
    EXPECT_EQ(found("[class~='list items']", kPage, "class"), "[]");
    EXPECT_EQ(found("[class^=it]", kPage, "class"), R"(["item first","item"])");
    EXPECT_EQ(found("[class$=st]", kPage, "class"), R"(["item first"])");
    EXPECT_EQ(found("[class*=\"m f\"]", kPage, "class"), R"(["item first"])");
    EXPECT_EQ(found("[lang|=en]", kPage, "lang"), R"(["en-GB"])");
    EXPECT_EQ(found("[lang|=e]", kPage, "lang"), "[]");
    EXPECT_EQ(found("[kind=x]", kPage, "kind"), "[]");
    EXPECT_EQ(found("[ KIND = x i ]", kPage, "kind"), R"(["X"])");
    EXPECT_EQ(found("[class*='']", kPage), "[]") << "nothing is part of nothing";
}

TEST(HtmlSelect, KnowsCombinators) {
    EXPECT_EQ(found("form input, ul b", kPage, "name"), R"(["csrf","user",null])");
    EXPECT_EQ(found("body > li", kPage), "[]");
    EXPECT_EQ(found("li + li", kPage), R"(["Two bold","Three"])");
    EXPECT_EQ(found("li.first ~ li", kPage), R"(["Two bold","Three"])");
    EXPECT_EQ(found("ul ~ div>p+p", kPage), R"(["bc"])");
    // The nearest x has no a above it that is a child of w, an outer one has.
    EXPECT_EQ(found("w > x y", "<w><x><v><x><y>1</y></x></v></x></w>"), R"(["1"])");
}

TEST(HtmlSelect, KnowsPlaces) {
    constexpr std::string_view kSeven = "<ol><li>1<li>2<li>3<li>4<li>5<li>6<li>7</ol>";
    EXPECT_EQ(found("li:first-child, li:last-child", kSeven), R"(["1","7"])");
    EXPECT_EQ(found("li:nth-child(3)", kSeven), R"(["3"])");
    EXPECT_EQ(found("li:nth-child(odd)", kSeven), R"(["1","3","5","7"])");
    EXPECT_EQ(found("li:nth-child( 2n )", kSeven), R"(["2","4","6"])");
    EXPECT_EQ(found("li:nth-child(3n - 1)", kSeven), R"(["2","5"])");
    EXPECT_EQ(found("li:nth-child(-n+2)", kSeven), R"(["1","2"])");
    EXPECT_EQ(found("li:nth-child(n+6)", kSeven), R"(["6","7"])");
    EXPECT_EQ(found("li:nth-last-child(2)", kSeven), R"(["6"])");
    EXPECT_EQ(found("li:nth-child(0n+0)", kSeven), "[]");
    EXPECT_EQ(found("ol:only-child", kSeven), R"(["1234567"])");
    EXPECT_EQ(found("li:not(:first-child):not(:nth-child(n+3), .x)", kSeven), R"(["2"])");
}

TEST(HtmlSelect, KnowsEscapes) {
    EXPECT_EQ(found("#a\\:b, .\\31 23", "<i id='a:b'>x</i><i class='123'>y</i>"), R"(["x","y"])");
    EXPECT_EQ(found("[t='\\\"\\e9 ]']", "<i t='\"é]'>x</i>"), R"(["x"])");
    EXPECT_EQ(found(".größe", "<i class='größe'>x</i>"), R"(["x"])");
}

TEST(HtmlSelect, MakesADocumentOfAnything) {
    EXPECT_EQ(found("body", ""), R"([""])");
    EXPECT_EQ(found("body", "just text < 5"), R"(["just text < 5"])");
    EXPECT_EQ(found("b i", "<b><i>x</b>y</i>"), R"(["x"])");
    EXPECT_EQ(found("td", "<table><tr><td>1<td>2"), R"(["1","2"])");
    EXPECT_EQ(found("p", "\xFF\xFE<p>\x80"), "[\"\uFFFD\"]");
}

TEST(HtmlSelect, SaysWhereAndWhat) {
    EXPECT_EQ(
        fault(""),
        "character 1: found the end of the selector, expected an element: a name, '*', '#', '.', '[' or ':'");
    EXPECT_EQ(
        fault("a >"),
        "character 4: found the end of the selector, expected an element: a name, '*', '#', '.', '[' or ':'");
    EXPECT_EQ(fault("é,,b"),
              "character 3: found ',', expected an element: a name, '*', '#', '.', '[' or ':'");
    EXPECT_EQ(fault("a!"), "character 2: found '!', expected ',' or the end of the selector");
    EXPECT_EQ(fault("#"), "character 2: found the end of the selector, expected a name");
    EXPECT_EQ(
        fault("[a"),
        "character 3: found the end of the selector, expected ']', '=', '~=', '|=', '^=', '$=' or '*='");
    EXPECT_EQ(fault("[a~x]"), "character 4: found 'x', expected '='");
    EXPECT_EQ(fault("[a='x]"), "character 7: found the end of the selector, expected a closing quote");
    EXPECT_EQ(fault("[a=x y]"), "character 6: found 'y', expected ']'");
    EXPECT_EQ(fault("a:hover"),
              "character 3: found 'h', expected first-child, last-child, only-child, nth-child(), "
              "nth-last-child() or not()");
    EXPECT_EQ(fault("a:nth-child(x)"), "character 13: found 'x', expected a number, odd, even or an+b");
    EXPECT_EQ(fault("a:nth-child(2n+)"), "character 16: found ')', expected a whole number");
    EXPECT_EQ(fault("a:nth-child(2"), "character 14: found the end of the selector, expected ')'");
    EXPECT_EQ(fault("a:not(b c)"), "character 9: found 'c', expected ',' or ')'");
    EXPECT_EQ(fault("a a a a a a a a a a a a a a a a a"),
              "character 34: found the end of the selector, expected at most 16 elements that depend on each "
              "other");
    EXPECT_EQ(fault(std::string(5000, 'a')), "found a selector of 5000 bytes, allowed are 4096");
}

TEST(HtmlSelect, KeepsItsLimits) {
    EXPECT_EQ(found("i", "<i>1</i>", "", {.max_bytes = 5}), "found 8 bytes, allowed are 5");
    EXPECT_EQ(found("i", "<i>1</i><i>2</i>", "", {.max_elements = 1}), "found 2 start tags, allowed are 1");
    EXPECT_EQ(found("i", "<i>1</i><i>2</i>", "", {.max_matches = 1}), R"(["1"])");
    EXPECT_EQ(found("*", "<i><i><i>1234</i></i></i>", "", {.max_text_bytes = 10}),
              "found matches with more than 10 bytes of text together");
    // Each of the formatting elements is opened again in each of the paragraphs.
    std::string bomb = "<p>";
    for (int i = 0; i < 4000; ++i) bomb += "<b id=" + std::to_string(i) + ">";
    for (int i = 0; i < 4000; ++i) bomb += "<p>x";
    EXPECT_EQ(found("i", bomb), "found a document whose tree needs more than 67108864 bytes");
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "<div>";
    EXPECT_EQ(found("div:first-child > div:last-child:not(.x)", deep + "x", "id").size(), 49'996U);
    EXPECT_EQ(found("div div div div div div div div x", deep), "[]");
    EXPECT_EQ(found("div div div div div div div div[x] div", deep),
              "found a document with which the selector takes too many steps");
}

TEST(HtmlSelect, LongListsTakeLinearTime) {
    std::string list = "<ul>";
    for (int i = 0; i < 4'800; ++i) list += "<li><b>x</b>";
    EXPECT_EQ(found("li:nth-child(2n):nth-last-child(n+2) > b", list).size(), 4 * 2'399U + 1);
}

TEST(HtmlSelect, AnEmptyOneSelectsNothing) {
    EXPECT_TRUE(HtmlSelector().select("<a>")->empty());
}

}  // namespace
}  // namespace loadgen::text
