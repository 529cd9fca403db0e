#include "common/io/resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>

#include "tests/unit/io/dns_responder.hpp"

namespace loadgen::io {
namespace {

using test::DnsResponder;
using Answer = Result<std::vector<Address>>;

/// The machine's clock with the wall clock's freedom to be moved on by a test.
class MovableClock final : public Clock {
  public:
    Instant now() const override { return system_clock().now() + Nanos(offset_ns.load()); }
    WallTime wall_now() const override { return system_clock().wall_now(); }
    std::atomic<std::int64_t> offset_ns{0};
};

class ResolverTest : public testing::Test {
  protected:
    void create(const DnsResponder& server, Nanos cache_ttl = Nanos(0)) {
        resolver_ = std::move(*Resolver::create(
            loop_, {.servers = {server.address()}, .cache_ttl = cache_ttl, .timeout = Nanos(300'000'000)}));
    }

    Answer resolve(const std::string& host) {
        std::optional<Answer> answer;
        resolver_->resolve(host, [&](const Answer& found) { answer = found; });
        const Instant give_up = system_clock().now() + Nanos(20'000'000'000);
        while (!answer && system_clock().now() < give_up) loop_.poll();
        return answer ? *answer : Answer(Error{ErrorCode::kIo, "no answer at all"});
    }

    MovableClock clock_;
    Loop loop_{clock_};
    std::unique_ptr<Resolver> resolver_;
};

TEST_F(ResolverTest, NamesComeFromTheServer) {
    const DnsResponder server(DnsResponder::Mood::kAnswers, {"127.0.0.9", "127.0.0.10"});
    create(server);
    const Answer answer = resolve("host.test");
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_EQ(answer->size(), 2U);
    EXPECT_EQ((*answer)[0].with_port(80).text().substr(0, 8), "127.0.0.");
}

// bug: a literal was looked up in DNS as well.
TEST_F(ResolverTest, LiteralsAndTheHostsFileNeedNoServer) {
    const DnsResponder server(DnsResponder::Mood::kNoSuchName);
    create(server);
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const Answer answer = resolve(host);
        ASSERT_TRUE(answer) << host << ": " << answer.error().message;
        EXPECT_FALSE(answer->empty());
    }
    EXPECT_EQ(resolve("127.0.0.1")->at(0), *Address::from_ip("127.0.0.1", 0));
    EXPECT_EQ(server.questions(), 0);
}

TEST_F(ResolverTest, EachFailureIsNamed) {
    {
        const DnsResponder server(DnsResponder::Mood::kNoSuchName);
        create(server);
        const Answer answer = resolve("gone.test");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
        EXPECT_EQ(answer.error().message, "looking up gone.test: Domain name not found");
    }
    const DnsResponder failing(DnsResponder::Mood::kServerFailure);
    create(failing);
    EXPECT_FALSE(resolve("broken.test"));
    const DnsResponder silent(DnsResponder::Mood::kSilent);
    create(silent);
    const Answer late = resolve("slow.test");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().message, "looking up slow.test: Timeout while contacting DNS servers");
    EXPECT_EQ(silent.questions(), 2) << "two tries";
}

TEST_F(ResolverTest, AnswersAreKeptForEverByDefault) {
    const DnsResponder server(DnsResponder::Mood::kAnswers);
    create(server);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(resolve("host.test"));
        clock_.offset_ns += 3'600'000'000'000;
    }
    EXPECT_EQ(server.questions(), 1);
}

TEST_F(ResolverTest, AnswersAreKeptAsLongAsAsked) {
    const DnsResponder server(DnsResponder::Mood::kAnswers);
    create(server, Nanos(60'000'000'000));
    EXPECT_TRUE(resolve("host.test"));
    clock_.offset_ns += 50'000'000'000;
    loop_.refresh();
    EXPECT_TRUE(resolve("host.test"));
    EXPECT_EQ(server.questions(), 1);
    clock_.offset_ns += 11'000'000'000;
    loop_.refresh();
    EXPECT_TRUE(resolve("host.test"));
    EXPECT_EQ(server.questions(), 2);
}

TEST_F(ResolverTest, AnswersAreNotKeptWhenNotWanted) {
    const DnsResponder server(DnsResponder::Mood::kAnswers);
    create(server, Nanos(-1));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(resolve("host.test"));
    EXPECT_EQ(server.questions(), 3);
}

TEST_F(ResolverTest, ConcurrentQuestionsShareOneQuery) {
    const DnsResponder server(DnsResponder::Mood::kAnswers);
    create(server, Nanos(-1));
    int answers = 0;
    for (int i = 0; i < 10; ++i)
        resolver_->resolve("host.test", [&](const Answer& found) { answers += found ? 1 : 0; });
    EXPECT_TRUE(resolve("host.test"));
    EXPECT_EQ(answers, 10);
    EXPECT_EQ(server.questions(), 1);
}

TEST_F(ResolverTest, DestroyingItDropsWhatIsPending) {
    const DnsResponder server(DnsResponder::Mood::kSilent);
    create(server);
    resolver_->resolve("slow.test", [](const Answer&) { FAIL(); });
    resolver_.reset();
    for (int i = 0; i < 5; ++i) loop_.poll();
}

TEST_F(ResolverTest, ABadServerAddressIsAUsageError) {
    const auto made = Resolver::create(loop_, {.servers = {"not an address"}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kUsage);
    EXPECT_EQ(made.error().message,
              "bad DNS server in \"not an address\": expected IP or IP:port, comma separated");
}

TEST(ResolveNow, BlocksUntilItKnows) {
    const DnsResponder server(DnsResponder::Mood::kAnswers);
    const auto answer = resolve_now("host.test", {.servers = {server.address()}});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->size(), 1U);
}

}  // namespace
}  // namespace loadgen::io
