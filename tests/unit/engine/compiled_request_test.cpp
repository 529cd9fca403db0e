#include <gtest/gtest.h>

#include "loadgen/engine/connections/authority.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

std::string head(const CompiledRequest& request, std::uint64_t sequence = 0, bool last = false,
                 const TraceIds& trace = {}) {
    std::string out;
    request.append_http1_head(out, sequence, trace, last);
    return out;
}

// W3C Trace Context, section 3.2.2: the example of the specification.
constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TraceIds example_trace() {
    const auto context = telemetry::parse_traceparent(kTraceparent);
    return {context->trace_id, context->span_id};
}

std::string fields(const CompiledRequest& request) {
    std::string text;
    for (const http::Header& field : request.http2_fields()) text += field.name + '=' + field.value + '\n';
    return text;
}

TEST(CompiledRequest, AGetToTheByte) {
    EXPECT_EQ(head(*compile(make_request("GET", "http://h:8080/a?b=c"))),
              "GET /a?b=c HTTP/1.1\r\nHost: h:8080\r\nUser-Agent: loadgen\r\n\r\n");
}

TEST(CompiledRequest, WhatTheUserSaysWins) {
    EXPECT_EQ(head(*compile(make_request("GET", "http://h/", "",
                                         {{"host", "other"}, {"user-agent", "mine"}, {"X", "1"}}))),
              "GET / HTTP/1.1\r\nhost: other\r\nuser-agent: mine\r\nX: 1\r\n\r\n");
}

TEST(CompiledRequest, CarriesTheTraceThatIsMadeForIt) {
    const auto request = compile(make_request("GET", "http://h/"));
    EXPECT_FALSE(request->has_traceparent());
    EXPECT_EQ(head(*request, 0, false, example_trace()),
              "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\ntraceparent: " +
                  std::string(kTraceparent) + "\r\n\r\n");
}

TEST(CompiledRequest, ATraceparentOfItsOwnStays) {
    const std::string own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    const auto request = compile(make_request("GET", "http://h/", "", {{"TraceParent", own}}));
    EXPECT_TRUE(request->has_traceparent());
    EXPECT_EQ(request->own_trace().trace.text(), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(request->own_trace().span.text(), "00f067aa0ba902b7");
    EXPECT_EQ(head(*request, 0, false, example_trace()),
              "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\nTraceParent: " + own + "\r\n\r\n");
}

TEST(CompiledRequest, AMalformedTraceparentStaysAndNamesNothing) {
    const auto request = compile(make_request("GET", "http://h/", "", {{"traceparent", "00-abc"}}));
    EXPECT_TRUE(request->has_traceparent());
    EXPECT_FALSE(request->own_trace().valid());
    EXPECT_EQ(head(*request, 0, false, example_trace()).find(kTraceparent), std::string::npos);
}

TEST(CompiledRequest, BodiesAreAnnounced) {
    EXPECT_NE(head(*compile(make_request("PUT", "http://h/", "abc"))).find("\r\nContent-Length: 3\r\n"),
              std::string::npos);
    EXPECT_NE(head(*compile(make_request("POST", "http://h/"))).find("\r\nContent-Length: 0\r\n"),
              std::string::npos);
    EXPECT_EQ(head(*compile(make_request("DELETE", "http://h/"))).find("Content-Length"), std::string::npos);
    EXPECT_EQ(head(*compile(make_request("GET", "http://h/"), true)).find("Transfer-Encoding"),
              std::string::npos);
}

// bug: a length of the user's stood beside the chunks, which servers must refuse.
TEST(CompiledRequest, ChunksHaveNoLengthBesideThem) {
    const std::string text =
        head(*compile(make_request("POST", "http://h/", "abc", {{"content-length", "3"}, {"A", "1"}}), true));
    EXPECT_EQ(text.find("ontent-length"), std::string::npos) << text;
    EXPECT_NE(text.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\nA: 1\r\n"), std::string::npos);
}

TEST(CompiledRequest, VegetasHeadersAndTheLastRequest) {
    const CompiledRequest request(make_request("GET", "http://h/"), 0, 0, {.attack_name = "night"});
    EXPECT_EQ(head(request, 18446744073709551615U, true),
              "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\nX-Vegeta-Attack: night\r\n"
              "X-Vegeta-Seq: 18446744073709551615\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(request.sequence_header());
}

TEST(CompiledRequest, Http2HasNoConnectionFieldsAndLowerCaseNames) {
    const auto request = compile(make_request("POST", "https://h/p", "abc",
                                              {{"Host", "other"},
                                               {"X-Case", "Kept"},
                                               {"Connection", "close"},
                                               {"Keep-Alive", "1"},
                                               {"TE", "trailers"}}));
    EXPECT_EQ(fields(*request),
              ":method=POST\n:scheme=https\n:authority=other\n:path=/"
              "p\nuser-agent=loadgen\nx-case=Kept\nte=trailers\n"
              "content-length=3\n");
}

TEST(CompiledRequest, TellsTheParserAboutHead) {
    EXPECT_EQ(compile(make_request("HEAD", "http://h/"))->parser_method(), http::Http1Parser::Method::kHead);
    EXPECT_EQ(compile(make_request("GET", "http://h/"))->parser_method(), http::Http1Parser::Method::kOther);
}

// bug: an IPv6 authority had no brackets, so that CONNECT named no valid target and connect-to never matched.
TEST(Authority, Ipv6IsInBrackets) {
    AuthorityTable table;
    const auto index = table.intern(http::parse_url("http://[::1]:8080/").value());
    EXPECT_EQ(table.at(index).text(), "[::1]:8080");
}

TEST(Authority, SchemeHostAndPortMakeOne) {
    AuthorityTable table;
    EXPECT_EQ(table.intern(http::parse_url("http://h/").value()), 0U);
    EXPECT_EQ(table.intern(http::parse_url("http://h:80/other").value()), 0U);
    EXPECT_EQ(table.intern(http::parse_url("https://h/").value()), 1U);
    EXPECT_EQ(table.intern(http::parse_url("http://h:81/").value()), 2U);
    EXPECT_TRUE(table.at(1).tls);
    EXPECT_EQ(table.at(1).port, 443);
}

TEST(Endpoints, BeyondTheLimitAllShareOne) {
    EndpointTable table;
    for (std::uint32_t i = 0; i < 2 * EndpointTable::kMaxEndpoints; ++i) {
        const auto index = table.intern("GET /" + std::to_string(i));
        EXPECT_EQ(index, std::min(i, EndpointTable::kMaxEndpoints - 1));
    }
    EXPECT_EQ(table.size(), EndpointTable::kMaxEndpoints);
    EXPECT_EQ(table.name(0), "GET /0");
    EXPECT_EQ(table.name(EndpointTable::kMaxEndpoints - 1), "(other)");
    EXPECT_EQ(table.intern("GET /5"), 5U);
}

}  // namespace
}  // namespace loadgen::engine::test
