#include "services/runtime/workflow/workflow_token.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

#include "common/base/encoding.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::size_t kTokenBytes = 16;

}  // namespace

Result<std::string> new_workflow_token() {
    std::array<unsigned char, kTokenBytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return Error{ErrorCode::kIo, "workflow: the system has no random bytes"};
    }
    return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string workflow_token_hash(std::string_view token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace loadgen::services::runtime
