#include "common/base/uuid.hpp"

#include "common/base/random.hpp"

namespace loadgen {
namespace {

constexpr std::string_view kLayout = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
constexpr std::size_t kVersionPlace = 14;
constexpr std::size_t kVariantPlace = 19;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string new_uuid() {
    thread_local Random random(entropy_seed());
    return new_uuid(random);
}

std::string new_uuid(Random& random) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(kLayout);
    std::uint64_t bits = 0;
    int digits_left = 0;
    for (char& c : text) {
        if (c == '-') continue;
        if (digits_left == 0) {
            bits = random.next();
            digits_left = 16;
        }
        c = kDigits[bits & 0xF];
        bits >>= 4U;
        --digits_left;
    }
    text[kVersionPlace] = '4';
    text[kVariantPlace] = kDigits[8 + (bits & 0x3)];
    return text;
}

bool is_uuid(std::string_view text) {
    if (text.size() != kLayout.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kLayout[i] == '-' ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

}  // namespace loadgen
