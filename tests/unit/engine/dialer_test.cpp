#include "loadgen/engine/connections/dialer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "tests/unit/io/dns_responder.hpp"

namespace loadgen::engine::test {
namespace {

class DialerTest : public testing::Test {
  protected:
    void create() {
        auto made = Dialer::create(loop_, policy_);
        ASSERT_TRUE(made) << made.error().message;
        dialer_ = std::move(*made);
    }

    std::string error_of_create() {
        auto made = Dialer::create(loop_, policy_);
        return made ? "" : made.error().message;
    }

    Result<Route> route(const std::string& host, std::uint16_t port = 80) {
        std::optional<Result<Route>> answer;
        dialer_->find_route({host, port, false}, [&](Result<Route> found) { answer = std::move(found); });
        const Instant give_up = system_clock().now() + Nanos(20'000'000'000);
        while (!answer && system_clock().now() < give_up) loop_.poll();
        return answer ? *answer : Result<Route>(Error{ErrorCode::kIo, "no answer"});
    }

    std::string first(const std::string& host, std::uint16_t port = 80) {
        const auto found = route(host, port);
        return found ? found->addresses.at(0).text() : found.error().message;
    }

    io::Loop loop_;
    plan::ConnectionPolicy policy_;
    std::unique_ptr<Dialer> dialer_;
};

TEST_F(DialerTest, LiteralsNeedNoLookUp) {
    create();
    EXPECT_EQ(first("127.0.0.1", 8080), "127.0.0.1:8080");
    EXPECT_EQ(first("::1", 8080), "[::1]:8080");
    EXPECT_FALSE(route("127.0.0.1")->local);
}

// Found in review: a redirect of a private server led to the public internet without -yes.
TEST_F(DialerTest, PublicAddressesNeedLeave) {
    create();
    EXPECT_THAT(first("93.184.216.34"),
                testing::HasSubstr("93.184.216.34 is a public address, which needs -yes"));
    EXPECT_THAT(first("2001:4860::1"), testing::HasSubstr("needs -yes"));
    policy_.allow_public = true;
    create();
    EXPECT_EQ(first("93.184.216.34"), "93.184.216.34:80");
}

TEST_F(DialerTest, ConnectToTakesItsTargetsInTurn) {
    policy_.connect_to = {{"h.test:80", {"127.0.0.2:81", "[::1]:82"}}};
    create();
    EXPECT_EQ(first("h.test"), "127.0.0.2:81");
    EXPECT_EQ(first("h.test"), "[::1]:82");
    EXPECT_EQ(first("h.test"), "127.0.0.2:81");
    EXPECT_EQ(first("127.0.0.1", 80), "127.0.0.1:80");
}

// bug: see Authority.Ipv6IsInBrackets
TEST_F(DialerTest, ConnectToFromIpv6) {
    policy_.connect_to = {{"[::1]:80", {"127.0.0.2:81"}}};
    create();
    EXPECT_EQ(first("::1"), "127.0.0.2:81");
}

TEST_F(DialerTest, AUnixSocketServesEveryAuthority) {
    policy_.unix_socket = "/run/x.sock";
    create();
    EXPECT_EQ(first("anything"), "/run/x.sock");
}

TEST_F(DialerTest, AProxyIsDialledInsteadOfTheHost) {
    policy_.proxy = plan::Proxy{http::parse_url("http://127.0.0.3:3128").value(), {}};
    create();
    EXPECT_EQ(first("h.test"), "127.0.0.3:3128");
}

TEST_F(DialerTest, SourceAddressesAreUsedInTurn) {
    policy_.source_addresses = {"127.0.0.2", "127.0.0.3"};
    create();
    EXPECT_EQ(route("127.0.0.1")->local->text(), "127.0.0.2:0");
    EXPECT_EQ(route("127.0.0.1")->local->text(), "127.0.0.3:0");
    EXPECT_EQ(route("127.0.0.1")->local->text(), "127.0.0.2:0");
}

TEST_F(DialerTest, BadAddressesAreNamed) {
    for (const char* target : {"nowhere", "h:", ":80", "h:0", "h:65536", "h:80x"}) {
        policy_.connect_to = {{"h:80", {target}}};
        EXPECT_EQ(error_of_create(), std::string("connect-to: bad address \"") + target +
                                         "\": expected host:port, such as 127.0.0.1:8080");
    }
    policy_.connect_to.clear();
    for (const char* source : {"localhost", "192.0.2.1"}) {
        policy_.source_addresses = {source};
        EXPECT_EQ(error_of_create(), std::string("bad source address \"") + source +
                                         "\": expected an IP address of this machine");
    }
}

TEST_F(DialerTest, AddressesOfOneHostAreUsedInTurnAndDemotedOnesLast) {
    const io::test::DnsResponder dns(io::test::DnsResponder::Mood::kAnswers,
                                     {"127.0.0.5", "127.0.0.6", "127.0.0.7"});
    policy_.dns.servers = {dns.address()};
    create();
    const auto all = route("h.test");
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_EQ(all->addresses.size(), 3U);
    std::vector<std::string> seen{all->addresses[0].text(), first("h.test"), first("h.test")};
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<std::string>{"127.0.0.5:80", "127.0.0.6:80", "127.0.0.7:80"}));
    dialer_->demote(*io::Address::from_ip("127.0.0.6", 80));
    for (int i = 0; i < 4; ++i) {
        const auto found = route("h.test");
        ASSERT_EQ(found->addresses.size(), 3U);
        EXPECT_EQ(found->addresses.back().text(), "127.0.0.6:80");
    }
}

// bug: a host with no address of the source address' family led to a read behind the end of none.
TEST_F(DialerTest, NoAddressThatFitsTheSourceAddressIsAnError) {
    const io::test::DnsResponder dns(io::test::DnsResponder::Mood::kAnswers);
    policy_.dns.servers = {dns.address()};
    policy_.source_addresses = {"::1"};
    create();
    EXPECT_EQ(first("h.test"), "no address of h.test fits the source address [::1]:0");
}

}  // namespace
}  // namespace loadgen::engine::test
