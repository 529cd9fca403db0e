// Streams against real sockets: every way in which the system ends a connection.
#include "common/io/stream.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

namespace loadgen::io {
namespace {

/// A listening socket that the test serves by hand.
class Listener {
  public:
    Listener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
        EXPECT_EQ(listen(fd_, 16), 0);
        socklen_t size = sizeof name;
        getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size);
        port = ntohs(name.sin_port);
    }
    ~Listener() { ::close(fd_); }
    int accept() const { return ::accept(fd_, nullptr, nullptr); }
    Address address() const { return *Address::from_ip("127.0.0.1", port); }

    std::uint16_t port = 0;

  private:
    int fd_;
};

void reset(int fd) {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(fd);
}

/// Notes events; the test turns the loop until one it waits for has come.
class Notes final : public StreamEvents {
  public:
    void on_connected() override { connected = true; }
    void on_received(std::string_view bytes) override { received.append(bytes); }
    void on_writable() override { writable = true; }
    void on_closed(StreamEnd how) override {
        EXPECT_FALSE(end) << "closed twice";
        end = how;
    }

    bool connected = false;
    bool writable = false;
    std::string received;
    std::optional<StreamEnd> end;
};

class StreamTest : public testing::Test {
  protected:
    template <typename Condition>
    void turn_until(Condition&& condition) {
        const Instant give_up = loop_.refresh() + Nanos(20'000'000'000);
        while (!condition() && loop_.refresh() < give_up) loop_.poll();
        EXPECT_TRUE(condition());
    }

    int connect() {
        stream_.connect(listener_.address(), std::nullopt);
        turn_until([this] { return notes_.connected; });
        return listener_.accept();
    }

    Loop loop_;
    Listener listener_;
    Notes notes_;
    Stream stream_{loop_, notes_};
};

TEST_F(StreamTest, CarriesBytesBothWays) {
    const int peer = connect();
    EXPECT_EQ(stream_.send("ping"), 4U);
    std::array<char, 16> buffer{};
    EXPECT_EQ(recv(peer, buffer.data(), buffer.size(), 0), 4);
    EXPECT_EQ(send(peer, "pong", 4, 0), 4);
    turn_until([this] { return notes_.received.size() == 4; });
    EXPECT_EQ(notes_.received, "pong");
    ::close(peer);
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_TRUE(notes_.end->eof);
}

TEST_F(StreamTest, RefusedComesThroughOnClosedLater) {
    std::uint16_t port = 0;
    {
        const Listener gone;
        port = gone.port;
    }
    stream_.connect(*Address::from_ip("127.0.0.1", port), std::nullopt);
    EXPECT_FALSE(notes_.end) << "never within the call";
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_FALSE(notes_.end->eof);
    EXPECT_EQ(notes_.end->os_error, ECONNREFUSED);
    EXPECT_FALSE(notes_.connected);
}

TEST_F(StreamTest, AResetIsNoOrderlyEnd) {
    reset(connect());
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_FALSE(notes_.end->eof);
    EXPECT_EQ(notes_.end->os_error, ECONNRESET);
}

TEST_F(StreamTest, BytesBeforeTheEndArriveBeforeIt) {
    const int peer = connect();
    const std::string bytes(300'000, 'x');
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto part = send(peer, bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT);
        if (part > 0) sent += static_cast<std::size_t>(part);
        loop_.poll();
    }
    ::close(peer);
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_EQ(notes_.received.size(), bytes.size());
    EXPECT_TRUE(notes_.end->eof);
}

TEST_F(StreamTest, AHalfCloseIsAnEnd) {
    const int peer = connect();
    EXPECT_EQ(send(peer, "last", 4, 0), 4);
    shutdown(peer, SHUT_WR);
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_EQ(notes_.received, "last");
    EXPECT_TRUE(notes_.end->eof);
    ::close(peer);
}

TEST_F(StreamTest, AShortWriteIsFollowedByOnWritable) {
    const int peer = connect();
    const std::string bytes(64 * 1024 * 1024, 'x');  // more than any socket buffer
    std::size_t sent = stream_.send(bytes);
    ASSERT_LT(sent, bytes.size());
    EXPECT_FALSE(notes_.writable);
    std::string buffer(1 << 20, '\0');
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        const auto part = recv(peer, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (part > 0) taken += static_cast<std::size_t>(part);
        loop_.poll();
        if (std::exchange(notes_.writable, false)) sent += stream_.send(std::string_view(bytes).substr(sent));
    }
    EXPECT_EQ(sent, bytes.size());
    ::close(peer);
}

TEST_F(StreamTest, NothingIsHeardAfterClose) {
    const int peer = connect();
    EXPECT_EQ(send(peer, "late", 4, 0), 4);
    stream_.close();
    ::close(peer);
    for (int i = 0; i < 20; ++i) loop_.poll();
    EXPECT_TRUE(notes_.received.empty());
    EXPECT_FALSE(notes_.end);
}

TEST_F(StreamTest, MayBeDestroyedFromWithinItsOwnEvents) {
    struct Suicide final : StreamEvents {
        void on_connected() override { stream.reset(); }
        void on_received(std::string_view) override { FAIL(); }
        void on_writable() override { FAIL(); }
        void on_closed(StreamEnd) override { FAIL(); }
        std::optional<Stream> stream;
    } events;
    events.stream.emplace(loop_, events);
    events.stream->connect(listener_.address(), std::nullopt);
    turn_until([&] { return !events.stream.has_value(); });
    for (int i = 0; i < 5; ++i) loop_.poll();
}

TEST_F(StreamTest, AFailureToStartIsNotToldWhenTheOwnerIsGone) {
    {
        Stream passing(loop_, notes_);
        passing.connect(*Address::from_ip("::1", 1),
                        Address::from_ip("127.0.0.1", 0));  // families do not fit
    }
    for (int i = 0; i < 5; ++i) loop_.poll();
    EXPECT_FALSE(notes_.end);
}

TEST_F(StreamTest, ComesFromTheGivenSourceAddress) {
    stream_.connect(listener_.address(), Address::from_ip("127.0.0.2", 0));
    turn_until([this] { return notes_.connected; });
    const int peer = listener_.accept();
    sockaddr_in name{};
    socklen_t size = sizeof name;
    getpeername(peer, reinterpret_cast<sockaddr*>(&name), &size);
    EXPECT_EQ(ntohl(name.sin_addr.s_addr), 0x7f000002U);
    ::close(peer);
}

TEST_F(StreamTest, AForeignSourceAddressFails) {
    stream_.connect(listener_.address(), Address::from_ip("192.0.2.1", 0));
    turn_until([this] { return notes_.end.has_value(); });
    EXPECT_EQ(notes_.end->os_error, EADDRNOTAVAIL);
}

/// Notes which instant the loop stood at when bytes were handed on, and ends the loop.
class ArrivalNotes final : public StreamEvents {
  public:
    explicit ArrivalNotes(Loop& loop) : loop_(loop) {}
    void on_connected() override { connected = true; }
    void on_received(std::string_view) override {
        stamp = loop_.now();
        handled = loop_.refresh();
        loop_.stop();
    }
    void on_writable() override {}
    void on_closed(StreamEnd) override {}

