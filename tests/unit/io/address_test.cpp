#include "common/io/address.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace loadgen::io {
namespace {

TEST(AddressIsPublic, ByTheRegistriesOfSpecialAddresses) {
    // IANA's special-purpose registries: the first and last of each block, and their neighbours outside.
    for (const char* text :
         {"0.0.0.0", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
          "169.254.0.1", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "::", "::1",
          "fc00::1", "fdff::1", "fe80::1", "febf::1", "::ffff:10.1.2.3"}) {
        EXPECT_FALSE(Address::from_ip(text, 1)->is_public()) << text;
    }
    for (const char* text :
         {"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
          "128.0.0.0", "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
          "2001:4860::1", "fec0::1", "fb00::1", "::ffff:9.9.9.9"}) {
        EXPECT_TRUE(Address::from_ip(text, 1)->is_public()) << text;
    }
    EXPECT_FALSE(Address::from_unix_path("/run/a.sock")->is_public());
}

TEST(Address, IpLiteralsInBothFamilies) {
    const auto v4 = Address::from_ip("127.0.0.1", 8080);
    ASSERT_TRUE(v4);
    EXPECT_EQ(v4->family(), AF_INET);
    EXPECT_EQ(v4->port(), 8080);
    EXPECT_EQ(v4->text(), "127.0.0.1:8080");
    const auto v6 = Address::from_ip("::1", 65535);
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->family(), AF_INET6);
    EXPECT_EQ(v6->text(), "[::1]:65535");
}

TEST(Address, WhatIsNoLiteral) {
    for (const char* text :
         {"", "localhost", "127.0.0", "127.0.0.256", "[::1]", "::g", "1.2.3.4:80", " 1.2.3.4"}) {
        EXPECT_FALSE(Address::from_ip(text, 1)) << text;
    }
}

TEST(Address, PortsCanBeExchanged) {
    const Address address = *Address::from_ip("10.0.0.1", 0);
    EXPECT_EQ(address.with_port(443).text(), "10.0.0.1:443");
    EXPECT_EQ(Address::from_ip("::1", 0)->with_port(443).text(), "[::1]:443");
    EXPECT_EQ(address.with_port(443), *Address::from_ip("10.0.0.1", 443));
    EXPECT_FALSE(address.with_port(443) == address);
}

TEST(Address, UnixPathsUpToWhatTheSystemTakes) {
    const auto address = Address::from_unix_path("/run/a.sock");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->family(), AF_UNIX);
    EXPECT_EQ(address->text(), "/run/a.sock");
    EXPECT_EQ(address->port(), 0);
    EXPECT_TRUE(Address::from_unix_path(std::string(107, 'x')));
    const auto longer = Address::from_unix_path(std::string(108, 'x'));
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, ErrorCode::kLimit);
    EXPECT_EQ(longer.error().message,
              "unix socket path \"" + std::string(108, 'x') + "\": must have 1 to 107 bytes");
    EXPECT_FALSE(Address::from_unix_path(""));
}

TEST(Address, EmptyUntilGiven) {
    EXPECT_TRUE(Address().empty());
    EXPECT_EQ(Address().text(), "");
    EXPECT_EQ(Address(), Address());
}

}  // namespace
}  // namespace loadgen::io
