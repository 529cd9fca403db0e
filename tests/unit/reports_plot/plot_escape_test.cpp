#include "reports/render/plot_escape.hpp"

#include <gtest/gtest.h>

namespace loadgen::reports {
namespace {

TEST(Escape, HtmlLosesItsMeaning) {
    EXPECT_EQ(html_text("<script>alert(\"1\")&'</script>"),
              "&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;&lt;/script&gt;");
}

TEST(Escape, JsonCannotEndItsScriptElement) {
    EXPECT_EQ(json_in_script("</script><!--&\"\\\n"), R"("\u003c/script\u003e\u003c!--\u0026\"\\\u000a")");
}

TEST(Escape, JsonHasNoJavaScriptLineEnds) {
    EXPECT_EQ(json_in_script("a\xE2\x80\xA8\x62\xE2\x80\xA9"), R"("a\u2028b\u2029")");
}

TEST(Escape, GoodTextOfEveryLengthStays) {
    const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\t\n";
    EXPECT_EQ(valid_utf8(text), text);
}

// The Unicode Standard 15.0, tables 3-8 to 3-11: one replacement per maximal subpart.
TEST(Escape, IllFormedTextIsReplacedAsUnicodeRecommends) {
    const std::string r = "\xEF\xBF\xBD";
    EXPECT_EQ(valid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
    EXPECT_EQ(valid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), r + r + r + r + r + r + r + r + "A");
    EXPECT_EQ(valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), r + r + r + r + r + "A" + r + r + "B");
    EXPECT_EQ(valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(Escape, ControlCharactersGo) {
    EXPECT_EQ(valid_utf8(std::string("a\0b\x1b\x7f", 5)), "a\uFFFDb\uFFFD\uFFFD");
}

}  // namespace
}  // namespace loadgen::reports
