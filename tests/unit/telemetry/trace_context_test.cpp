// Cases: the text of W3C Trace Context level 2, and the list of the W3C's own validation suite
// (test/test.py), whose names stand behind the rows.
#include "common/telemetry/trace_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadgen::telemetry {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kIds = "12345678901234567890123456789012-1234567890123456";

struct TraceparentCase {
    std::string value;
    bool valid;
    int flags = 0;
};

std::string with(std::string_view version, std::string_view tail) {
    return std::string(version) + "-" + std::string(kIds) + std::string(tail);
}

const TraceparentCase kTraceparents[] = {
    {with("00", "-00"), true, 0},
    {with("00", "-01"), true, 1},
    {with("00", "-02"), true, 2},  // level 2: random, not sampled
    {with("00", "-03"), true, 3},
    {with("00", "-ff"), true, 0xff},  // unknown bits are no error
    {with("00", "-08"), true, 8},
    {"", false},
    {"00", false},
    // traceparent_version_0x00: exactly four fields
    {with("00", "-01."), false},
    {with("00", "-01-"), false},
    {with("00", "-01-what-the-future-will-be-like"), false},
    // traceparent_version_0xcc: more may follow, behind a dash; only the sampled bit has a meaning
    {with("cc", "-01"), true, 1},
    {with("cc", "-03"), true, 1},
    {with("01", "-fe"), true, 0},
    {with("fe", "-01-"), true, 1},
    {with("cc", "-01-what-the-future-will-be-like"), true, 1},
    {with("cc", "-01.what-the-future-will-be-like"), false},
    {with("cc", "-0"), false},
    {with("cc", "-0g"), false},
    {with("cc", "_01"), false},
    // traceparent_version_0xff
    {with("ff", "-01"), false},
    // traceparent_version_illegal_characters, _too_long, _too_short
    {with(".0", "-01"), false},
    {with("0.", "-01"), false},
    {with("CC", "-01"), false},
    {with("000", "-01"), false},
    {with("0000", "-01"), false},
    {with("0", "-01"), false},
    // traceparent_trace_id_*
    {"00-00000000000000000000000000000000-1234567890123456-01", false},
    {"00-.2345678901234567890123456789012-1234567890123456-01", false},
    {"00-1234567890123456789012345678901.-1234567890123456-01", false},
    {"00-123456789012345678901234567890123-1234567890123456-01", false},
    {"00-1234567890123456789012345678901-1234567890123456-01", false},
    {"00-1234567890123456789012345678901A-1234567890123456-01", false},
    // traceparent_parent_id_*
    {"00-12345678901234567890123456789012-0000000000000000-01", false},
    {"00-12345678901234567890123456789012-.234567890123456-01", false},
    {"00-12345678901234567890123456789012-123456789012345.-01", false},
    {"00-12345678901234567890123456789012-12345678901234567-01", false},
    {"00-12345678901234567890123456789012-123456789012345-01", false},
    {"00-12345678901234567890123456789012-123456789012345F-01", false},
    // traceparent_trace_flags_*
    {with("00", "-.0"), false},
    {with("00", "-0."), false},
    {with("00", "-001"), false},
    {with("00", "-1"), false},
    {with("00", "-0A"), false},
    {with("00", "-"), false},
    {with("00", ""), false},
    // separators
    {"00_12345678901234567890123456789012-1234567890123456-01", false},
    {"00-12345678901234567890123456789012_1234567890123456-01", false},
    {"00-12345678901234567890123456789012-1234567890123456_01", false},
    {" " + with("00", "-01"), false},  // blanks are cut from fields, not from values
};

TEST(Traceparent, ReadsEveryCaseAsTheSpecificationSays) {
    for (const TraceparentCase& c : kTraceparents) {
        const auto context = parse_traceparent(c.value);
        ASSERT_EQ(context.has_value(), c.valid) << c.value;
        if (!context) continue;
        EXPECT_EQ(context->trace_id.text(), "12345678901234567890123456789012") << c.value;
        EXPECT_EQ(context->span_id.text(), "1234567890123456") << c.value;
        EXPECT_EQ(int{context->flags}, c.flags) << c.value;
        EXPECT_TRUE(context->remote);
        EXPECT_TRUE(context->state.empty());
    }
}

TEST(Traceparent, IsWrittenInVersion00WithTheFlagsOfThatVersion) {
    const auto context = parse_traceparent(with("00", "-ff"));
    EXPECT_EQ(format_traceparent(*context), with("00", "-03"));
    EXPECT_EQ(format_traceparent(*parse_traceparent(with("cc", "-01-more"))), with("00", "-01"));
}

std::string members(int count) {
    std::string list;
    for (int i = 1; i <= count; ++i) {
        list += (i == 1 ? "bar" : ",bar") + std::to_string(i) + "=" + std::to_string(i);
    }
    return list;
}

