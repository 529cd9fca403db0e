#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "common/fetch/http_client.hpp"
#include "tests/unit/io/tls_peer.hpp"

namespace loadgen::fetch {
namespace {

using io::test::Identity;
using io::test::make_identity;
using io::test::TlsServer;

// Accepts one connection and answers every request head on it with 200, all through TLS.
class OneConnection {
  public:
    explicit OneConnection(const Identity& identity) : tls_({.identity = &identity}) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, generic, length), 0);
        EXPECT_EQ(::listen(listener_, 1), 0);
        EXPECT_EQ(::getsockname(listener_, generic, &length), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~OneConnection() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    std::string url(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(port_) + "/";
    }

  private:
    void serve() {
        const int descriptor = ::accept(listener_, nullptr, nullptr);
        if (descriptor < 0) return;
        TlsServer::Connection connection(tls_);
        std::string buffer(16 * 1024, '\0');
        std::string plain;
        for (ssize_t length = 0; (length = ::recv(descriptor, buffer.data(), buffer.size(), 0)) > 0;) {
            connection.feed({buffer.data(), static_cast<std::size_t>(length)});
            plain += connection.read();
            if (plain.ends_with("\r\n\r\n")) {
                plain.clear();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
            const std::string output = connection.take_output();
            ::send(descriptor, output.data(), output.size(), MSG_NOSIGNAL);
        }
        ::close(descriptor);
    }

    TlsServer tls_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

Result<FetchResponse> fetch(HttpClient& client, const std::string& url) {
    std::promise<Result<FetchResponse>> promise;
    client.send({.url = url},
                [&promise](Result<FetchResponse> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
}

TEST(Https, TrustsWhatItIsToldToTrust) {
    const Identity authority = make_identity({.authority = true});
    const Identity identity = make_identity({.issuer = &authority});
    const OneConnection server(identity);
    HttpClient client({.ca_file = authority.save("fetch_trusted.pem")});
    for (int i = 0; i < 2; ++i) {
        const auto response = fetch(client, server.url("127.0.0.1"));
        ASSERT_TRUE(response) << response.error().message;
        EXPECT_EQ(response->body, "ok");
    }
}

TEST(Https, RefusesAServerThatTheMachineDoesNotTrust) {
    const Identity identity = make_identity({});
    const OneConnection server(identity);
    HttpClient client;
    const auto response = fetch(client, server.url("127.0.0.1"));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kIo);
    EXPECT_THAT(response.error().message, ::testing::HasSubstr("certificate"));
}

TEST(Https, RefusesACertificateForAnotherName) {
    const Identity authority = make_identity({.authority = true});
    const Identity identity = make_identity({.names = "DNS:server.test", .issuer = &authority});
    const OneConnection server(identity);
    HttpClient client({.ca_file = authority.save("fetch_other_name.pem")});
    const auto response = fetch(client, server.url("127.0.0.1"));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace loadgen::fetch
