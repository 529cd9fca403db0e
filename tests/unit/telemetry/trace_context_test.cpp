// Cases: the text of W3C Trace Context level 2, and the list of the W3C's own validation suite
// (test/test.py).
#include "common/telemetry/trace_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/text/json_reader.hpp"

namespace loadgen::telemetry {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kIds = "12345678901234567890123456789012-1234567890123456";

std::string with(std::string_view version, std::string_view tail) {
    return std::string(version) + "-" + std::string(kIds) + std::string(tail);
}

/// tests/data/trace_context/cases.json.
class TraceContextCases : public ::testing::Test {
  protected:
    /// Calls `use` for each row of a member; there is at least one.
    template <typename Use>
    void for_each(std::string_view member, Use use) {
        std::ifstream file(LOADGEN_SOURCE_DIR "/tests/data/trace_context/cases.json");
        const std::string cases{std::istreambuf_iterator<char>(file), {}};
        text::JsonDocument document;
        const auto root = document.parse(cases);
        ASSERT_TRUE(root) << root.error().message;
        const auto rows = root->find(member);
        ASSERT_TRUE(rows && rows->size() > 0) << member;
        rows->for_each_element([&](text::JsonValue row) {
            use(row);
            return true;
        });
    }
    static std::string text_of(std::optional<text::JsonValue> value) {
        return std::string(value.value().as_string().value());
    }
};

void expect_context(const std::optional<SpanContext>& context, std::optional<std::int64_t> flags,
                    const std::string& what) {
    ASSERT_EQ(context.has_value(), flags.has_value()) << what;
    if (!context) return;
    EXPECT_EQ(context->trace_id.text(), "12345678901234567890123456789012") << what;
    EXPECT_EQ(context->span_id.text(), "1234567890123456") << what;
    EXPECT_EQ(int{context->flags}, flags) << what;
    EXPECT_TRUE(context->remote);
}

TEST_F(TraceContextCases, TraceparentIsReadAsTheSpecificationSays) {
    for_each("traceparent", [](text::JsonValue row) {
        const std::string value = text_of(row.at(0));
        const auto context = parse_traceparent(value);
        expect_context(context, row.at(1)->as_int(), value);
        if (context) {
            EXPECT_TRUE(context->state.empty());
        }
    });
    // Blanks are cut from fields, not from values.
    EXPECT_FALSE(parse_traceparent(" " + with("00", "-01")));
}

TEST_F(TraceContextCases, TracestateIsReadAsTheSpecificationSays) {
    for_each("tracestate", [](text::JsonValue row) {
        const std::string value = text_of(row.at(0));
        std::optional<std::string> expected;
        if (!row.at(1)->is_null()) expected = text_of(row.at(1));
        EXPECT_EQ(parse_tracestate(value), expected) << value;
    });
}

TEST_F(TraceContextCases, FieldsOfARequestAreReadAsTheSpecificationSays) {
    for_each("requests", [](text::JsonValue row) {
        http::Headers headers;
        row.find("fields")->for_each_element([&](text::JsonValue field) {
            headers.push_back({text_of(field.at(0)), text_of(field.at(1))});
            return true;
        });
        const std::string why = text_of(row.find("why"));
        const auto context = extract(headers);
        expect_context(context, row.find("flags")->as_int(), why);
        if (context) {
            EXPECT_EQ(context->state, text_of(row.find("tracestate"))) << why;
        }
    });
}

// What no JSON text and no field of a request can hold.
TEST(Tracestate, RefusesBytesThatAreNotPrintableAscii) {
    for (const std::string& value : {std::string("f\xc3\xb6o=1"), std::string("foo=\x7f"),
                                     std::string("foo=\xc3\xa4"), std::string("foo=a\0b", 7)}) {
        EXPECT_FALSE(parse_tracestate(value)) << value;
    }
}

TEST(Traceparent, IsWrittenInVersion00WithTheFlagsOfThatVersion) {
    const auto context = parse_traceparent(with("00", "-ff"));
    EXPECT_EQ(format_traceparent(*context), with("00", "-03"));
    EXPECT_EQ(format_traceparent(*parse_traceparent(with("cc", "-01-more"))), with("00", "-01"));
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
