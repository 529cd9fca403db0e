#include "services/birthday/http/birth_request.hpp"

namespace loadgen::services::birthday {

Result<Date> read_birth_request(text::JsonDocument& document, std::string_view body) {
    const auto root = document.parse(body);
    if (!root) return Error{ErrorCode::kSyntax, "bad json input"};
    const auto member = root->find("dateOfBirth");
    const auto text = member ? member->as_string() : std::nullopt;
    // Whatever is not a string is no date either: the same sentence tells what is wanted.
    return parse_date(text.value_or(std::string_view()));
}

}  // namespace loadgen::services::birthday
