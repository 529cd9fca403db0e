// Digests, HMAC (RFC 2104) and JSON web tokens (RFC 7519) with HS256 (RFC 7518, section 3.2).
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cmath>
#include <optional>
#include <utility>

#include "common/base/encoding.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

const EVP_MD* algorithm_of(std::string_view name) {
    if (name == "sha256") return EVP_sha256();
    if (name == "sha1") return EVP_sha1();
    if (name == "sha384") return EVP_sha384();
    if (name == "sha512") return EVP_sha512();
    return name == "md5" ? EVP_md5() : nullptr;
}

std::optional<std::string> encoded(std::string_view bytes, std::string_view encoding) {
    if (encoding == "hex") return to_hex(bytes);
    if (encoding == "base64") return to_base64(bytes);
    if (encoding == "base64url") return to_base64_url(bytes);
    return std::nullopt;
}

Value encoded_for(CallContext& context, std::string_view function, const std::string& bytes,
                  Arguments arguments, std::size_t encoding) {
    const std::string name = has_argument(arguments, encoding) ? arguments[encoding].to_text() : "hex";
    auto made = encoded(bytes, name);
    if (made) return Value(std::move(*made));
    return refuse(context, function,
                  "found the encoding \"" + name + "\", expected hex, base64 or base64url");
}

std::string digest_of(const EVP_MD* algorithm, std::string_view text) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes, &size, algorithm, nullptr) != 1) return {};
    return {reinterpret_cast<const char*>(bytes), size};
}

std::string hmac_of(const EVP_MD* algorithm, std::string_view key, std::string_view text) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const auto* message = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(algorithm, key.data(), static_cast<int>(key.size()), message, text.size(), bytes, &size) ==
        nullptr)
        return {};
    return {reinterpret_cast<const char*>(bytes), size};
}

Value digest(CallContext& context, Arguments arguments, std::string_view function,
             std::string_view algorithm) {
    const std::string bytes = digest_of(algorithm_of(algorithm), arguments[0].to_text());
    if (bytes.empty()) return refuse(context, function, "this machine's OpenSSL refuses the algorithm");
    return encoded_for(context, function, bytes, arguments, 1);
}

Value sha256(CallContext& context, Arguments arguments) {
    return digest(context, arguments, "$sha256", "sha256");
}
Value sha1(CallContext& context, Arguments arguments) {
    return digest(context, arguments, "$sha1", "sha1");
}
Value sha512(CallContext& context, Arguments arguments) {
    return digest(context, arguments, "$sha512", "sha512");
}
Value md5(CallContext& context, Arguments arguments) {
    return digest(context, arguments, "$md5", "md5");
}

Value hmac(CallContext& context, Arguments arguments) {
    const std::string name = arguments[0].to_text();
    const EVP_MD* const algorithm = algorithm_of(name);
    if (algorithm == nullptr) {
        return refuse(context, "$hmac",
                      "found the algorithm \"" + name + "\", expected sha256, sha1, sha384, sha512 or md5");
    }
    const std::string bytes = hmac_of(algorithm, arguments[1].to_text(), arguments[2].to_text());
    if (bytes.empty()) return refuse(context, "$hmac", "this machine's OpenSSL refuses the algorithm");
    return encoded_for(context, "$hmac", bytes, arguments, 3);
}

void set_claim(Value::Object& claims, std::string_view name, double value) {
    for (auto& [known, claim] : claims) {
        if (known == name) return;
    }
    claims.emplace_back(std::string(name), Value(value));
}

/// Claims that are given stay; iat, and exp when there is a life time, are added.
Value jwt(CallContext& context, Arguments arguments) {
    Value given = arguments[0];
    if (given.is_string()) {
        auto read = text::parse_json_value(given.string());
        if (!read) return refuse(context, "$jwt", "the claims: " + read.error().message);
        given = std::move(*read);
    }
    if (!given.is_object())
        return refuse_kind(context, "$jwt", given, "an object of claims, or its JSON text");
    const double life_s = has_argument(arguments, 2) ? arguments[2].to_number() : 0;
    if (std::isnan(life_s)) return refuse(context, "$jwt", "the life time must be a number of seconds");
    const auto now = static_cast<double>(context.now.unix_ns / 1'000'000'000);
    Value::Object claims = given.members();
    set_claim(claims, "iat", now);
    if (has_argument(arguments, 2)) set_claim(claims, "exp", now + life_s);
    std::string payload;
    Value(std::move(claims)).append_json(payload);
    std::string token = to_base64_url(R"({"alg":"HS256","typ":"JWT"})") + '.' + to_base64_url(payload);
    const std::string signature = hmac_of(EVP_sha256(), arguments[1].to_text(), token);
    return Value((token += '.') += to_base64_url(signature));
}

constexpr std::array kFunctions{
    text::FunctionEntry{
        "$hmac", hmac, 3, 4,
        "$hmac(algorithm, key, text, encoding): sha256, sha1, sha384, sha512 or md5; in hex, or "
        "base64 or base64url"},
    text::FunctionEntry{"$sha256", sha256, 1, 2, "$sha256(text, encoding): its digest, in hex unless told"},
    text::FunctionEntry{"$sha1", sha1, 1, 2, "$sha1(text, encoding): its digest, in hex unless told"},
    text::FunctionEntry{"$sha512", sha512, 1, 2, "$sha512(text, encoding): its digest, in hex unless told"},
    text::FunctionEntry{"$md5", md5, 1, 2, "$md5(text, encoding): its digest, in hex unless told"},
    text::FunctionEntry{
        "$jwt", jwt, 2, 3,
        "$jwt(claims, secret, seconds): a token signed with HS256; iat is now, and exp as many "
        "seconds later when told"},
};

}  // namespace

Family digest_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
