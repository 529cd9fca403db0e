#include "reports/render/format_text.hpp"

#include <array>
#include <charconv>

namespace loadgen::reports {

std::string fixed(double number, int digits) {
    // 309 digits of the largest double, a sign, a point and the fraction fit.
    std::array<char, 400> text;
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, digits);
    return {text.data(), end.ptr};
}

}  // namespace loadgen::reports