std::string times(char c, std::size_t count) {
    return std::string(count, c);
}

struct TracestateCase {
    std::string value;
    std::optional<std::string> expected;
};

const TracestateCase kTracestates[] = {
    {"foo=1", "foo=1"},
    {"foo=1,bar=2", "foo=1,bar=2"},
    // tracestate_empty_header; empty and blank members
    {"", ""},
    {" \t", ""},
    {",", ""},
    {"foo=1,,bar=2, ,\t,", "foo=1,bar=2"},
    {",foo=1", "foo=1"},
    // tracestate_ows_handling
    {"foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"},
    {"foo=1\t \t,\t \tbar=2,\t \tbaz=3", "foo=1,bar=2,baz=3"},
    {"\t foo=1 \t", "foo=1"},
    {"foo= 1", "foo= 1"},  // blanks that begin a value belong to it
    {"foo=1 2", "foo=1 2"},
    {"foo= ", std::nullopt},  // the blank is outside, and no value is left
    {"foo=a\tb", std::nullopt},
    {"foo=\t1", std::nullopt},
    // tracestate_duplicated_keys
    {"foo=1,foo=1", std::nullopt},
    {"foo=1,foo=2", std::nullopt},
    // tracestate_all_allowed_characters
    {"abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/= "
     "!\"#$%&'()*+-./0123456789:;<>?@ABCXYZ[\\]^_`abcxyz{|}~",
     "abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/= "
     "!\"#$%&'()*+-./0123456789:;<>?@ABCXYZ[\\]^_`abcxyz{|}~"},
    // tracestate_key_illegal_characters
    {"foo =1", std::nullopt},
    {"FOO=1", std::nullopt},
    {"foo.bar=1", std::nullopt},
    {"=1", std::nullopt},
    {"_foo=1", std::nullopt},
    {"-foo=1", std::nullopt},
    {"*foo=1", std::nullopt},
    {"/foo=1", std::nullopt},
    {"f\xc3\xb6o=1", std::nullopt},
    {"0foo=1", "0foo=1"},  // level 2: a digit may begin a key
    // tracestate_key_illegal_vendor_format: '@' may not begin a key; elsewhere level 2 gives it no meaning
    {"@foo=1,bar=2", std::nullopt},
    {"foo@=1,bar=2", "foo@=1,bar=2"},
    {"foo@@bar=1,bar=2", "foo@@bar=1,bar=2"},
    {"fw529a3039@dt=FfIBAAAA", "fw529a3039@dt=FfIBAAAA"},
    {"0tenant@system=1", "0tenant@system=1"},
    // tracestate_member_count_limit; empty members do not count
    {members(32), members(32)},
    {members(32) + ",,", members(32)},
    {members(33), std::nullopt},
    // tracestate_key_length_limit
    {"foo=1," + times('z', 256) + "=1", "foo=1," + times('z', 256) + "=1"},
    {"foo=1," + times('z', 257) + "=1", std::nullopt},
    {times('t', 241) + "@" + times('v', 14) + "=1", times('t', 241) + "@" + times('v', 14) + "=1"},
    {times('t', 242) + "@" + times('v', 14) + "=1", std::nullopt},
    // value lengths
    {"foo=" + times('v', 256), "foo=" + times('v', 256)},
    {"foo=" + times('v', 257), std::nullopt},
    // tracestate_value_illegal_characters
    {"foo=bar=baz", std::nullopt},
    {"foo=,bar=3", std::nullopt},
    {"foo", std::nullopt},
    {"foo=1;bar", "foo=1;bar"},
    {"foo=\x7f", std::nullopt},
    {"foo=\xc3\xa4", std::nullopt},
    {std::string("foo=a\0b", 7), std::nullopt},
};

TEST(Tracestate, ReadsEveryCaseAsTheSpecificationSays) {
    for (const TracestateCase& c : kTracestates) EXPECT_EQ(parse_tracestate(c.value), c.expected) << c.value;
}

// Section 3.3.1.5: 512 characters are always kept.
TEST(Tracestate, KeepsAtLeast512Characters) {
    std::string list;
    for (int i = 0; i < 16; ++i) list += std::to_string(i + 10) + "=" + times('v', 28) + (i == 15 ? "" : ",");
    ASSERT_EQ(list.size(), 16 * 31 + 15u);  // 511
    EXPECT_EQ(parse_tracestate(list), list);
    EXPECT_EQ(parse_tracestate(list + "v"), list + "v");  // 512
    const std::string without_last = list.substr(0, list.rfind(','));
    EXPECT_EQ(parse_tracestate(list + "vv"), without_last);
}

