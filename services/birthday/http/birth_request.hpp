// The body of PUT /hello/{username}.
#pragma once

#include <string_view>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"
#include "services/birthday/domain/birth_date.hpp"

namespace loadgen::services::birthday {

/// Reads {"dateOfBirth":"yyyy-mm-dd"}; other members are ignored. kSyntax for text that is no JSON, kUsage
/// for JSON of another shape or a date that does not exist; the message is for the client.
Result<Date> read_birth_request(text::JsonDocument& document, std::string_view body);

}  // namespace loadgen::services::birthday
