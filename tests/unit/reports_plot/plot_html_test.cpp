#include "reports/render/plot_html.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadgen::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Text that would end each context it is put into.
const std::string kHostile =
    "</script></title><img src=x onerror=alert(1)>\"'&\xE2\x80\xA8\xFF<!--loadgen:payload-->";

runlog::Record record(std::int64_t due_ns, std::int64_t latency_ns, std::uint16_t code,
                      std::string error = "") {
    runlog::Record result;
    result.timestamp = WallTime{1'700'000'000'000'000'000 + due_ns};
    result.latency = Nanos(latency_ns);
    result.code = code;
    result.error = std::move(error);
    return result;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST(PlotHtml, HostileTextStaysText) {
    PlotBuilder builder;
    auto bad = record(0, 1000, 0, kHostile);
    bad.attack = kHostile;
    bad.url = kHostile;
    builder.add(bad);
    const std::string harmless = render_plot_html(PlotBuilder().finish(), "plain");
    const std::string page = render_plot_html(builder.finish(), kHostile);
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    EXPECT_THAT(page, Not(HasSubstr("\xE2\x80\xA8\xFF")));
    EXPECT_EQ(occurrences(page, "</script"), occurrences(harmless, "</script"));
    EXPECT_EQ(occurrences(page, "</title"), 1u);
    EXPECT_EQ(occurrences(page, "<!--"), 0u);  // our own markers are gone, and a stranger's is escaped
    EXPECT_THAT(page, HasSubstr("&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;"));
}

TEST(PlotHtml, LoadsNothingAndForbidsIt) {
    PlotBuilder builder;
    builder.add(record(0, 1000, 200));
    const std::string page = render_plot_html(builder.finish(), "t");
    EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
    for (const char* outside : {"<script src", "<link rel=\"stylesheet", "@import", "url(http", "{{"}) {
        EXPECT_THAT(page, Not(HasSubstr(outside)));
    }
}

TEST(PlotHtml, TheFailureTableCountsEveryFailureOnceAndTheMostFrequentFirst) {
    PlotBuilder builder;
    builder.add(record(0, 1'500'000, 0, "connection refused"));
    for (int i = 0; i < 1234; ++i)
        builder.add(record(1'000'000'000, 20'000'000, 503, "503 Service Unavailable"));
    builder.add(record(0, 1000, 200));
    const std::string html = plot_failures_html(builder.finish());
    EXPECT_EQ(occurrences(html, "data-failures="), 2u);
    EXPECT_THAT(html,
                HasSubstr("<tr data-failures=\"1234\"><td>1\u202F234</td><th scope=\"row\">http-5xx</th>"
                          "<td class=\"text\">503</td><td class=\"text error\">503 Service Unavailable</td>"
                          "<td>1s</td><td>1s</td><td>20ms</td>"));
    EXPECT_LT(html.find("1234"), html.find("connection refused"));
}

TEST(PlotHtml, SummaryOfOneAttackUsesVegetasFormulas) {
    PlotBuilder builder;
    // 500 requests at 50/s: vegeta divides by the span of the due times, 9.98 s, hence 50.10.
    for (int i = 0; i < 500; ++i)
        builder.add(record(i * std::int64_t{20'000'000}, 20'000'000, i == 7 ? 500 : 200));
    const std::string html = plot_summary_html(builder.finish());
    EXPECT_THAT(html, HasSubstr("<dt>Rate asked</dt><dd>50.10/s</dd>"));
    EXPECT_THAT(html, HasSubstr("<dt>Throughput</dt><dd>49.90/s</dd>"));  // 499 in 10 s
    EXPECT_THAT(html, HasSubstr("<dd>99.800\u202F%</dd>"));
    EXPECT_THAT(html, HasSubstr("Started 2023-11-14 22:13:20 UTC · lasted 10s"));
    EXPECT_THAT(html, Not(HasSubstr("Service time")));
}

TEST(PlotHtml, OneFailureAmongAMillionIsNotAHundredPercent) {
    PlotBuilder builder;
    for (int i = 0; i < 1'000'000; ++i) builder.add(record(i, 1000, i == 0 ? 500 : 200));
    const PlotData data = builder.finish();
    EXPECT_THAT(plot_summary_html(data), HasSubstr(">99.999\u202F%"));
    EXPECT_THAT(plot_notes_html(data), HasSubstr("Too many successful requests to draw each"));
}

TEST(PlotHtml, GatheredFailuresAreAnnounced) {
    PlotBuilder builder({.ok_points = 4000, .exact_failures = 10});
    for (int i = 0; i < 11; ++i) builder.add(record(i, 1000, 500));
    const PlotData data = builder.finish();
    EXPECT_THAT(plot_notes_html(data), HasSubstr("all failures of one kind within 100ms"));
    EXPECT_THAT(plot_failures_html(data), HasSubstr("data-failures=\"11\""));
}

TEST(PlotHtml, EmptyResultsSaySo) {
    const PlotData data = PlotBuilder().finish();
    EXPECT_EQ(plot_summary_html(data), "<p class=\"empty\">The results hold no requests.</p>");
    EXPECT_EQ(plot_failures_html(data), "<p class=\"empty\">No request failed.</p>");
}

TEST(PlotHtml, DescriptionListsColumnsInUnitsOfAPage) {
    PlotBuilder builder;
    auto one = record(0, 1'234'567, 503, "busy");
    one.attack = "a\"b";
    builder.add(one);
    std::string payload;
    const std::string json = plot_description_json(builder.finish(), payload);
    EXPECT_THAT(
        json,
        HasSubstr(R"("attacks":[{"name":"a\"b","requests":1,"failures":1,"detail":false,"thinned":false}])"));
    EXPECT_THAT(json, HasSubstr(R"("groups":["http-5xx"],"kinds":[{"group":0,"code":503,"text":"busy"}])"));
    EXPECT_THAT(json, HasSubstr(R"(["fail0.time",1],["fail0.latency",1],["fail0.kind",1],)"));
    EXPECT_FALSE(payload.empty());
}

}  // namespace
}  // namespace loadgen::reports
