#include "common/text/xml_path.hpp"

#include <gtest/gtest.h>

#include <string>

namespace loadgen::text {
namespace {

/// The values as a JSON array, or the error.
std::string found(std::string_view path, std::string_view xml, const MarkupLimits& limits = {}) {
    const auto compiled = XmlPath::compile(path);
    if (!compiled) return compiled.error().message;
    auto values = compiled->select(xml, limits);
    if (!values) return values.error().message;
    std::string out;
    Value(std::move(*values)).append_json(out);
    return out;
}

std::string fault(std::string_view path) {
    const auto compiled = XmlPath::compile(path);
    return compiled ? "" : compiled.error().message;
}

constexpr std::string_view kOrder = R"(<?xml version="1.0"?>
<order id="o-1" xmlns:s="urn:s"><s:item sku="a"><price cur="EUR">8.95</price></s:item><s:item sku="b"><price>12 &lt; <![CDATA[13]]></price>
</s:item><note>two<!-- no --> <b>words</b></note><empty/></order>)";

TEST(XmlPath, SelectsTexts) {
    EXPECT_EQ(found("//price", kOrder), R"(["8.95","12 < 13"])");
    EXPECT_EQ(found("/order/note", kOrder), R"(["two words"])");
    EXPECT_EQ(found("/order/note/text()", kOrder), R"(["two"," "])");
    EXPECT_EQ(found("/order/@id", kOrder), R"(["o-1"])");
    EXPECT_EQ(found("//s:item[2]/@sku", kOrder), R"(["b"])");
    EXPECT_EQ(found("//*[local-name()='item'][price/@cur='EUR']/@sku", kOrder), R"(["a"])");
    EXPECT_EQ(found("/order/empty", kOrder), R"([""])");
    EXPECT_EQ(found("//nothing", kOrder), "[]");
    EXPECT_EQ(found("//s:item[last()] | //s:item[1]", kOrder), "[\"8.95\",\"12 < 13\\n\"]")
        << "in order of the document";
    EXPECT_EQ(found("/", "<a>x<b>y</b>z</a>"), R"(["xyz"])");
}

TEST(XmlPath, Computes) {
    EXPECT_EQ(found("count(//price)", kOrder), "[2]");
    EXPECT_EQ(found("sum(//price[@cur])", kOrder), "[8.95]");
    EXPECT_EQ(found("string(/order/@id)", kOrder), R"(["o-1"])");
    EXPECT_EQ(found("//price > 8", kOrder), "[true]");
}

TEST(XmlPath, SaysWhereAndWhat) {
    EXPECT_EQ(fault("//a["),
              "character 5: found the end of the path, expected a path of XPath 1.0: Unrecognized node test");
    EXPECT_EQ(fault("//é[)]"),
              "character 5: found \")]\", expected a path of XPath 1.0: Unrecognized node test");
    EXPECT_EQ(fault(""),
              "character 1: found the end of the path, expected a path of XPath 1.0: Unrecognized node test");
    EXPECT_EQ(fault("nope()"),
              "character 7: found the end of the path, expected a path of XPath 1.0: Unrecognized function "
              "or wrong "
              "parameter count");
    EXPECT_EQ(fault("$x"),
              "character 1: found \"$x\", expected a path of XPath 1.0: Unknown variable: variable set is "
              "not provided");
    EXPECT_EQ(fault(std::string(5000, 'a')), "found a path of 5000 bytes, allowed are 4096");
    EXPECT_EQ(fault(std::string_view("a\0b", 3)), "found byte 0, expected a path of XPath");
    EXPECT_FALSE(fault(std::string(4000, '(')).empty());
    EXPECT_EQ(found("//a", "<a>\n<b></a>"), "line 2, column 6: found no XML: Start-end tags mismatch");
    EXPECT_EQ(found("//a", ""), "line 1, column 1: found no XML: No document element found");
    EXPECT_EQ(found("//a", "{\"json\":1}"), "line 1, column 11: found no XML: No document element found");
}

TEST(XmlPath, KeepsItsLimits) {
    EXPECT_EQ(found("//a", "<a>1</a>", {.max_bytes = 5}), "found 8 bytes, allowed are 5");
    EXPECT_EQ(found("//b", "<a><b/><b/></a>", {.max_elements = 2}), "found 3 start tags, allowed are 2");
    EXPECT_EQ(found("//b", "<a><b>1</b><b>2</b></a>", {.max_matches = 1}), R"(["1"])");
    EXPECT_EQ(found("//*", "<a><b><c>1234</c></b></a>", {.max_text_bytes = 10}),
              "found matches with more than 10 bytes of text together");
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "<a>";
    deep += "x";
    for (int i = 0; i < 10'000; ++i) deep += "</a>";
    EXPECT_EQ(found("count(//a)", deep), "[10000]");
    EXPECT_EQ(found("string(/a)", deep), R"(["x"])");
    EXPECT_EQ(found("/a", deep), R"(["x"])");
}

TEST(XmlPath, ExpandsNoEntitiesOfTheDocument) {
    constexpr std::string_view kBomb =
        R"(<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;"><!ENTITY f SYSTEM "file:///etc/passwd">]>)"
        "<a>&y;&f;</a>";
    EXPECT_EQ(found("/a", kBomb), R"(["&y;&f;"])");
}

TEST(XmlPath, AnEmptyOneSelectsNothing) {
    EXPECT_TRUE(XmlPath().select("<a/>")->empty());
}

}  // namespace
}  // namespace loadgen::text
