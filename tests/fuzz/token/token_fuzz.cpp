// Tokens of strangers, and tokens with a true signature over anything: "<header>\n<payload>" is signed first,
// so that what lies behind the signature is reached.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>

#include "common/base/encoding.hpp"
#include "services/platform/auth/tokens.hpp"
#include "tests/fuzz/require.hpp"

namespace {

namespace auth = loadgen::services::platform::auth;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr loadgen::WallTime kNow{1'700'000'000'000'000'000};

using loadgen::test::require;

std::string signed_token(std::string_view header, std::string_view payload) {
    const std::string text = loadgen::to_base64_url(header) + '.' + loadgen::to_base64_url(payload);
    unsigned char digest[32];
    unsigned int size = 0;
    ::HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
    return text + '.' + loadgen::to_base64_url({reinterpret_cast<const char*>(digest), size});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto keys = auth::TokenKeys::make(kSecret);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto bytes = loadgen::from_base64_url(text);
    if (bytes) require(loadgen::to_base64_url(*bytes) == text, "there is one text for some bytes");
    const auto raw = keys->verify(text, kNow);
    if (!raw) require(raw.error().message.starts_with("token refused: "), "errors say something");

    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    const auto claims = keys->verify(signed_token(text.substr(0, end), text.substr(end + 1)), kNow);
    if (!claims) return 0;
    require(!claims->sub.empty() && claims->iat <= claims->exp, "claims are sane");
    const auto again = keys->verify(keys->sign(*claims), kNow);
    require(again.has_value() && *again == *claims, "claims survive signing");
    return 0;
}
