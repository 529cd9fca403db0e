// WebSocket sessions: bytes of any server in pieces of any size end the same way, with one end at most, and
// what we answer is whole frames. The first byte is the size of the pieces.
#include <cstdint>
#include <string>

#include "common/http/websocket.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

constexpr loadgen::http::WebSocketLimits kLimits{.max_message_bytes = 4096};

class Record final : public loadgen::http::WebSocketEvents {
  public:
    void on_message(loadgen::http::WebSocketKind kind, std::string_view payload) override {
        require(!ended, "nothing follows the end");
        require(payload.size() <= kLimits.max_message_bytes, "messages are bounded");
        log.append(kind == loadgen::http::WebSocketKind::kText ? "text " : "binary ")
            .append(payload)
            .append("\n");
    }
    void on_ping(std::string_view payload) override { log.append("ping ").append(payload).append("\n"); }
    void on_pong(std::string_view payload) override { log.append("pong ").append(payload).append("\n"); }
    void on_closed(const loadgen::http::WebSocketClosed& closed) override {
        require(!ended, "there is one end");
        ended = true;
        log += "closed " + std::to_string(closed.code);
        log.append(closed.reason).append(closed.error);
    }

    std::string log;
    bool ended = false;
};

std::string run(std::string_view bytes, std::size_t piece) {
    Record record;
    loadgen::Random random(1);
    loadgen::http::WebSocketSession session(record, random, kLimits);
    for (std::size_t at = 0; at < bytes.size(); at += piece) session.feed(bytes.substr(at, piece));
    session.connection_ended();
    require(record.ended && session.closed(), "it has ended");
    std::string_view sent = session.output();
    while (!sent.empty()) {
        require(sent.size() >= 6 && (sent[1] & 0x80) != 0, "frames are masked");
        const std::size_t length = sent[1] & 0x7f;
        require(length <= 125 && sent.size() >= length + 6, "answers are whole control frames");
        sent.remove_prefix(length + 6);
    }
    return record.log + session.output();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    require(run(bytes, bytes.size() + 1) == run(bytes, data[0] % 32U + 1U), "pieces change nothing");
    return 0;
}
