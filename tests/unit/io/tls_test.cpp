// The TLS client against OpenSSL's own server side, in memory.
#include "common/io/tls.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/tls_peer.hpp"

namespace loadgen::io {
namespace {

using test::Identity;
using test::TlsServer;

class TlsTest : public testing::Test {
  protected:
    static std::unique_ptr<TlsClientContext> context(const TlsClientOptions& options) {
        auto made = TlsClientContext::create(options);
        EXPECT_TRUE(made) << made.error().message;
        return std::move(*made);
    }

    /// Carries bytes to and fro until neither side has any, `step` bytes at a time.
    static void converse(TlsClient& client, TlsServer::Connection& server, std::size_t step = SIZE_MAX) {
        for (;;) {
            std::string from_client;
            client.take_output(from_client);
            for (std::size_t at = 0; at < from_client.size(); at += step) {
                server.feed(std::string_view(from_client).substr(at, step));
                if (step == SIZE_MAX) break;
            }
            const std::string from_server = server.take_output();
            if (from_client.empty() && from_server.empty()) return;
            for (std::size_t at = 0; at < from_server.size(); at += step) {
                client.feed(std::string_view(from_server).substr(at, step));
                if (step == SIZE_MAX) break;
            }
        }
    }

    Identity authority_ = test::make_identity({.authority = true});
    Identity identity_ = test::make_identity({.issuer = &authority_});
    std::string ca_file_ = authority_.save("authority");
};

/// The client's verdict on a server with this certificate.
struct Verdict {
    TlsClient::State state;
    std::string failure;
};

Verdict shake_hands(TlsClientContext& context, const Identity& identity, const std::string& host) {
    const TlsServer server({.identity = &identity});
    TlsServer::Connection peer(server);
    TlsClient client(context, host);
    client.start();
    for (int round = 0; round < 10; ++round) {
        std::string out;
        client.take_output(out);
        peer.feed(out);
        client.feed(peer.take_output());
    }
    return {client.state(), client.failure()};
}

TEST_F(TlsTest, TheRightNameIsAccepted) {
    const auto ours = context({.ca_files = {ca_file_}});
    EXPECT_EQ(shake_hands(*ours, identity_, "server.test").state, TlsClient::State::kOpen);
    EXPECT_EQ(shake_hands(*ours, identity_, "127.0.0.1").state, TlsClient::State::kOpen);
}

TEST_F(TlsTest, EachKindOfBadCertificateIsRefusedAndNamed) {
    const auto ours = context({.ca_files = {ca_file_}});
    const auto wrong_name = shake_hands(*ours, identity_, "other.test");
    EXPECT_EQ(wrong_name.state, TlsClient::State::kFailed);
    EXPECT_EQ(wrong_name.failure, "certificate of other.test refused: hostname mismatch");
    EXPECT_EQ(shake_hands(*ours, identity_, "127.0.0.2").failure,
              "certificate of 127.0.0.2 refused: IP address mismatch");
    EXPECT_EQ(
        shake_hands(*ours, test::make_identity({.issuer = &authority_, .not_after = -60}), "server.test")
            .failure,
        "certificate of server.test refused: certificate has expired");
    EXPECT_EQ(shake_hands(*ours, test::make_identity({}), "server.test").failure,
              "certificate of server.test refused: self-signed certificate");
    const Identity stranger = test::make_identity({.authority = true});
    EXPECT_EQ(shake_hands(*ours, test::make_identity({.issuer = &stranger}), "server.test").state,
              TlsClient::State::kFailed);
}

TEST_F(TlsTest, AnythingIsAcceptedWithoutVerification) {
    const auto ours = context({.verify = false});
    EXPECT_EQ(shake_hands(*ours, test::make_identity({}), "other.test").state, TlsClient::State::kOpen);
}

TEST_F(TlsTest, ServerNameIsSentUnlessItIsAnAddress) {
    const auto ours = context({.ca_files = {ca_file_}});
    const TlsServer server({.identity = &identity_});
    for (const std::string host : {"server.test", "127.0.0.1"}) {
        TlsServer::Connection peer(server);
        TlsClient client(*ours, host);
        client.start();
        converse(client, peer);
        EXPECT_EQ(peer.server_name(), host == "server.test" ? host : "");
    }
}

TEST_F(TlsTest, BytesTravelBothWaysHoweverTheyAreSplit) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{SIZE_MAX}}) {
        const auto ours = context({.ca_files = {ca_file_}});
        const TlsServer server({.identity = &identity_});
        TlsServer::Connection peer(server);
        TlsClient client(*ours, "server.test");
        client.start();
        converse(client, peer, step);
        ASSERT_EQ(client.state(), TlsClient::State::kOpen);
        const std::string request(40'000, 'q');
        client.write(request);
        converse(client, peer, step);
        std::string arrived;
        for (std::string part = peer.read(); !part.empty(); part = peer.read()) arrived += part;
        EXPECT_EQ(arrived, request);
        peer.write("answer");
        converse(client, peer, step);
        std::string plaintext;
        EXPECT_EQ(client.read(plaintext), 6U);
        EXPECT_EQ(plaintext, "answer");
        EXPECT_EQ(client.state(), TlsClient::State::kOpen);
    }
}

