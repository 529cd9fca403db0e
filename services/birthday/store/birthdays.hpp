// Where birthdays are kept. The table holds hashes of the names, never the names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "services/birthday/domain/birth_date.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::birthday {

/// What the database needs, for `open_sqlite_store`.
std::span<const std::string_view> migrations();

/// The change that stores `birth` for the (valid) name, in place of an earlier one.
store::Store::Change put_birthday(std::string_view username, Date birth);

/// The birthday of the name, or none. kIo also when the stored text is no date.
Result<std::optional<Date>> find_birthday(store::Statements& reader, std::string_view username);

}  // namespace loadgen::services::birthday
