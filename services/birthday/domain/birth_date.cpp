#include "services/birthday/domain/birth_date.hpp"

#include <array>

namespace loadgen::services::birthday {
namespace {

constexpr std::size_t kDateLength = 10;  // yyyy-mm-dd

Error bad_date() {
    return Error{ErrorCode::kUsage, "dateOfBirth must be a calendar date in the format yyyy-mm-dd"};
}

/// The number in `digits`, or -1 when a character is no ASCII digit.
int parse_digits(std::string_view digits) {
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

void append_digits(std::string& out, unsigned value, int width) {
    std::array<char, 4> digits{};
    for (int i = width - 1; i >= 0; --i) {
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits.data(), static_cast<std::size_t>(width));
}

std::chrono::sys_days birthday_in(std::chrono::year year, Date birth) {
    // For February 29 in a common year the day number 29 rolls over into March 1, which is the rule.
    return std::chrono::sys_days(year / birth.month() / 1) + (birth.day() - std::chrono::day(1));
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
    if (text.size() != kDateLength || text[4] != '-' || text[7] != '-') return bad_date();
    const int year = parse_digits(text.substr(0, 4));
    const int month = parse_digits(text.substr(5, 2));
    const int day = parse_digits(text.substr(8, 2));
    if (year < 0 || month < 0 || day < 0) return bad_date();
    const Date date = std::chrono::year(year) / month / day;
    if (!date.ok()) return bad_date();
    return date;
}

std::string format_date(Date date) {
    std::string text;
    text.reserve(kDateLength);
    append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.day()), 2);
    return text;
}

Result<void> check_in_past(Date birth, Date today) {
    if (birth < today) return {};
    return Error{ErrorCode::kUsage, "dateOfBirth must be before today (UTC)"};
}

int days_until_birthday(Date birth, Date today) {
    const std::chrono::sys_days now(today);
    auto next = birthday_in(today.year(), birth);
    if (next < now) next = birthday_in(today.year() + std::chrono::years(1), birth);
    return static_cast<int>((next - now).count());
}

Date utc_date(WallTime time) {
    const std::chrono::sys_time<Nanos> point{Nanos(time.unix_ns)};
    return Date(std::chrono::floor<std::chrono::days>(point));
}

}  // namespace loadgen::services::birthday
