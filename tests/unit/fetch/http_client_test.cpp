#include "common/fetch/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <latch>
#include <set>

#include "tests/support/scripted_server.hpp"

namespace loadgen::fetch {
namespace {

using test::scripted;
using test::ScriptedAnswer;
using test::ScriptedServer;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Result<FetchResponse> fetch(HttpClient& client, FetchRequest request) {
    std::promise<Result<FetchResponse>> promise;
    auto future = promise.get_future();
    client.send(std::move(request),
                [&promise](Result<FetchResponse> result) { promise.set_value(std::move(result)); });
    return future.get();
}

ScriptedAnswer echo(const http::Request& request) {
    std::string text = request.method + " " + request.target + "\n";
    for (const http::Header& header : request.headers) text += header.name + ": " + header.value + "\n";
    return scripted(200, text + "\n" + request.body);
}

TEST(HttpClient, SendsWhatItIsToldAndNothingElse) {
    ScriptedServer server([](const http::Request& request, int) { return echo(request); });
    HttpClient client;
    const std::string body(100'000, 'b');  // long enough for "Expect: 100-continue"
    const auto response =
        fetch(client, {.method = "POST",
                       .url = server.url("/v1/traces?x=1#gone"),
                       .headers = {{"content-type", "application/x-protobuf"}, {"x-empty", ""}},
                       .body = body});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_THAT(response->body, StartsWith("POST /v1/traces?x=1\n"));
    EXPECT_THAT(response->body,
                AllOf(HasSubstr("\ncontent-type: application/x-protobuf\n"), HasSubstr("\nx-empty: \n"),
                      HasSubstr("\nContent-Length: 100000\n"), HasSubstr("\n\n" + body)));
    EXPECT_THAT(response->body, AllOf(Not(HasSubstr("Expect")), Not(HasSubstr("urlencoded"))));
}

TEST(HttpClient, KnowsEveryMethod) {
    ScriptedServer server([](const http::Request& request, int) {
        if (request.method == "HEAD") return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"};
        return echo(request);
    });
    HttpClient client;
    for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"}) {
        for (const char* body : {"", "text"}) {
            const auto response = fetch(client, {.method = method, .url = server.url("/"), .body = body});
            ASSERT_TRUE(response) << method << response.error().message;
            EXPECT_THAT(response->body, StartsWith(method + std::string(" /\n")));
            EXPECT_THAT(response->body, ::testing::EndsWith("\n\n" + std::string(body)));
        }
    }
    const auto head = fetch(client, {.method = "HEAD", .url = server.url("/")});
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(head->body, "");
    EXPECT_EQ(server.connections(), 1);  // nothing broke the framing
}

TEST(HttpClient, GivesBackTheFinalResponseAsItCame) {
    ScriptedServer server([](const http::Request&, int) {
        return ScriptedAnswer{
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-Two: a\r\nX-Two:  b \r\nContent-Length: 4\r\n\r\nwait"};
    });
    HttpClient client;
    const auto response = fetch(client, {.url = server.url("/")});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 503);
    EXPECT_EQ(response->body, "wait");
    EXPECT_EQ(response->headers,
              (http::Headers{{"Retry-After", "7"}, {"X-Two", "a"}, {"X-Two", "b"}, {"Content-Length", "4"}}));
}

TEST(HttpClient, KeepsConnections) {
    ScriptedServer server(
        [](const http::Request&, int connection) { return scripted(200, std::to_string(connection)); });
    HttpClient client;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch(client, {.url = server.url("/")})->body, "1");
}

TEST(HttpClient, OpensANewConnectionWhenTheOldOneIsGone) {
    ScriptedServer server([](const http::Request&, int connection) {
        ScriptedAnswer answer = scripted(200, std::to_string(connection));
        answer.then = ScriptedAnswer::Then::kClose;
        return answer;
    });
    HttpClient client;
    for (const char* expected : {"1", "2", "3"})
        EXPECT_EQ(fetch(client, {.url = server.url("/")})->body, expected);
}

TEST(HttpClient, FollowsNoRedirectAndAsksNoProxy) {
    ScriptedServer proxy([](const http::Request&, int) { return scripted(500); });
    ScriptedServer server([](const http::Request&, int) {
        return scripted(302, "", {{"Location", "http://127.0.0.1:1/"}});
    });
    ::setenv("http_proxy", proxy.url("").c_str(), 1);
    ::setenv("ALL_PROXY", proxy.url("").c_str(), 1);
    HttpClient client;
    const auto response = fetch(client, {.url = server.url("/")});
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(proxy.connections(), 0);
}

TEST(HttpClient, SendsCredentialsOfTheUrlAndNeverNamesThem) {
    ScriptedServer server([](const http::Request& request, int) { return echo(request); });
    HttpClient client;
    const std::string port = std::to_string(server.port());
    const auto response = fetch(client, {.url = "http://user:se%20cret@127.0.0.1:" + port + "/"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_THAT(response->body, HasSubstr("Authorization: Basic dXNlcjpzZSBjcmV0\n"));  // user:se cret
    const auto refused = fetch(
        client, {.url = "http://user:secret@127.0.0.1:" + port + "/path?key=1", .max_response_bytes = 1});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "GET http://127.0.0.1:" + port + ": the response is longer than 1 bytes");
}

struct BadRequest {
    FetchRequest request;
    const char* message;
};

TEST(HttpClient, RefusesRequestsThatCannotBeSent) {
    HttpClient client;
    const BadRequest cases[] = {
        {{.url = ""}, "request: the URL is not an absolute http or https URL"},
        {{.url = "/v1/traces"}, "request: the URL is not an absolute http or https URL"},
        {{.url = "file:///etc/passwd"}, "request: the URL is not an absolute http or https URL"},
        {{.url = "ftp://127.0.0.1/"}, "request: the URL is not an absolute http or https URL"},
        {{.method = "GE T", .url = "http://127.0.0.1:1/"}, "request: the method is no token"},
        {{.method = "", .url = "http://127.0.0.1:1/"}, "request: the method is no token"},
        {{.url = "http://127.0.0.1:1/", .headers = {{"a", "b\r\nc: d"}}},
         "GET http://127.0.0.1:1: a header field has a character that may not be sent"},
        {{.url = "http://127.0.0.1:1/", .headers = {{"a:", "b"}}},
         "GET http://127.0.0.1:1: a header field has a character that may not be sent"},
        {{.url = "http://127.0.0.1:1/", .headers = {{"", "b"}}},
         "GET http://127.0.0.1:1: a header field has a character that may not be sent"},
    };
    for (const BadRequest& bad : cases) {
        const auto response = fetch(client, bad.request);
        ASSERT_FALSE(response) << bad.request.url;
        EXPECT_EQ(response.error().code, ErrorCode::kUsage);
        EXPECT_EQ(response.error().message, bad.message);
    }
}

TEST(HttpClient, LimitsTheResponse) {
    ScriptedServer server([](const http::Request& request, int) {
        if (request.target == "/head") return scripted(200, "", {{"x", std::string(70'000, 'x')}});
        if (request.target == "/endless")
            return ScriptedAnswer{"HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'b')};
        return scripted(200, std::string(1000, 'b'));
    });
    HttpClient client;
    EXPECT_EQ(fetch(client, {.url = server.url("/"), .max_response_bytes = 1000})->body.size(), 1000u);
    for (const char* path : {"/", "/endless"}) {
        const auto long_body = fetch(client, {.url = server.url(path), .max_response_bytes = 999});
        ASSERT_FALSE(long_body);
        EXPECT_EQ(long_body.error().code, ErrorCode::kLimit);
        EXPECT_EQ(long_body.error().message,
                  "GET " + server.url("") + ": the response is longer than 999 bytes");
    }
    const auto long_head = fetch(client, {.url = server.url("/head")});
    ASSERT_FALSE(long_head);
    EXPECT_EQ(long_head.error().code, ErrorCode::kLimit);
    EXPECT_EQ(long_head.error().message,
              "GET " + server.url("") + ": the response's head is longer than 65536 bytes");
}

TEST(HttpClient, ReportsServersThatFail) {
    ScriptedServer server([](const http::Request& request, int) {
        if (request.target == "/reset") return ScriptedAnswer{"", ScriptedAnswer::Then::kReset};
        if (request.target == "/cut") {
            return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
                                  ScriptedAnswer::Then::kClose};
        }
        if (request.target == "/nonsense")
            return ScriptedAnswer{"what?\r\n\r\n", ScriptedAnswer::Then::kClose};
        return ScriptedAnswer{"", ScriptedAnswer::Then::kSilence};
    });
    HttpClient client;
    for (const char* path : {"/reset", "/cut"}) {
        const auto response = fetch(client, {.url = server.url(path)});
        ASSERT_FALSE(response) << path;
        EXPECT_EQ(response.error().code, ErrorCode::kIo) << path;
        EXPECT_THAT(response.error().message, StartsWith("GET " + server.url("") + ": ")) << path;
    }
    EXPECT_FALSE(fetch(client, {.url = server.url("/nonsense")}));
    const auto silent =
        fetch(client, {.url = server.url("/silent"), .total_timeout = std::chrono::milliseconds(50)});
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, ErrorCode::kIo);
    EXPECT_THAT(silent.error().message, HasSubstr("timed out"));
}

TEST(HttpClient, ReportsAPortWhereNobodyListens) {
    std::string url;
    {
        const ScriptedServer gone([](const http::Request&, int) { return scripted(200); });
        url = gone.url("/");
    }
    HttpClient client;
    const auto response = fetch(client, {.url = url});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kIo);
}

TEST(HttpClient, NeverHasMoreInFlightThanAllowedAndRefusesBeyondTheQueue) {
    std::atomic<int> now{0};
    std::atomic<int> most{0};
    std::latch arrived(2);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    ScriptedServer server([&](const http::Request&, int) {
        const int mine = ++now;
        for (int seen = most; seen < mine && !most.compare_exchange_weak(seen, mine);) {
        }
        if (released.wait_for(std::chrono::seconds(0)) != std::future_status::ready) arrived.count_down();
        released.wait();
        --now;
        return scripted(200);
    });
    HttpClient client({.max_in_flight = 2, .max_waiting = 3});
    std::atomic<int> good{0};
    std::latch done(5);
    const auto count = [&](const Result<FetchResponse>& result) {
        good += result ? 1 : 0;
        done.count_down();
    };
    client.send({.url = server.url("/")}, count);
    client.send({.url = server.url("/")}, count);
    arrived.wait();  // both are in flight, so the queue is empty
    for (int i = 0; i < 3; ++i) client.send({.url = server.url("/")}, count);
    const auto refused = fetch(client, {.url = server.url("/")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
    EXPECT_EQ(refused.error().message, "request: 3 requests wait already");
    release.set_value();
    done.wait();
    EXPECT_EQ(good, 5);
    EXPECT_EQ(most, 2);
}

TEST(HttpClient, CancelsEverythingWhenDestroyed) {
    ScriptedServer server([](const http::Request&, int) {
        return ScriptedAnswer{"", ScriptedAnswer::Then::kSilence};
    });
    std::vector<Error> errors;
    std::set<std::thread::id> threads;
    {
        HttpClient client({.max_in_flight = 2});
        for (int i = 0; i < 5; ++i) {
            client.send({.url = server.url("/")}, [&](const Result<FetchResponse>& result) {
                errors.push_back(result.error());
                threads.insert(std::this_thread::get_id());
            });
        }
        server.wait_for_requests(2);
    }
    ASSERT_EQ(errors.size(), 5u);
    for (const Error& error : errors) {
        EXPECT_EQ(error.code, ErrorCode::kIo);
        EXPECT_THAT(error.message, HasSubstr("cancelled, the client closes"));
    }
    EXPECT_EQ(threads.size(), 1u);
    EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(HttpClient, CallbacksMaySendAgain) {
    ScriptedServer server([](const http::Request&, int) { return scripted(200); });
    HttpClient client;
    std::promise<int> finished;
    std::function<void(int)> send = [&](int left) {
        client.send({.url = server.url("/")}, [&, left](const Result<FetchResponse>& result) {
            if (left == 0 || !result) return finished.set_value(left);
            send(left - 1);
        });
    };
    send(20);
    EXPECT_EQ(finished.get_future().get(), 0);
    EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, ManyThreadsMaySend) {
    ScriptedServer server([](const http::Request&, int) { return scripted(200); });
    HttpClient client;
    std::latch done(200);
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 50; ++j) {
                client.send({.url = server.url("/")}, [&](const Result<FetchResponse>& result) {
                    good += result ? 1 : 0;
                    done.count_down();
                });
            }
        });
    }
    done.wait();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 200);
}

}  // namespace
}  // namespace loadgen::fetch
