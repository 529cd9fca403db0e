#include "loadgen/engine/users/step_requests.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

class StepRequestsTest : public testing::Test {
  protected:
    plan::RunPlan plan_;
    SharedRun run_{plan_, 1};
    StepRequests requests_{run_};

    static std::string head(const CompiledRequest& request) {
        std::string out;
        request.append_http1_head(out, 0, {}, false);
        return out.substr(0, out.find("X-Vegeta-Seq"));
    }

    std::shared_ptr<const CompiledRequest> send(std::shared_ptr<const plan::Request> request,
                                                std::uint32_t step = 0, bool constant = false) {
        steps::Outgoing outgoing;
        outgoing.request = std::move(request);
        outgoing.step = step;
        outgoing.constant = constant;
        return requests_.compile(outgoing);
    }
};

TEST_F(StepRequestsTest, ARequestThatIsOverLeavesItsRoomToTheNextOfItsStep) {
    auto first = send(make_request("POST", "http://h/a", "body", {{"x", "1"}}));
    const plan::Request* const source = &first->source();
    const CompiledRequest* const compiled = first.get();
    requests_.reuse(std::move(first), 0);

    EXPECT_NE(requests_.blank(1).get(), source) << "of another step";
    auto blank = requests_.blank(0);
    EXPECT_EQ(blank.get(), source);
    EXPECT_NE(requests_.blank(0).get(), source) << "it is given once";

    *blank = *make_request("GET", "http://h/b");
    const auto second = send(std::move(blank));
    EXPECT_EQ(second.get(), compiled);
    EXPECT_EQ(head(*second), "GET /b HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\n");
    EXPECT_EQ(second->body(), "");
}

TEST_F(StepRequestsTest, NothingOfAnEarlierRequestSticks) {
    constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    auto first = send(make_request("HEAD", "https://h/a", "", {{"traceparent", kTraceparent}}));
    EXPECT_TRUE(first->has_traceparent());
    EXPECT_FALSE(first->http2_fields().empty());
    requests_.reuse(std::move(first), 0);
    const auto second = send(make_request("POST", "http://other/b", "text"));
    EXPECT_FALSE(second->has_traceparent());
    EXPECT_FALSE(second->own_trace().valid());
    EXPECT_TRUE(second->http2_fields().empty()) << "a server without TLS is spoken to in HTTP/1.1";
    EXPECT_EQ(second->parser_method(), http::Http1Parser::Method::kOther);
    EXPECT_EQ(run_.authorities.at(second->authority()).host, "other");
    EXPECT_EQ(run_.endpoints.name(second->endpoint()), "POST /b");
}

TEST_F(StepRequestsTest, WhatSomebodyElseHoldsIsLeftAlone) {
    const auto held = send(make_request("GET", "http://h/a"));
    requests_.reuse(held, 0);
    EXPECT_NE(requests_.blank(0).get(), &held->source());
    EXPECT_NE(send(make_request("GET", "http://h/b")), held);
    EXPECT_EQ(held->source().url.path_and_query, "/a");

    const auto source = make_request("GET", "http://h/a");
    requests_.reuse(send(source), 0);
    EXPECT_NE(requests_.blank(0), source);
}

TEST_F(StepRequestsTest, KeepsNoMoreThanItsLimitAndNothingOfNoStep) {
    std::vector<std::shared_ptr<const CompiledRequest>> sent;
    std::set<const plan::Request*> sources;
    for (std::size_t i = 0; i < StepRequests::kMostSpare + 10; ++i) {
        sent.push_back(send(make_request("GET", "http://h/a")));
        sources.insert(&sent.back()->source());
    }
    auto message = send(make_request("SEND", "http://h/a"), steps::Outgoing::kNoStep);
    sources.insert(&message->source());
    requests_.reuse(std::move(message), Exchange::kNoStep);
    for (auto& request : sent) requests_.reuse(std::move(request), 0);
    std::vector<std::shared_ptr<plan::Request>> blanks;  // held, so that no address comes twice
    for (std::size_t i = 0; i < StepRequests::kMostSpare; ++i) {
        blanks.push_back(requests_.blank(0));
        EXPECT_TRUE(sources.contains(blanks.back().get())) << i;
    }
    EXPECT_EQ(requests_.blank(0)->method, "") << "a new one";
}

TEST_F(StepRequestsTest, AConstantRequestIsCompiledOnceWhateverElseTheStepSends) {
    const auto constant = make_request("GET", "http://h/a");
    const auto first = send(constant, 0, true);
    requests_.reuse(first, 0);
    const auto of_user_with_cookies = send(make_request("GET", "http://h/a", "", {{"cookie", "a=1"}}));
    EXPECT_NE(of_user_with_cookies, first);
    EXPECT_EQ(send(constant, 0, true), first);
}

TEST_F(StepRequestsTest, LongBodiesAreFreed) {
    auto request = std::make_shared<plan::Request>(*make_request("POST", "http://h/a"));
    request->body = nullptr;
    request->own_body.assign(StepRequests::kMostSpareBody + 1, 'x');
    requests_.reuse(send(std::move(request)), 0);
    EXPECT_LE(requests_.blank(0)->own_body.capacity(), StepRequests::kMostSpareBody);
}

}  // namespace
}  // namespace loadgen::engine::test