    bool connected = false;
    Instant stamp;
    Instant handled;

  private:
    Loop& loop_;
};

class ArrivalTest : public testing::Test {
  protected:
    ArrivalTest() {
        loop_.keep_arrival_times();
        stream_.emplace(loop_, notes_);
        stream_->connect(listener_.address(), std::nullopt);
        const Instant give_up = loop_.refresh() + Nanos(20'000'000'000);
        while (!notes_.connected && loop_.refresh() < give_up) loop_.poll();
        peer_ = listener_.accept();
    }
    ~ArrivalTest() override { ::close(peer_); }

    /// Lets time pass without turning the loop.
    void pass(Nanos time) {
        const Instant until = loop_.refresh() + time;
        while (loop_.refresh() < until) {
        }
    }

    Loop loop_;
    Listener listener_;
    ArrivalNotes notes_{loop_};
    std::optional<Stream> stream_;
    int peer_ = -1;
};

TEST_F(ArrivalTest, BytesCarryTheInstantTheyArrived) {
    pass(Nanos(50'000'000));  // the kernel needs a moment to begin stamping
    const Instant before = loop_.refresh();
    ASSERT_EQ(send(peer_, "pong", 4, 0), 4);
    const Instant after = loop_.refresh();
    pass(Nanos(60'000'000));
    loop_.run();
    EXPECT_GE(notes_.handled, after + Nanos(60'000'000));
    // The clocks are compared one after the other, so a preemption may shift the stamp; never by this much.
    EXPECT_GT(notes_.stamp, before - Nanos(30'000'000));
    EXPECT_LT(notes_.stamp, after + Nanos(30'000'000));
}

TEST_F(ArrivalTest, ARestIsNotEndedByASocket) {
    pass(Nanos(11'000'000));  // connecting keeps the loop awake for 10 ms
    ASSERT_EQ(send(peer_, "pong", 4, 0), 4);
    const Instant rested = loop_.refresh() + Nanos(50'000'000);
    loop_.rest_until(rested);
    loop_.run();
    EXPECT_GE(notes_.handled, rested);
    EXPECT_LT(notes_.stamp, rested);
}

TEST_F(ArrivalTest, NoRestWhileSomethingWaitsForTheSocket) {
    ASSERT_EQ(send(peer_, "pong", 4, 0), 4);
    loop_.refresh();
    loop_.stay_awake();
    const Instant rested = loop_.now() + Nanos(3'600'000'000'000);
    loop_.rest_until(rested);
    loop_.run();
    EXPECT_LT(notes_.handled, rested);
}

}  // namespace
}  // namespace loadgen::io