TEST(Tracestate, DropsMembersAbove128CharactersFirstAndFromTheEnd) {
    const std::string large_a = "a=" + times('1', 127);  // 129 characters
    const std::string large_b = "b=" + times('2', 127);
    const std::string fits = "c=" + times('3', 126);  // 128: not large
    const std::string small_d = "d=" + times('4', 100);
    const std::string small_e = "e=" + times('5', 100);
    const std::string all = large_a + "," + large_b + "," + fits + "," + small_d + "," + small_e;
    EXPECT_EQ(parse_tracestate(all), large_a + "," + fits + "," + small_d + "," + small_e);
    const std::string small_f = "f=" + times('6', 126);
    const std::string small_g = "g=" + times('7', 126);
    EXPECT_EQ(parse_tracestate(all + "," + small_f + "," + small_g),
              fits + "," + small_d + "," + small_e + "," + small_f);
}

TEST(Extract, TakesFieldsWithNamesInAnyCase) {
    for (const char* name : {"traceparent", "TraceParent", "TrAcEpArEnT", "TRACEPARENT"}) {
        EXPECT_TRUE(extract({{name, with("00", "-01")}}).has_value()) << name;
    }
    for (const char* name : {"trace-parent", "trace.parent", "traceparents", ""}) {
        EXPECT_FALSE(extract({{name, with("00", "-01")}}).has_value()) << name;
    }
    for (const char* name : {"tracestate", "TraceState", "TRACESTATE"}) {
        EXPECT_EQ(extract({{"traceparent", with("00", "-00")}, {name, "foo=1"}})->state, "foo=1") << name;
    }
    for (const char* name : {"trace-state", "trace.state"}) {
        EXPECT_EQ(extract({{"traceparent", with("00", "-00")}, {name, "foo=1"}})->state, "") << name;
    }
}

TEST(Extract, IgnoresBlanksAroundTheField) {
    for (const char* format : {" %", "\t%", "% ", "%\t", "\t % \t"}) {
        std::string value = format;
        value.replace(value.find('%'), 1, with("00", "-01"));
        EXPECT_TRUE(extract({{"traceparent", value}}).has_value()) << value;
    }
}

TEST(Extract, StartsANewTraceWhenTraceparentComesTwice) {
    EXPECT_FALSE(extract({{"traceparent", with("00", "-01")}, {"traceparent", with("00", "-01")}}));
    EXPECT_FALSE(extract({{"traceparent", with("00", "-01")}, {"TraceParent", "nonsense"}}));
    EXPECT_FALSE(extract({{"traceparent", "nonsense"}, {"TraceParent", with("00", "-01")}}));
}

TEST(Extract, JoinsSeveralTracestateFieldsInOrder) {
    const auto context = extract({{"tracestate", "foo=1,bar=2"},
                                  {"traceparent", with("00", "-00")},
                                  {"tracestate", ""},
                                  {"TraceState", "rojo=1,congo=2"},
                                  {"tracestate", "baz=3"}});
    EXPECT_EQ(context->state, "foo=1,bar=2,rojo=1,congo=2,baz=3");
    EXPECT_EQ(
        extract({{"traceparent", with("00", "-00")}, {"tracestate", "a=1"}, {"tracestate", "a=2"}})->state,
        "");
}

TEST(Extract, ABadTracestateLosesOnlyItselfAndOneAloneMeansNothing) {
    const auto context = extract({{"traceparent", with("00", "-01")}, {"tracestate", "Foo=1"}});
    ASSERT_TRUE(context);
    EXPECT_EQ(context->state, "");
    EXPECT_FALSE(extract({{"tracestate", "foo=1"}}));
    EXPECT_FALSE(extract({{"traceparent", with("ff", "-01")}, {"tracestate", "foo=1"}}));
    EXPECT_FALSE(extract({}));
}

TEST(Inject, ReplacesWhatIsThere) {
    http::Headers headers = {
        {"TraceParent", "old"}, {"accept", "*/*"}, {"tracestate", "old=1"}, {"TRACESTATE", "old=2"}};
    SpanContext context = *parse_traceparent(with("00", "-03"));
    inject(context, headers);
    EXPECT_THAT(headers,
                ElementsAre(http::Header{"accept", "*/*"}, http::Header{"traceparent", with("00", "-03")}));
    context.state = "foo=1";
    inject(context, headers);
    EXPECT_THAT(headers,
                ElementsAre(http::Header{"accept", "*/*"}, http::Header{"traceparent", with("00", "-03")},
                            http::Header{"tracestate", "foo=1"}));
    inject(SpanContext{}, headers);
    EXPECT_THAT(headers, ElementsAre(http::Header{"accept", "*/*"}));
}

}  // namespace
}  // namespace loadgen::telemetry
