// Character classes and vector scans of HTTP/1.1 field lines. SSE2 where the target has it (every x86-64),
// a plain loop elsewhere. Lines are short, so 16 bytes at a time beats wider registers.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace loadgen::http::detail {

/// tchar of RFC 9110 section 5.6.2.
inline constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
    return table;
}();

inline bool is_token_char(char c) {
    return kTokenChars[static_cast<unsigned char>(c)];
}
inline bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// What may stand inside a field value: VCHAR, obs-text, SP, HTAB (RFC 9110 section 5.5).
inline bool is_value_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

inline bool is_token(std::string_view text) {
    for (const char c : text) {
        if (!is_token_char(c)) return false;
    }
    return !text.empty();
}

#if defined(__SSE2__)
inline __m128i load16(const char* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

/// Bit i is set when byte i may not stand in a field value.
inline unsigned value_stops(const char* p) {
    const __m128i bytes = load16(p);
    const __m128i low = _mm_set1_epi8(0x1f);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, low), bytes);
    const __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
    const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, control), del)));
}

/// Bit i is set when byte i is neither a letter nor '-': those make up nearly every field name.
inline unsigned plain_name_stops(const char* p) {
    const __m128i bytes = load16(p);
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    // Signed saturation puts 'a'..'z' at the top of the range, so one comparison tests both ends.
    const __m128i shifted = _mm_adds_epi8(folded, _mm_set1_epi8(127 - 'z'));
    const __m128i letter = _mm_cmpgt_epi8(shifted, _mm_set1_epi8(127 - 26));
    const __m128i beyond = _mm_cmpgt_epi8(folded, _mm_set1_epi8('z'));
    const __m128i dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    const __m128i plain = _mm_or_si128(_mm_andnot_si128(beyond, letter), dash);
    return static_cast<unsigned>(_mm_movemask_epi8(plain)) ^ 0xffffU;
}
#endif

/// The first byte from `p` that may not stand in a field value, or `end`.
inline const char* skip_value_chars(const char* p, const char* end) {
#if defined(__SSE2__)
    while (end - p >= 16) {
        if (const unsigned stops = value_stops(p)) return p + std::countr_zero(stops);
        p += 16;
    }
#endif
    while (p != end && is_value_char(*p)) ++p;
    return p;
}

/// The first byte from `p` that is not a token character, or `end`.
inline const char* skip_token_chars(const char* p, const char* end) {
#if defined(__SSE2__)
    while (end - p >= 16) {
        const unsigned stops = plain_name_stops(p);
        if (stops == 0) {
            p += 16;
            continue;
        }
        p += std::countr_zero(stops);
        if (!is_token_char(*p)) return p;
        ++p;  // a digit or a rarer token character
    }
#endif
    while (p != end && is_token_char(*p)) ++p;
    return p;
}

}  // namespace loadgen::http::detail
