#include "common/text/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace loadgen::text {
namespace {

std::string written(std::string_view text, JsonEscape escape) {
    std::string out;
    append_json_string(out, text, escape);
    return out;
}

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

// RFC 8259 section 7.
TEST(JsonWriter, EscapesOnlyWhatMustBeInPlainStyle) {
    EXPECT_EQ(written("a\"b\\c/<&>\u2028\x7f", JsonEscape::kPlain), "\"a\\\"b\\\\c/<&>\u2028\x7f\"");
    EXPECT_EQ(written(std::string_view("\0\b\f\n\r\t\x1f", 7), JsonEscape::kPlain),
              R"("\u0000\b\f\n\r\t\u001f")");
}

// What Go's encoding/json and easyjson print for the same strings.
TEST(JsonWriter, FollowsGoAndEasyJson) {
    EXPECT_EQ(written("<&>\u2028\u2029\b\f\x01", JsonEscape::kGo),
              R"("\u003c\u0026\u003e\u2028\u2029\b\f\u0001")");
    EXPECT_EQ(written("<&>\u2028\u2029\b\f\x01", JsonEscape::kGoEasyJson),
              R"("\u003c\u0026\u003e\u2028\u2029\u0008\u000c\u0001")");
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
    EXPECT_EQ(written("a\xff\xc3(\xed\xa0\x80", JsonEscape::kPlain), R"("a\ufffd\ufffd(\ufffd\ufffd\ufffd")");
}

// Values printed by Go's json.Marshal(float64).
TEST(JsonWriter, PrintsNumbersAsGoDoes) {
    EXPECT_EQ(number(0), "0");
    EXPECT_EQ(number(-0.0), "-0");
    EXPECT_EQ(number(0.1), "0.1");
    EXPECT_EQ(number(100), "100");
    EXPECT_EQ(number(-12.5), "-12.5");
    EXPECT_EQ(number(1e-6), "0.000001");
    EXPECT_EQ(number(1e-7), "1e-7");
    EXPECT_EQ(number(1.5e-10), "1.5e-10");
    EXPECT_EQ(number(1e20), "100000000000000000000");
    EXPECT_EQ(number(1e21), "1e+21");
    EXPECT_EQ(number(614891469123651712.0), "614891469123651700");
    EXPECT_EQ(number(100.50541848254434), "100.50541848254434");
    EXPECT_EQ(number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(number(5e-324), "5e-324");
    EXPECT_EQ(number(std::nan("")), "null");
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().key("a").begin_array().integer(-1).unsigned_integer(2).begin_object().end_object();
    json.end_array().key("b").null().key("c").boolean(true).key("d").raw("{}").key("e").string("x");
    json.end_object();
    json.new_line();
    json.number(1);
    EXPECT_EQ(out, "{\"a\":[-1,2,{}],\"b\":null,\"c\":true,\"d\":{},\"e\":\"x\"}\n1");
}

}  // namespace
}  // namespace loadgen::text