TEST_F(TlsTest, AnOrderlyEndIsToldFromGarbage) {
    const auto ours = context({.ca_files = {ca_file_}});
    const TlsServer server({.identity = &identity_});
    TlsServer::Connection peer(server);
    TlsClient client(*ours, "server.test");
    client.start();
    converse(client, peer);
    peer.write("bye");
    peer.shut_down();
    client.feed(peer.take_output());
    std::string plaintext;
    client.read(plaintext);
    EXPECT_EQ(plaintext, "bye");
    EXPECT_EQ(client.state(), TlsClient::State::kClosed);

    TlsClient confused(*ours, "server.test");
    confused.start();
    confused.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_EQ(confused.state(), TlsClient::State::kFailed);
    EXPECT_FALSE(confused.failure().empty());
}

TEST_F(TlsTest, AlpnIsWhatThePeerChose) {
    const auto ours = context({.ca_files = {ca_file_}, .alpn = {"h2", "http/1.1"}});
    for (const std::string protocol : {"h2", "http/1.1", ""}) {
        const TlsServer server({.identity = &identity_, .alpn = protocol});
        TlsServer::Connection peer(server);
        TlsClient client(*ours, "server.test");
        client.start();
        converse(client, peer);
        EXPECT_EQ(client.alpn(), protocol);
    }
}

// bug: they never were, once the connection they came from was gone.
TEST_F(TlsTest, SessionsAreResumedOnlyWhenAskedFor) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const bool resume : {false, true}) {
            const auto ours = context({.ca_files = {ca_file_}, .resume_sessions = resume});
            const TlsServer server({.identity = &identity_, .max_version = version});
            for (int connection = 0; connection < 3; ++connection) {
                TlsServer::Connection peer(server);
                TlsClient client(*ours, "server.test");
                client.start();
                converse(client, peer);
                peer.write("x");  // TLS 1.3 sends its tickets with the first bytes
                converse(client, peer);
                std::string plaintext;
                client.read(plaintext);
                ASSERT_EQ(plaintext, "x");
                EXPECT_EQ(client.resumed(), resume && connection > 0) << version << ' ' << connection;
            }
        }
    }
}

TEST_F(TlsTest, AClientCertificateIsShownWhenAskedFor) {
    const Identity user = test::make_identity({.names = "DNS:user.test", .issuer = &authority_});
    const TlsServer server(
        {.identity = &identity_, .client_authority = &authority_, .max_version = TLS1_2_VERSION});
    const auto with = context({.ca_files = {ca_file_}, .certificate_file = user.save("user")});
    TlsServer::Connection glad(server);
    TlsClient known(*with, "server.test");
    known.start();
    converse(known, glad);
    EXPECT_TRUE(glad.open());
    EXPECT_EQ(known.state(), TlsClient::State::kOpen);

    const auto without = context({.ca_files = {ca_file_}});
    TlsServer::Connection sad(server);
    TlsClient unknown(*without, "server.test");
    unknown.start();
    converse(unknown, sad);
    EXPECT_TRUE(sad.failed());
    EXPECT_EQ(unknown.state(), TlsClient::State::kFailed);
    EXPECT_NE(unknown.failure().find("alert handshake failure"), std::string::npos) << unknown.failure();
}

TEST_F(TlsTest, FilesThatDoNotLoadAreNamed) {
    const auto missing = TlsClientContext::create({.ca_files = {"/nonexistent/ca.pem"}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::kUsage);
    EXPECT_TRUE(missing.error().message.starts_with("CA file /nonexistent/ca.pem: "))
        << missing.error().message;
    const std::string leaf = identity_.save("leaf");
    const std::string other = test::make_identity({}).save("other");
    const auto misfit = TlsClientContext::create({.certificate_file = leaf, .key_file = other});
    ASSERT_FALSE(misfit);
    EXPECT_NE(misfit.error().message.find(other), std::string::npos) << misfit.error().message;
}

}  // namespace
}  // namespace loadgen::io
