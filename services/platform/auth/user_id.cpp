#include "services/platform/auth/user_id.hpp"

#include <bit>
#include <cstddef>

namespace loadgen::services::platform::auth {
namespace {

/// The four words of SipHash with both keys 0.
struct SipState {
    std::uint64_t v0 = 0x736f6d6570736575;
    std::uint64_t v1 = 0x646f72616e646f6d;
    std::uint64_t v2 = 0x6c7967656e657261;
    std::uint64_t v3 = 0x7465646279746573;

    void round() {
        v0 += v1;
        v2 += v3;
        v1 = std::rotl(v1, 13) ^ v0;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 = std::rotl(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = std::rotl(v1, 17) ^ v2;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 = std::rotl(v2, 32);
    }
    void compress(std::uint64_t word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }
};

/// Up to eight bytes, the first one lowest.
std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return word;
}

}  // namespace

std::uint64_t siphash13(std::string_view bytes) {
    constexpr std::size_t kWord = 8;
    SipState state;
    const std::uint64_t length = std::uint64_t{bytes.size()} << 56;  // the last byte of the last word
    while (bytes.size() >= kWord) {
        state.compress(little_endian(bytes.substr(0, kWord)));
        bytes.remove_prefix(kWord);
    }
    state.compress(length | little_endian(bytes));
    state.v2 ^= 0xff;
    for (int i = 0; i < 3; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::string user_id_of(std::string_view email) {
    if (email.find('@') == std::string_view::npos) return std::string(email);
    std::string text(email);
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    text += '\xff';  // ends a string among hashed values, as the sample's library has it
    return std::to_string(siphash13(text));
}

}  // namespace loadgen::services::platform::auth
