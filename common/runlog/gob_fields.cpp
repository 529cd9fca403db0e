#include "common/runlog/gob_fields.hpp"

#include <limits>

namespace loadgen::runlog::gob {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kUnixToYearOne = 62'135'596'800;

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

/// time.Time's binary form, versions 1 and 2: version, seconds since year 1, nanoseconds, offset in minutes
/// (version 2: and seconds). The offset only labels.
void take_time(Cursor& cursor, Record& record) {
    const std::string_view bytes = cursor.take_bytes();
    if (cursor.failed()) return;
    const bool known = (bytes.size() == 15 && bytes[0] == 1) || (bytes.size() == 16 && bytes[0] == 2);
    if (!known) {
        cursor.fail("field Timestamp: found " + std::to_string(bytes.size()) +
                    " bytes, expected Go's binary time of 15 or 16");
        return;
    }
    const auto since_year_one = static_cast<std::int64_t>(big_endian(bytes.substr(1, 8)));
    const auto nanos = static_cast<std::int64_t>(big_endian(bytes.substr(9, 4)));
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
    if (since_year_one == 0 && nanos == 0) return;  // Go's zero time
    const std::int64_t seconds = since_year_one < 0 ? -kLimit - 1 : since_year_one - kUnixToYearOne;
    if (seconds < -kLimit || seconds > kLimit || nanos >= kSecond) {
        cursor.fail("field Timestamp: the time is outside the years 1678 to 2261");
        return;
    }
    record.timestamp.unix_ns = seconds * kSecond + nanos;
}

void take_code(Cursor& cursor, Record& record) {
    const std::uint64_t code = cursor.take_uint();
    if (code > 65535) cursor.fail("field Code: found " + std::to_string(code) + ", allowed are 0 to 65535");
    record.code = static_cast<std::uint16_t>(code);
}

void take_headers(Cursor& cursor, Record& record) {
    const std::uint64_t count = cursor.take_uint();
    for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i) {
        auto& [name, values] = record.headers.emplace_back();
        name = cursor.take_bytes();
        const std::uint64_t value_count = cursor.take_uint();
        for (std::uint64_t j = 0; j < value_count && !cursor.failed(); ++j) {
            values.emplace_back(cursor.take_bytes());
        }
    }
}

void take_cause(Cursor& cursor, Record& record) {
    const std::uint64_t cause = cursor.take_uint();
    if (cause >= kCauseCount) {
        cursor.fail("field Cause: found " + std::to_string(cause) + ", allowed are 0 to " +
                    std::to_string(kCauseCount - 1));
        return;
    }
    record.detail->cause = static_cast<Cause>(cause);
}

void take_body(Cursor& cursor, Record& record) {
    record.body = cursor.take_bytes();
    record.has_body = true;
}

template <auto Member>
void take_text(Cursor& cursor, Record& record) {
    record.*Member = cursor.take_bytes();
}
template <auto Member>
void take_unsigned(Cursor& cursor, Record& record) {
    record.*Member = cursor.take_uint();
}
template <Nanos RecordDetail::*Member>
void take_phase(Cursor& cursor, Record& record) {
    (*record.detail).*Member = Nanos(cursor.take_int());
}

constexpr FieldRow kResultFields[] = {
    {"Attack", Shape::kText, take_text<&Record::attack>},
    {"Seq", Shape::kUint, take_unsigned<&Record::seq>},
    {"Code", Shape::kUint, take_code},
    {"Timestamp", Shape::kTime, take_time},
    {"Latency", Shape::kInt,
     [](Cursor& cursor, Record& record) { record.latency = Nanos(cursor.take_int()); }},
    {"BytesOut", Shape::kUint, take_unsigned<&Record::bytes_out>},
    {"BytesIn", Shape::kUint, take_unsigned<&Record::bytes_in>},
    {"Error", Shape::kText, take_text<&Record::error>},
    {"Body", Shape::kText, take_body},
    {"Method", Shape::kText, take_text<&Record::method>},
    {"URL", Shape::kText, take_text<&Record::url>},
    {"Headers", Shape::kHeaders, take_headers},
    {"Loadgen", Shape::kDetail, nullptr},
};

constexpr FieldRow kDetailFields[] = {
    {"SendDelay", Shape::kInt, take_phase<&RecordDetail::send_delay>},
    {"DNS", Shape::kInt, take_phase<&RecordDetail::dns>},
    {"Connect", Shape::kInt, take_phase<&RecordDetail::connect>},
    {"TLS", Shape::kInt, take_phase<&RecordDetail::tls>},
    {"Wait", Shape::kInt, take_phase<&RecordDetail::wait>},
    {"Body", Shape::kInt, take_phase<&RecordDetail::body>},
    {"Cause", Shape::kUint, take_cause},
    {"Connection", Shape::kUint,
     [](Cursor& cursor, Record& record) { record.detail->connection = cursor.take_uint(); }},
    {"Ordinal", Shape::kUint,
     [](Cursor& cursor, Record& record) {
         record.detail->ordinal = static_cast<std::uint32_t>(cursor.take_uint());
     }},
    {"WarmUp", Shape::kBool,
     [](Cursor& cursor, Record& record) { record.detail->warm_up = cursor.take_uint() != 0; }},
    {"RemoteAddress", Shape::kText,
     [](Cursor& cursor, Record& record) { record.detail->remote_address = cursor.take_bytes(); }},
    {"Endpoint", Shape::kText,
     [](Cursor& cursor, Record& record) { record.detail->endpoint = cursor.take_bytes(); }},
    {"Scenario", Shape::kText,
     [](Cursor& cursor, Record& record) { record.detail->scenario = cursor.take_bytes(); }},
    {"TraceID", Shape::kText,
     [](Cursor& cursor, Record& record) { record.detail->trace_id = cursor.take_bytes(); }},
    {"SpanID", Shape::kText,
     [](Cursor& cursor, Record& record) { record.detail->span_id = cursor.take_bytes(); }},
};

}  // namespace

std::span<const FieldRow> result_fields() {
    return kResultFields;
}

std::span<const FieldRow> detail_fields() {
    return kDetailFields;
}

}  // namespace loadgen::runlog::gob
