#include "loadgen/engine/users/upload_files.hpp"

#include <utility>

#include "loadgen/pacing/text_file.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kMaxFileBytes = 64U << 20U;
constexpr std::size_t kMaxKeptBytes = 256U << 20U;
constexpr std::size_t kEntryBytes = 256;  // so that many empty files come to an end, too

}  // namespace

Result<std::shared_ptr<const std::string>> UploadFiles::get(const std::string& path) {
    if (const auto known = kept_.find(path); known != kept_.end()) return known->second;
    Result<std::string> read = pacing::read_file(path, kMaxFileBytes);
    if (!read) return std::move(read).error();
    auto bytes = std::make_shared<const std::string>(std::move(*read));
    const std::size_t cost = bytes->size() + path.size() + kEntryBytes;
    if (kept_bytes_ + cost <= kMaxKeptBytes) {
        kept_bytes_ += cost;
        kept_.emplace(path, bytes);
    }
    return bytes;
}

}  // namespace loadgen::engine
