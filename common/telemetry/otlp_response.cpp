#include "common/telemetry/otlp_response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "common/telemetry/detail/protobuf_reader.hpp"

namespace loadgen::telemetry {
namespace {

using detail::ProtobufField;
using detail::read_field;

bool read_partial_success(std::string_view in, PartialSuccess& out) {
    for (ProtobufField field; !in.empty();) {
        if (!read_field(in, field)) return false;
        if (field.number == 1 && field.wire_type == 0) out.rejected = static_cast<std::int64_t>(field.varint);
        if (field.number == 2 && field.wire_type == 2) out.message = field.bytes;
    }
    return true;
}

// RFC 9110 section 5.6.7, IMF-fixdate. The day's name is not checked.
std::optional<WallTime> read_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::string_view kShape = "aaa, 00 aaa 0000 00:00:00 GMT";
    if (text.size() != kShape.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (kShape[i] == '0' ? !digit : kShape[i] != 'a' && kShape[i] != text[i]) return std::nullopt;
    }
    const auto number = [text](std::size_t at, std::size_t length) {
        unsigned value = 0;
        for (const char c : text.substr(at, length)) value = value * 10 + static_cast<unsigned>(c - '0');
        return value;
    };
    const auto* month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
    if (month == kMonths.end()) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date(year(static_cast<int>(number(12, 4))),
                              std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                              day(number(5, 2)));
    const unsigned year_number = number(12, 4);
    if (!date.ok() || year_number < 1970 || year_number > 2200 || number(17, 2) > 23 || number(20, 2) > 59 ||
        number(23, 2) > 60) {
        return std::nullopt;
    }
    const auto time = sys_days(date) + hours(number(17, 2)) + minutes(number(20, 2)) + seconds(number(23, 2));
    return WallTime{duration_cast<nanoseconds>(time.time_since_epoch()).count()};
}

}  // namespace

std::optional<PartialSuccess> read_export_response(std::string_view body) {
    PartialSuccess result;
    for (ProtobufField field; !body.empty();) {
        if (!read_field(body, field)) return std::nullopt;
        if (field.number == 1 && field.wire_type == 2 && !read_partial_success(field.bytes, result)) {
            return std::nullopt;
        }
    }
    return result;
}

std::optional<Nanos> read_retry_after(std::string_view value, WallTime now) {
    if (!value.empty() && value.front() >= '0' && value.front() <= '9') {
        std::uint32_t seconds = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
        if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
        return std::chrono::seconds(seconds);
    }
    const auto date = read_http_date(value);
    if (!date) return std::nullopt;
    return Nanos(std::max<std::int64_t>(date->unix_ns - now.unix_ns, 0));
}

}  // namespace loadgen::telemetry
