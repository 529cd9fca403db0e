#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "common/base/encoding.hpp"
#include "common/http/http1_writer.hpp"
#include "common/http/websocket.hpp"

namespace loadgen::http {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool has_token(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (equal_name(trimmed(list.substr(0, comma)), token)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

Error no_websocket(std::string why) {
    return Error{ErrorCode::kSyntax, "no WebSocket: " + std::move(why)};
}

/// A server's value as a message may show it.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text.substr(0, 60)) out += c >= 0x20 && c < 0x7f ? c : '?';
    return out + "\"";
}

/// The fields of an answer that matter here.
struct AnswerFields {
    bool upgrade = false;
    bool connection = false;
    std::string_view accept;
    std::string_view protocol;
    std::string_view extensions;

    void take(const HeaderView& header) {
        const std::string_view value = trimmed(header.value);
        if (equal_name(header.name, "upgrade")) upgrade = upgrade || equal_name(value, "websocket");
        if (equal_name(header.name, "connection")) connection = connection || has_token(value, "upgrade");
        if (equal_name(header.name, "sec-websocket-accept")) accept = value;
        if (equal_name(header.name, "sec-websocket-protocol")) protocol = value;
        if (equal_name(header.name, "sec-websocket-extensions")) extensions = value;
    }
};

}  // namespace

Result<Url> parse_websocket_url(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view scheme = text.substr(0, colon);
    if (equal_name(scheme, "ws")) return parse_url("http" + std::string(text.substr(colon)));
    if (equal_name(scheme, "wss")) return parse_url("https" + std::string(text.substr(colon)));
    return parse_url(text);
}

std::string websocket_key(Random& random) {
    std::string bytes;
    for (int word = 0; word < 2; ++word) {
        std::uint64_t bits = random.next();
        for (int byte = 0; byte < 8; ++byte, bits >>= 8U) bytes += static_cast<char>(bits & 0xffU);
    }
    return to_base64(bytes);
}

std::string websocket_accept(std::string_view key) {
    constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // section 1.3
    const std::string text = std::string(key).append(kGuid);
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<void> append_websocket_fields(Headers& headers, std::string_view key,
                                     std::span<const std::string> protocols) {
    std::string offered;
    for (const std::string& protocol : protocols) {
        if (!is_valid_field_name(protocol)) {  // both are tokens
            return Error{ErrorCode::kUsage, "bad WebSocket protocol " + quoted(protocol) +
                                                ": letters, digits and !#$%&'*+-.^_`|~ are allowed"};
        }
        if (!offered.empty()) offered += ", ";
        offered += protocol;
    }
    headers.push_back({"Connection", "Upgrade"});
    headers.push_back({"Upgrade", "websocket"});
    headers.push_back({"Sec-WebSocket-Version", "13"});
    headers.push_back({"Sec-WebSocket-Key", std::string(key)});
    if (!offered.empty()) headers.push_back({"Sec-WebSocket-Protocol", std::move(offered)});
    return {};
}

Result<std::string> check_websocket_answer(int status, std::span<const HeaderView> headers,
                                           std::string_view key, std::span<const std::string> protocols) {
    if (status != 101) return no_websocket("the answer is " + std::to_string(status) + ", not 101");
    AnswerFields fields;
    for (const HeaderView& header : headers) fields.take(header);
    if (!fields.upgrade) return no_websocket("the answer has no \"Upgrade: websocket\"");
    if (!fields.connection) return no_websocket("the answer has no \"Connection: Upgrade\"");
    if (fields.accept.empty()) return no_websocket("the answer has no Sec-WebSocket-Accept");
    if (fields.accept != websocket_accept(key))
        return no_websocket("Sec-WebSocket-Accept does not fit the key");
    if (!fields.extensions.empty()) {
        return no_websocket("the server speaks " + quoted(fields.extensions) +
                            ", and no extension was offered");
    }
    const bool offered = std::find(protocols.begin(), protocols.end(), fields.protocol) != protocols.end();
    if (!fields.protocol.empty() && !offered) {
        return no_websocket("the server chose the protocol " + quoted(fields.protocol) +
                            ", which was not offered");
    }
    return std::string(fields.protocol);
}

}  // namespace loadgen::http
