#include "services/grocery/shared/domain/app_version.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace loadgen::services::grocery {
namespace {

constexpr std::size_t kMaxDigits = 9;

std::optional<std::uint32_t> number(std::string_view part) {
    if (part.empty() || part.size() > kMaxDigits) return std::nullopt;
    std::uint32_t value = 0;
    for (const char digit : part) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return value;
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> major_minor(std::string_view version) {
    const std::size_t dot = version.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view rest = version.substr(dot + 1);
    const auto first = number(version.substr(0, dot));
    const auto second = number(rest.substr(0, rest.find('.')));
    if (!first || !second) return std::nullopt;
    return std::pair(*first, *second);
}

}  // namespace

bool supports_app(std::string_view version, std::string_view minimum) {
    const auto have = major_minor(version);
    const auto need = major_minor(minimum);
    return have && need && *have >= *need;
}

}  // namespace loadgen::services::grocery
