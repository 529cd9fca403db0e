#include "services/birthday/store/birthdays.hpp"

#include <openssl/evp.h>

#include <array>
#include <string>

#include "common/base/encoding.hpp"

namespace loadgen::services::birthday {
namespace {

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE birthdays (id TEXT PRIMARY KEY, dob TEXT NOT NULL) STRICT, WITHOUT ROWID"};

// Dates are stored as RFC 3339 instants, the day's midnight in UTC.
constexpr std::string_view kMidnight = "T00:00:00Z";

/// SHA-256 of the name in lower-case hex.
std::string id_of(std::string_view username) {
    // Looking the algorithm up costs more than hashing twelve letters, so it is done once.
    static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    // Cannot fail: the algorithm is part of every OpenSSL provider, and nothing is allocated from outside.
    EVP_Digest(username.data(), username.size(), digest.data(), &size, kSha256, nullptr);
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

Result<Date> stored_date(std::string_view text) {
    if (text.ends_with(kMidnight)) {
        if (auto date = parse_date(text.substr(0, text.size() - kMidnight.size()))) return date;
    }
    return Error{ErrorCode::kIo, "store: \"" + std::string(text) + "\" is no birth date"};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

store::Store::Change put_birthday(std::string_view username, Date birth) {
    return [id = id_of(username), dob = format_date(birth).append(kMidnight)](store::Statements& statements) {
        const std::array<store::Parameter, 2> parameters = {std::string_view(id), std::string_view(dob)};
        return statements.run(
            "INSERT INTO birthdays (id, dob) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET dob = excluded.dob",
            parameters);
    };
}

Result<std::optional<Date>> find_birthday(store::Statements& reader, std::string_view username) {
    const std::string id = id_of(username);
    const std::array<store::Parameter, 1> parameters = {std::string_view(id)};
    std::optional<Result<Date>> found;
    auto done = reader.run("SELECT dob FROM birthdays WHERE id = ?", parameters,
                           [&found](const store::Row& row) { found = stored_date(row.text(0)); });
    if (!done) return std::move(done).error();
    if (!found) return std::optional<Date>();
    if (!*found) return found->error();
    return std::optional<Date>(**found);
}

}  // namespace loadgen::services::birthday
