// What a client can send as Idempotency-Key and as e-mail address.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "services/ninja/shared/domain/idempotency_key.hpp"
#include "services/ninja/users/domain/email.hpp"

using namespace loadgen::services;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_key(std::string_view field) {
    const auto key = ninja::parse_idempotency_key(field);
    if (!key) return;
    require(!key->empty() && key->size() <= ninja::kMaxIdempotencyKey);
    require(std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c <= '~'; }));
    // The quoted form of a key is the same key.
    std::string quoted = "\"";
    for (const char c : *key) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    require(ninja::parse_idempotency_key(quoted + '"').value_or("") == *key);
}

void check_email(std::string_view text) {
    if (!ninja::users::is_email(text)) return;
    require(text.size() <= ninja::users::kMaxEmail);
    require(std::count(text.begin(), text.end(), '@') == 1);
    require(text.find(' ') == std::string_view::npos && text.find('\0') == std::string_view::npos);
    // A longer host name of the same kind is an address too, unless it is too long.
    require(text.size() + 2 > ninja::users::kMaxEmail || ninja::users::is_email(std::string(text) + ".x"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    check_key(input);
    check_email(input);
    return 0;
}
