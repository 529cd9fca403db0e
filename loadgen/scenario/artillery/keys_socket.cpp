// Rows of WebSocket connections: config.ws and connect steps.
#include "loadgen/scenario/artillery/key_rows.hpp"
#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {
namespace {

// Both hand them to Artillery's WebSocket client.
constexpr KeyRow kSharedKeys[] = {
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields of the handshake.", .object = &kHeaders},
    {.name = "subprotocols", .kinds = kList | kNull, .doc = "Subprotocols to offer.", .items = kText},
    {.name = "origin", .kinds = kText, .doc = "The field Origin of the handshake."},
    {.name = "rejectUnauthorized", .kinds = kBool, .doc = "Checks certificates of servers (default true)."},
    {.name = "ca", .kinds = kText | kList, .doc = "As tls.ca.", .items = kText},
    {.name = "cert", .kinds = kText, .doc = "As tls.cert."},
    {.name = "key", .kinds = kText, .doc = "As tls.key."},
    {.name = "proxy", .kinds = kAny, .doc = "Not supported.", .object = &kFree},
    {.name = "perMessageDeflate",
     .kinds = kAny,
     .doc = "Without effect: messages are not compressed.",
     .object = &kFree,
     .idle = "has no effect: messages are not compressed"},
    {.name = "maxPayload",
     .kinds = kNumber,
     .doc = "Without effect: a message may have 16 MiB.",
     .idle = "has no effect: a message may have 16 MiB"},
    {.name = "handshakeTimeout",
     .kinds = kNumber,
     .doc = "Without effect: config.http.timeout limits the handshake.",
     .idle = "has no effect: config.http.timeout limits the handshake"},
    {.name = "followRedirects",
     .kinds = kBool,
     .doc = "Without effect: handshakes are not redirected.",
     .idle = "has no effect: handshakes are not redirected"},
};

constexpr auto kSocketKeys =
    joined(kSharedKeys, {{.name = "timeout",
                          .kinds = kDuration,
                          .doc = "How long an awaited message may take (default 10 seconds)."}});

constexpr auto kConnectKeys = joined({{.name = "target",
                                       .kinds = kText,
                                       .doc = "The URL (ws:// or wss://); the script's target unless given."},
                                      {.name = "function",
                                       .kinds = kText,
                                       .doc = "A function of the processor that sets target, subprotocols "
                                              "and options, instead of the keys here."}},
                                     kSharedKeys);

}  // namespace

constinit const ObjectKind kSocket{.id = "ws",
                                   .name = "ws",
                                   .doc = "Settings of WebSocket connections.",
                                   .keys = kSocketKeys,
                                   .lenient = true};
constinit const ObjectKind kConnect{"connect", "connect", "The WebSocket to open.", kConnectKeys};

}  // namespace loadgen::scenario::artillery
