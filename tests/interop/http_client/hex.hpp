// Bytes as they travel between the test and its peer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadgen::test {

inline std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

/// Words between single blanks; they may be empty.
inline std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words{""};
    for (const char c : line) {
        if (c == ' ') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

}  // namespace loadgen::test
