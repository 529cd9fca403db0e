#include "tests/interop/http_client/websocket_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>

#include "common/base/encoding.hpp"
#include "common/http/http1_parser.hpp"
#include "common/http/http1_writer.hpp"
#include "common/http/websocket.hpp"
#include "tests/interop/http_client/hex.hpp"

namespace loadgen::test {
namespace {

/// The handshake's answer, then the session.
class Client final : public http::Http1Events, public http::WebSocketEvents {
  public:
    explicit Client(int socket) : socket_(socket) {}

    bool connect(const std::string& host, const std::string& path) {
        http::RequestHead head{.method = "GET", .target = path, .host = host, .headers = {}, .framing = {}};
        http::Headers headers;
        if (!http::append_websocket_fields(headers, key_, protocols_)) return false;
        head.headers = headers;
        std::string bytes;
        if (!http::append_request_head(bytes, head) || !send_all(bytes)) return false;
        while (!ended_) {
            const std::string piece = receive();
            if (piece.empty()) return false;
            const std::size_t consumed = parser_.feed(piece);
            // What the server says at once comes with its answer.
            if (ended_ && ready_) session_.feed(std::string_view(piece).substr(consumed));
        }
        return ready_ && flush();
    }

    bool step() {
        const std::string piece = receive();
        if (piece.empty()) {
            session_.connection_ended();
            return false;
        }
        session_.feed(piece);
        return flush();
    }

    bool flush() {
        const bool sent = send_all(session_.output());
        session_.output().clear();
        return sent;
    }

    http::WebSocketSession& session() { return session_; }
    int lines() const { return lines_; }

  private:
    void on_head(const http::Http1Head& head) override {
        const auto chosen = http::check_websocket_answer(head.status, head.headers, key_, protocols_);
        ready_ = chosen.has_value();
        print(ready_ ? "open " + *chosen : chosen.error().message);
    }
    void on_body(std::string_view) override {}
    void on_message_end() override {
        ended_ = true;
        parser_.pause();
    }
    void on_message(http::WebSocketKind kind, std::string_view payload) override {
        print((kind == http::WebSocketKind::kText ? "text " : "binary ") + to_hex(payload));
    }
    void on_ping(std::string_view payload) override { print("ping " + to_hex(payload)); }
    void on_pong(std::string_view payload) override { print("pong " + to_hex(payload)); }
    void on_closed(const http::WebSocketClosed& closed) override {
        print("closed " + std::to_string(closed.code) + " " + to_hex(closed.reason) +
              std::string(closed.error));
    }

    void print(const std::string& line) {
        std::cout << line << std::endl;
        ++lines_;
    }

    std::string receive() const {
        std::string piece(4096, '\0');
        const ssize_t length = ::recv(socket_, piece.data(), piece.size(), 0);
        piece.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
        return piece;
    }

    bool send_all(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    int socket_;
    Random random_{1};
    std::string key_ = http::websocket_key(random_);
    std::vector<std::string> protocols_{"echo", "other"};
    http::Http1Parser parser_{http::Http1Parser::Mode::kResponse, *this};
    http::WebSocketSession session_{*this, random_};
    int lines_ = 0;
    bool ended_ = false;
    bool ready_ = false;
};

void follow(Client& client, const std::vector<std::string>& words) {
    const std::string payload = words.size() > 1 ? from_hex(words.back()) : "";
    if (words[0] == "text") client.session().send(http::WebSocketKind::kText, payload);
    if (words[0] == "binary") client.session().send(http::WebSocketKind::kBinary, payload);
    if (words[0] == "ping") client.session().ping(payload);
    if (words[0] == "close")
        client.session().close(static_cast<std::uint16_t>(std::stoi(words.at(1))), payload);
    client.flush();
    if (words[0] != "wait") return;
    while (client.lines() < std::stoi(words.at(1)) && client.step()) {
    }
}

}  // namespace

int run_websocket(const std::string& port, const std::string& path) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
    Client client(socket);
    if (client.connect("127.0.0.1:" + port, path)) {
        for (std::string line; std::getline(std::cin, line);) follow(client, words_of(line));
        while (!client.session().closed() && client.step()) {
        }
    }
    ::close(socket);
    return 0;
}

}  // namespace loadgen::test
