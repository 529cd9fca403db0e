// Each trace defect at share 1, as a process suffers it: whether what is sent is what docs/faults.md says,
// and nothing else has changed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>

#include "services/runtime/faults/defective_spans.hpp"
#include "services/runtime/faults/fault_rules.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::Attribute;
using telemetry::SpanData;
using telemetry::SpanKind;
using telemetry::SpanStatus;
using Spans = std::vector<SpanData>;
using S = const SpanData&;

constexpr std::int64_t kMs = 1'000'000;

telemetry::SpanContext context_of(char trace, char span) {
    const std::string span_id = std::string(8, trace) + std::string(8, span);
    return *telemetry::parse_traceparent("00-" + std::string(32, trace) + '-' + span_id + "-03");
}

SpanData span_of(char trace, char id, char parent, std::string name, SpanKind kind) {
    SpanData span;
    span.context = context_of(trace, id);
    span.context.state = "vendor=1";
    if (parent != 0) span.parent = context_of(trace, parent).span_id;
    span.name = std::move(name);
    span.kind = kind;
    span.start = WallTime{1'000 * kMs};
    span.end = WallTime{1'005 * kMs};
    return span;
}

/// A request, its publication, and a batch of another trace that links to the publication and to a message of
/// one more trace. Every span has an id of its own.
Spans two_traces(char trace, char linked) {
    SpanData server = span_of(trace, '1', '9', "POST /orders", SpanKind::kServer);
    server.parent_remote = true;
    server.attributes = {{"http.request.method", std::string("POST")},
                         {"http.route", std::string("/orders")},
                         {"http.response.status_code", std::int64_t{201}}};
    SpanData client = span_of(trace, '2', '1', "GET", SpanKind::kClient);
    client.attributes = {{"http.request.method", std::string("GET")},
                         {"http.response.status_code", std::int64_t{503}},
                         {"error.type", std::string("503")}};
    client.status = SpanStatus::kError;
    SpanData publish = span_of(trace, '3', '1', "publish orders.orderCreated.v1", SpanKind::kProducer);
    publish.attributes = {{"messaging.system", std::string("loadgen_bus")},
                          {"messaging.operation.type", std::string("send")},
                          {"messaging.destination.name", std::string("bus")}};
    SpanData step = span_of(trace, '4', '1', "seed", SpanKind::kInternal);
    SpanData receive = span_of(linked, '5', 0, "receive orders", SpanKind::kConsumer);
    receive.attributes = {{"messaging.system", std::string("loadgen_bus")},
                          {"messaging.operation.type", std::string("receive")},
                          {"messaging.destination.name", std::string("orders")},
                          {"messaging.batch.message_count", std::int64_t{2}}};
    receive.links.push_back({publish.context, {}, 0});
    receive.links.push_back({context_of('e', '7'), {}, 0});
    SpanData process = span_of(linked, '6', '5', "process orders.orderCreated.v1", SpanKind::kConsumer);
    process.attributes = {{"messaging.system", std::string("loadgen_bus")},
                          {"messaging.operation.type", std::string("process")},
                          {"messaging.destination.name", std::string("orders")},
                          {"messaging.message.id", std::string("5e0a")}};
    process.links.push_back({publish.context, {}, 0});
    return {server, client, publish, step, receive, process};
}

/// Of two requests, one after the other.
Spans sent_without_defects() {
    Spans all = two_traces('a', 'b');
    for (SpanData& span : two_traces('c', 'd')) all.push_back(std::move(span));
    return all;
}

class Kept final : public telemetry::SpanProcessor {
  public:
    void on_end(std::unique_ptr<SpanData> span) override { spans.push_back(std::move(*span)); }
    Spans spans;
};

Spans sent_with(std::string_view defect) {
    const std::string folder = ::testing::TempDir() + "every-defect-" + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(write_fault_file(folder, {{.id = 1, .defect = std::string(defect)}}).has_value());
    Kept kept;
    {
        const auto faults = watch_faults(folder, 1);
        DefectiveSpans defective(kept, *faults, "orders");
        for (SpanData& span : sent_without_defects())
            defective.on_end(std::make_unique<SpanData>(std::move(span)));
    }
    std::filesystem::remove_all(folder);
    return std::move(kept.spans);
}

const telemetry::AttributeValue* find(const SpanData& span, std::string_view key) {
    const auto found = std::ranges::find(span.attributes, key, &Attribute::key);
    return found == span.attributes.end() ? nullptr : &found->value;
}
bool has(const SpanData& span, std::string_view key) {
    return find(span, key) != nullptr;
}
std::int64_t code_of(const SpanData& span) {
    const auto* code = find(span, "http.response.status_code");
    const auto* number = code == nullptr ? nullptr : std::get_if<std::int64_t>(code);
    return number == nullptr ? 0 : *number;
}
std::int64_t length(const SpanData& span) {
    return span.end.unix_ns - span.start.unix_ns;
}
std::int64_t shift(const SpanData& was, const SpanData& is) {
    return length(was) == length(is) ? is.start.unix_ns - was.start.unix_ns : 0;
}
bool same_links(const SpanData& a, const SpanData& b) {
    return std::ranges::equal(a.links, b.links, {}, &telemetry::SpanLink::context,
                              &telemetry::SpanLink::context);
}
bool same(const SpanData& a, const SpanData& b) {
    return a.context == b.context && a.parent == b.parent && a.parent_remote == b.parent_remote &&
           a.name == b.name && a.kind == b.kind && a.start == b.start && a.end == b.end &&
           a.attributes == b.attributes && same_links(a, b) && a.events.size() == b.events.size() &&
           a.status == b.status && a.dropped_links == b.dropped_links;
}
/// Whether an id belongs to a span that was sent without defects, in that trace.
bool exists(const telemetry::SpanId& id, const telemetry::TraceId& trace) {
    return std::ranges::any_of(sent_without_defects(), [&](const SpanData& span) {
        return span.context.span_id == id && span.context.trace_id == trace;
    });
}
bool links_to_published(const telemetry::SpanContext& target) {
    return std::ranges::any_of(sent_without_defects(), [&](const SpanData& span) {
        return span.kind == SpanKind::kProducer && span.context == target;
    });
}

bool is_child(const SpanData& span) {
    return span.parent.valid();
}
bool has_links(const SpanData& span) {
    return !span.links.empty();
}
bool is_http(const SpanData& span) {
    return has(span, "http.request.method");
}
bool is_messaging(const SpanData& span) {
    return has(span, "messaging.system");
}
bool any(const SpanData& /*span*/) {
    return true;
}

/// A defect that turns one span into one span: which spans it fits, and what becomes of them.
struct OneForOne {
    std::string_view name;
    bool (*fits)(const SpanData& was);
    bool (*done)(const SpanData& was, const SpanData& is);
};

const OneForOne kOneForOne[] = {
    {"W-PARTIAL", any, [](S /*was*/, S is) { return is.start.unix_ns == 0 && is.end.unix_ns == 0; }},
    {"I-ZERO", any, [](S /*was*/, S is) { return !is.context.span_id.valid(); }},
    {"I-TRUNC64", any,
     [](S was, S is) {
         return is.context.trace_id.text() == std::string(16, '0') + was.context.trace_id.text().substr(16);
     }},
    {"I-REWRITE", [](S span) { return span.parent_remote; },
     [](S /*was*/, S is) { return !is.parent.valid() && !exists(is.context.span_id, is.context.trace_id); }},
    {"T-ORPHAN", is_child,
     [](S /*was*/, S is) { return is.parent.valid() && !exists(is.parent, is.context.trace_id); }},
    {"T-MULTIROOT", is_child, [](S was, S is) { return !is.parent.valid() && is.context == was.context; }},
    {"T-CYCLE", any, [](S /*was*/, S is) { return is.parent == is.context.span_id; }},
    {"T-UNFINISHED", any, [](S was, S is) { return is.end.unix_ns == 0 && is.start == was.start; }},
    {"T-ROOTCLIENT", [](S span) { return !is_child(span) && has_links(span); },
     [](S /*was*/, S is) { return is.kind == SpanKind::kClient; }},
    {"C-BEFORE", [](S span) { return is_child(span) && !span.parent_remote; },
     [](S was, S is) { return was.start.unix_ns - is.start.unix_ns == 200 * kMs && is.end == was.end; }},
    {"C-OUTSIDE", [](S span) { return is_child(span) && !span.parent_remote; },
     [](S was, S is) { return is.end.unix_ns - was.end.unix_ns == 5'000 * kMs && is.start == was.start; }},
    {"C-SKEW", any, [](S was, S is) { return shift(was, is) == 2'000 * kMs; }},
    {"C-NEGNET", [](S span) { return span.kind == SpanKind::kClient; },
     [](S /*was*/, S is) { return length(is) == kMs / 1000; }},
    {"C-FUTURE", any, [](S was, S is) { return shift(was, is) == 3'600'000 * kMs; }},
    {"C-ZERODUR", [](S span) { return span.kind == SpanKind::kServer || span.kind == SpanKind::kClient; },
     [](S /*was*/, S is) { return length(is) == 0; }},
    {"P-FLAG-LOST", any, [](S /*was*/, S is) { return is.context.flags == 2; }},
    {"P-RANDOM", any, [](S /*was*/, S is) { return is.context.flags == 1; }},
    {"P-STATE-DROP", any, [](S /*was*/, S is) { return is.context.state.empty(); }},
    {"P-MIXED", any,
     [](S was, S is) {
         return is.links.size() == was.links.size() + 1 && is.links.back().attributes.size() == 1 &&
                is.links.back().attributes[0] == Attribute{"reason", std::string("terminated_context")};
     }},
    {"L-MISSING", has_links, [](S /*was*/, S is) { return is.links.empty() && is.dropped_links == 0; }},
    {"L-DANGLING", has_links,
     [](S was, S is) {
         const auto& target = is.links[0].context;
         return target.trace_id == was.links[0].context.trace_id && !exists(target.span_id, target.trace_id);
     }},
    {"L-UNKNOWN", has_links,
     [](S /*was*/, S is) {
         return std::ranges::none_of(sent_without_defects(), [&](const SpanData& span) {
             return span.context.trace_id == is.links[0].context.trace_id;
         });
     }},
    {"L-PARENTONLY", has_links,
     [](S was, S is) { return is.links.empty() && is.parent == was.links[0].context.span_id; }},
    {"L-BOTH", has_links,
     [](S was, S is) { return same_links(was, is) && is.parent == was.links[0].context.span_id; }},
    {"L-SELF", any, [](S /*was*/, S is) { return is.links.back().context == is.context; }},
    {"L-DUP", has_links,
     [](S was, S is) {
         return is.links.size() == was.links.size() + 1 && is.links.back().context == was.links[0].context;
     }},
    {"L-TARGET-KIND", [](S span) { return span.kind == SpanKind::kProducer; },
     [](S /*was*/, S is) { return is.kind == SpanKind::kInternal; }},
    {"L-KINDPAIR", [](S span) { return span.kind == SpanKind::kConsumer; },
     [](S /*was*/, S is) { return is.kind == SpanKind::kServer; }},
    {"L-ORDER", has_links, [](S was, S is) { return shift(was, is) == -10'000 * kMs; }},
    {"L-COUNT", [](S span) { return has(span, "messaging.batch.message_count"); },
     [](S /*was*/, S is) { return std::get<std::int64_t>(*find(is, "messaging.batch.message_count")) == 3; }},
    {"L-ID", [](S span) { return has(span, "messaging.message.id"); },
     [](S was, S is) { return *find(is, "messaging.message.id") != *find(was, "messaging.message.id"); }},
    {"L-TRUNC", has_links,
     [](S was, S is) { return is.links.size() == was.links.size() - 1 && is.dropped_links == 1; }},
    {"L-FLAGS", has_links,
     [](S was, S is) { return is.links[0].context.sampled() != was.links[0].context.sampled(); }},
    {"S-REQ", [](S span) { return is_http(span) || is_messaging(span); },
     [](S /*was*/, S is) { return !is_http(is) && !is_messaging(is); }},
    {"S-COND", [](S span) { return has(span, "http.route") || has(span, "messaging.destination.name"); },
     [](S /*was*/, S is) { return !has(is, "http.route") && !has(is, "messaging.destination.name"); }},
    {"S-DEPR", [](S span) { return is_http(span) || is_messaging(span); },
     [](S was, S is) { return has(is, is_http(was) ? "http.status_code" : "messaging.operation"); }},
    {"S-UNKNOWN", [](S span) { return is_http(span) || is_messaging(span); },
     [](S was, S is) { return has(is, is_http(was) ? "http.colour" : "messaging.colour"); }},
    {"S-ENUM", [](S span) { return is_http(span) || is_messaging(span); },
     [](S was, S is) {
         return is_http(was) ? *find(is, "http.request.method") == telemetry::AttributeValue("fetch")
                             : *find(is, "messaging.operation.type") == telemetry::AttributeValue("publish");
     }},
    {"S-TYPE", [](S span) { return code_of(span) != 0 || has(span, "messaging.batch.message_count"); },
     [](S was, S is) {
         return std::holds_alternative<std::string>(
             *find(is, code_of(was) != 0 ? "http.response.status_code" : "messaging.batch.message_count"));
     }},
    {"S-LEVEL", any, [](S /*was*/, S is) { return has(is, "service.name"); }},
    {"S-KIND", [](S span) { return span.kind != SpanKind::kInternal; },
     [](S /*was*/, S is) { return is.kind == SpanKind::kInternal; }},
    {"S-NAME", [](S span) { return span.name.find(' ') != std::string::npos; },
     [](S was, S is) { return was.name.starts_with(is.name.substr(is.name.find(' ') + 1) + ' '); }},
    {"S-CARD", any, [](S was, S is) { return is.name == was.name + ' ' + was.context.span_id.text(); }},
    {"E-STATUS", [](S span) { return code_of(span) != 0; },
     [](S was, S is) { return (is.status == SpanStatus::kError) == (code_of(was) < 500); }},
    {"E-MISMATCH", [](S span) { return code_of(span) != 0; },
     [](S /*was*/, S is) { return code_of(is) == 418; }},
    {"E-SILENT", any,
     [](S /*was*/, S is) {
         return is.status == SpanStatus::kUnset && is.events.size() == 1 && is.events[0].name == "exception";
     }},
};

TEST(EveryDefect, ThatChangesASpanChangesEachThatItFits) {
    const Spans were = sent_without_defects();
    for (const OneForOne& defect : kOneForOne) {
        const Spans are = sent_with(defect.name);
        ASSERT_EQ(are.size(), were.size()) << defect.name;
        int fitting = 0;
        for (std::size_t i = 0; i < were.size(); ++i) {
            const bool fits = defect.fits(were[i]);
            fitting += fits ? 1 : 0;
            EXPECT_EQ(same(were[i], are[i]) && were[i].context.state == are[i].context.state, !fits)
                << defect.name << ": " << were[i].name;
            if (!fits) continue;
            EXPECT_TRUE(defect.done(were[i], are[i])) << defect.name << ": " << were[i].name;
        }
        EXPECT_GT(fitting, 0) << defect.name;
    }
}

/// At share 1 as at any: a parent that exists, but elsewhere. What ends before a second trace was seen is
/// left.
TEST(EveryDefect, ACrossedParentIsASpanOfAnotherTrace) {
    const Spans were = sent_without_defects();
    const Spans are = sent_with("T-CROSS");
    ASSERT_EQ(are.size(), were.size());
    for (std::size_t i = 0; i < were.size(); ++i) {
        const bool first_trace = i < 4;
        if (first_trace || !were[i].parent.valid()) {
            EXPECT_TRUE(same(were[i], are[i])) << were[i].name;
            continue;
        }
        EXPECT_FALSE(exists(are[i].parent, are[i].context.trace_id)) << were[i].name;
        EXPECT_TRUE(std::ranges::any_of(were, [&](const SpanData& span) {
            return span.context.span_id == are[i].parent && span.context.trace_id != are[i].context.trace_id;
        })) << were[i].name;
    }
}

/// A link to an event that was published, by another request.
TEST(EveryDefect, AFalseLinkLeadsToTheEventOfAnotherRequest) {
    const Spans were = sent_without_defects();
    const Spans are = sent_with("L-FALSE");
    ASSERT_EQ(are.size(), were.size());
    for (std::size_t i = 0; i < were.size(); ++i) {
        const bool first_request = i < were.size() / 2;
        if (first_request || were[i].links.empty()) {
            EXPECT_TRUE(same(were[i], are[i])) << were[i].name;
            continue;
        }
        ASSERT_EQ(are[i].links.size(), were[i].links.size());
        const telemetry::SpanContext& target = are[i].links[0].context;
        EXPECT_NE(target.trace_id, were[i].links[0].context.trace_id);
        EXPECT_TRUE(links_to_published(target)) << were[i].name;
    }
}

TEST(EveryDefect, ThatMakesOrTakesSpans) {
    const Spans were = sent_without_defects();
    EXPECT_TRUE(sent_with("N-SPAN").empty());
    const Spans without_entries = sent_with("T-ENTRY");
    EXPECT_EQ(without_entries.size(), were.size() - 2);
    for (const SpanData& span : without_entries) EXPECT_FALSE(span.kind == SpanKind::kServer);
    const std::map<std::string_view, std::size_t> sent = {
        {"I-DUP", 2},  {"I-REDELIVER", 2}, {"N-COUNT", 2}, {"T-DEPTH", 73}, {"T-FANOUT", 201},
        {"T-N+1", 21}, {"T-INTERNAL", 26}, {"N-EXTRA", 2}, {"T-LATE", 1}};
    for (const auto& [name, for_each] : sent)
        EXPECT_EQ(sent_with(name).size(), for_each * were.size()) << name;
}

TEST(EveryDefect, ChildrenThatAreAddedBelongToTheSpan) {
    const SpanData first = sent_without_defects().front();
    const std::map<std::string_view, std::pair<SpanKind, std::int64_t>> broods = {
        {"T-FANOUT", {SpanKind::kInternal, length(first)}},
        {"T-N+1", {SpanKind::kClient, length(first)}},
        {"T-INTERNAL", {SpanKind::kInternal, kMs}},
        {"N-EXTRA", {SpanKind::kInternal, length(first)}}};
    for (const auto& [name, expected] : broods) {
        const Spans spans = sent_with(name);
        std::size_t children = 0;
        while (!same(spans[children], first)) {
            const SpanData& child = spans[children++];
            EXPECT_EQ(child.parent, first.context.span_id) << name;
            EXPECT_EQ(child.context.trace_id, first.context.trace_id) << name;
            EXPECT_EQ(child.name, spans.front().name) << name;
            EXPECT_EQ(child.kind, expected.first) << name;
            EXPECT_EQ(length(child), expected.second) << name;
            ASSERT_LT(children, spans.size()) << name;
        }
        EXPECT_GT(children, 0U) << name;
    }
}

TEST(EveryDefect, OfSpansIsTestedHere) {
    std::vector<std::string_view> tested = {"T-CROSS",     "L-FALSE",    "N-SPAN",  "T-ENTRY",  "I-DUP",
                                            "I-REDELIVER", "N-COUNT",    "T-DEPTH", "T-FANOUT", "T-N+1",
                                            "N-EXTRA",     "T-INTERNAL", "T-LATE"};
    for (const OneForOne& defect : kOneForOne) tested.push_back(defect.name);
    for (const TraceDefectRow& row : trace_defect_table()) {
        if (row.place != DefectPlace::kSpan) continue;
        EXPECT_EQ(std::ranges::count(tested, row.name), 1) << row.name;
    }
}

}  // namespace
}  // namespace loadgen::services::runtime
