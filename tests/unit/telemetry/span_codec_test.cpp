#include "common/telemetry/span_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/telemetry/span_batch.hpp"
#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {
namespace {

using ::testing::SizeIs;

SpanContext context(const char* traceparent, const char* state, bool remote) {
    SpanContext result = parse_traceparent(traceparent).value();
    result.state = state;
    result.remote = remote;
    return result;
}

SpanData full_span() {
    SpanData span;
    span.context = context("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", "foo=1", false);
    span.parent = context("00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01", "", true).span_id;
    span.parent_remote = true;
    span.name = "POST /orders/{id}";
    span.kind = SpanKind::kServer;
    span.start = {1'735'725'600'123'456'789};
    span.end = {1'735'725'601'000'000'001};
    span.attributes = {{"text", "a \xe2\x82\xac"},
                       {"empty", ""},
                       {"minimum", std::int64_t{INT64_MIN}},
                       {"zero", std::int64_t{0}},
                       {"half", 0.5},
                       {"yes", true},
                       {"no", false},
                       {"", "no key"},
                       {"long", std::string(300, 'l')}};
    span.links = {
        {context("00-11111111111111111111111111111111-2222222222222222-01", "dd=s:1", true), {{"k", "v"}}, 4},
        {context("00-33333333333333333333333333333333-4444444444444444-00", "", false), {}}};
    span.events = {{"exception", {1'735'725'600'500'000'000}, {{"exception.message", "why"}}, 5}};
    span.status = SpanStatus::kError;
    span.status_message = "why";
    span.dropped_attributes = 1;
    span.dropped_links = 2;
    span.dropped_events = 300;
    span.scope = 7;
    return span;
}

void expect_equal(const SpanData& read, const SpanData& wanted) {
    EXPECT_EQ(read.context, wanted.context);
    EXPECT_EQ(read.parent, wanted.parent);
    EXPECT_EQ(read.parent_remote, wanted.parent_remote);
    EXPECT_EQ(read.name, wanted.name);
    EXPECT_EQ(read.kind, wanted.kind);
    EXPECT_EQ(read.start, wanted.start);
    EXPECT_EQ(read.end, wanted.end);
    EXPECT_EQ(read.attributes, wanted.attributes);
    ASSERT_THAT(read.links, SizeIs(wanted.links.size()));
    for (std::size_t i = 0; i < read.links.size(); ++i) {
        EXPECT_EQ(read.links[i].context, wanted.links[i].context);
        EXPECT_EQ(read.links[i].attributes, wanted.links[i].attributes);
        EXPECT_EQ(read.links[i].dropped_attributes, wanted.links[i].dropped_attributes);
    }
    ASSERT_THAT(read.events, SizeIs(wanted.events.size()));
    for (std::size_t i = 0; i < read.events.size(); ++i) {
        EXPECT_EQ(read.events[i].name, wanted.events[i].name);
        EXPECT_EQ(read.events[i].time, wanted.events[i].time);
        EXPECT_EQ(read.events[i].attributes, wanted.events[i].attributes);
        EXPECT_EQ(read.events[i].dropped_attributes, wanted.events[i].dropped_attributes);
    }
    EXPECT_EQ(read.status, wanted.status);
    EXPECT_EQ(read.status_message, wanted.status_message);
    EXPECT_EQ(read.dropped_attributes, wanted.dropped_attributes);
    EXPECT_EQ(read.dropped_links, wanted.dropped_links);
    EXPECT_EQ(read.dropped_events, wanted.dropped_events);
    EXPECT_EQ(read.scope, wanted.scope);
}

TEST(SpanCodec, ReadsWhatItWrote) {
    expect_equal(decode_span(encode_span(full_span()), 7), full_span());
    expect_equal(decode_span(encode_span(SpanData{}), 0), SpanData{});
}

TEST(SpanCodec, RepairsTextThatIsNotUtf8) {
    SpanData span;
    span.attributes = {{"k\xff", "x\xffy"}, {"after", "z"}};
    const SpanData read = decode_span(encode_span(span), 0);
    ASSERT_THAT(read.attributes, SizeIs(2));
    EXPECT_EQ(read.attributes[0].key, "k\xef\xbf\xbd");
    EXPECT_EQ(read.attributes[0].value, AttributeValue("x\xef\xbf\xbdy"));
    EXPECT_EQ(read.attributes[1].value, AttributeValue("z"));
}

TEST(SpanCodec, SurvivesAnyCutAndAnyChangedByte) {
    const std::string whole = encode_span(full_span());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        decode_span(whole.substr(0, i), 0);
        for (const int change : {0x01, 0x08, 0x7f, 0x80, 0xff}) {
            std::string other = whole;
            other[i] = static_cast<char>(static_cast<unsigned char>(other[i]) ^ change);
            decode_span(other, 0);
        }
    }
}

class Collector final : public SpanProcessor {
  public:
    void on_end(std::unique_ptr<SpanData> span) override { spans.push_back(std::move(*span)); }
    std::vector<SpanData> spans;
};

// A new value may be longer or shorter, of another type, and anywhere among the others.
TEST(SpanCodec, AttributesAreReplacedWhereTheyStand) {
    Collector collector;
    const Tracer tracer(&collector);
    Span span = tracer.start({"a"});
    Attributes wanted;
    for (int i = 0; i < 100; ++i) {
        const std::string key = "key." + std::to_string(i);
        span.set(key, std::int64_t{i});
        wanted.push_back({key, std::int64_t{i}});
    }
    for (std::size_t i = 0; i < 100; i += 3) {
        const std::string value(i * 5, 'v');
        span.set(wanted[i].key, value);
        wanted[i].value = value;
    }
    for (std::size_t i = 0; i < 100; i += 2) {
        span.set(wanted[i].key, i % 4 == 0);
        wanted[i].value = i % 4 == 0;
    }
    span.end();
    ASSERT_THAT(collector.spans, SizeIs(1));
    EXPECT_EQ(collector.spans[0].attributes, wanted);
}

TEST(SpanBatch, KeepsSpansByScopeAndForgetsThem) {
    SpanBatch batch;
    const std::pair<const char*, std::size_t> spans[] = {{"a", 3}, {"b", 0}, {"c", 3}};
    for (const auto& [name, scope] : spans) {
        SpanData span;
        span.name = name;
        const std::string message = encode_span(span);
        batch.add({message, scope});
    }
    EXPECT_EQ(batch.size(), 3u);
    std::string names;
    for (const SpanData& span : batch.decoded()) names += span.name + std::to_string(span.scope);
    EXPECT_EQ(names, "b0a3c3");
    EXPECT_EQ(batch.of_scope(1), "");
    batch.clear();
    EXPECT_TRUE(batch.empty());
    EXPECT_TRUE(batch.decoded().empty());
}

}  // namespace
}  // namespace loadgen::telemetry
