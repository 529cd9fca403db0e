// What a client can send to the greeter: the first line of the input is a path segment, the rest a body.
#include <cstdlib>
#include <string_view>

#include "services/birthday/domain/username.hpp"
#include "services/birthday/http/birth_request.hpp"
#include "services/platform/router.hpp"

using namespace loadgen;
using namespace loadgen::services::birthday;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_name(std::string_view segment) {
    const auto decoded = services::platform::percent_decode(segment);
    if (!decoded) return;
    require(decoded->size() <= segment.size());
    const auto name = parse_username(*decoded);
    if (!name) return;
    require(name->size() == decoded->size());
    require(parse_username(*name).value_or("") == *name);
}

void check_date(std::string_view text) {
    const auto date = parse_date(text);
    if (!date) return;
    require(format_date(*date) == text);
    const Date leap = std::chrono::year(2024) / 2 / 29;
    const int days = days_until_birthday(*date, leap);
    require(days >= 0 && days <= 366);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto line_end = input.find('\n');
    const std::string_view segment = input.substr(0, line_end);
    const std::string_view body = line_end == std::string_view::npos ? "" : input.substr(line_end + 1);
    check_name(segment);
    check_date(segment);
    thread_local text::JsonDocument document;
    if (const auto date = read_birth_request(document, body)) check_date(format_date(*date));
    return 0;
}
