#include "services/platform/auth/detail/phc.hpp"

#include <charconv>
#include <cstdint>

namespace loadgen::services::platform::auth::detail {
namespace {

constexpr std::size_t kMaxBytes = 512;
constexpr std::uint32_t kMaxMemoryKib = 256 * 1024;
constexpr std::uint32_t kMaxPasses = 16;
constexpr std::uint32_t kMaxLanes = 8;

/// Takes "<label><number>" off the front of `rest`.
bool take(std::string_view& rest, std::string_view label, std::uint32_t most) {
    if (!rest.starts_with(label)) return false;
    rest.remove_prefix(label.size());
    std::uint32_t number = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failed != std::errc() || number > most) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

}  // namespace

Result<void> check_phc(std::string_view phc) {
    std::string_view rest = phc;
    const bool sane = phc.size() <= kMaxBytes && take(rest, "$argon2id$v=", 19) &&
                      take(rest, "$m=", kMaxMemoryKib) && take(rest, ",t=", kMaxPasses) &&
                      take(rest, ",p=", kMaxLanes) && rest.starts_with('$') &&
                      rest.find('\0') == std::string_view::npos;
    if (sane) return {};
    // The hash is a secret: it stays out of the message.
    return Error{ErrorCode::kSyntax, "a stored password hash is no Argon2id string, or costs too much"};
}

}  // namespace loadgen::services::platform::auth::detail
