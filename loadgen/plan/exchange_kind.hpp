// What a user exchanges with a server: what is sent, and what ends it.
#pragma once

#include <cstdint>

namespace loadgen::plan {

enum class ExchangeKind : std::uint8_t {
    kRequest,      ///< an HTTP request; the response ends it
    kEventStream,  ///< an HTTP request; the user ends it, when it has had enough of the response's body
    kHandshake,    ///< of a WebSocket: the answer to the upgrade ends it
    kSend,         ///< a WebSocket message; over when the socket has taken it
    kAsk,          ///< a WebSocket message; the next one that comes ends it
    kListen,       ///< nothing is sent; the next WebSocket message that comes ends it
};

/// Goes over a WebSocket that is open already.
constexpr bool is_message(ExchangeKind kind) {
    return kind >= ExchangeKind::kSend;
}

/// Belongs on the connection of a WebSocket.
constexpr bool is_socket(ExchangeKind kind) {
    return kind >= ExchangeKind::kHandshake;
}

/// Lasts as long as the user wants it to, whatever the server does.
constexpr bool is_wait(ExchangeKind kind) {
    return kind == ExchangeKind::kEventStream || kind == ExchangeKind::kListen;
}

}  // namespace loadgen::plan
