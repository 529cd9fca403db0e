#include "common/runlog/gob_writer.hpp"

#include "common/runlog/gob_wire.hpp"

namespace loadgen::runlog {
namespace {

// Type ids of our streams; a stream may choose any from 65 up.
enum TypeId : std::int64_t { kResult = 65, kTime, kHeader, kStrings, kDetailType };

// Which field of Go's wireType describes which kind of type.
enum WireField : std::uint64_t { kSliceField = 2, kStructField = 3, kMapField = 4, kGobEncoderField = 5 };

struct FieldRow {
    std::string_view name;
    std::int64_t type;
};

constexpr FieldRow kResultFields[] = {
    {"Attack", gob::kString}, {"Seq", gob::kUint},      {"Code", gob::kUint},    {"Timestamp", kTime},
    {"Latency", gob::kInt},   {"BytesOut", gob::kUint}, {"BytesIn", gob::kUint}, {"Error", gob::kString},
    {"Body", gob::kBytes},    {"Method", gob::kString}, {"URL", gob::kString},   {"Headers", kHeader},
    {"Loadgen", kDetailType},
};

constexpr FieldRow kDetailFields[] = {
    {"SendDelay", gob::kInt},
    {"DNS", gob::kInt},
    {"Connect", gob::kInt},
    {"TLS", gob::kInt},
    {"Wait", gob::kInt},
    {"Body", gob::kInt},
    {"Cause", gob::kUint},
    {"Connection", gob::kUint},
    {"Ordinal", gob::kUint},
    {"WarmUp", gob::kBool},
    {"RemoteAddress", gob::kString},
    {"Endpoint", gob::kString},
    {"Scenario", gob::kString},
    {"TraceID", gob::kString},
    {"SpanID", gob::kString},
};

/// CommonType: name and id.
void append_common(std::string& out, std::string_view name, std::int64_t id) {
    out += '\1';
    gob::append_bytes(out, name);
    out += '\1';
    gob::append_int(out, id);
    out += '\0';
}

/// One message that describes a type: `rest` is what the kind adds after CommonType.
void append_type(std::string& out, WireField kind, std::string_view name, std::int64_t id,
                 std::string_view rest) {
    std::string message;
    gob::append_int(message, -id);
    gob::append_uint(message, kind);
    message += '\1';
    append_common(message, name, id);
    message += rest;
    message += std::string_view("\0\0", 2);
    gob::append_bytes(out, message);
}

template <std::size_t N>
void append_struct_type(std::string& out, std::string_view name, std::int64_t id, const FieldRow (&rows)[N],
                        std::size_t count = N) {
    std::string fields = "\1";
    gob::append_uint(fields, count);
    for (std::size_t i = 0; i < count; ++i) {
        fields += '\1';
        gob::append_bytes(fields, rows[i].name);
        fields += '\1';
        gob::append_int(fields, rows[i].type);
        fields += '\0';
    }
    append_type(out, kStructField, name, id, fields);
}

void append_types(std::string& out, Detail detail) {
    const bool with_detail = detail == Detail::kInclude;
    append_struct_type(out, "Result", kResult, kResultFields,
                       std::size(kResultFields) - (with_detail ? 0 : 1));
    append_type(out, kGobEncoderField, "Time", kTime, "");
    std::string rest = "\1";
    gob::append_int(rest, gob::kString);
    rest += '\1';
    gob::append_int(rest, kStrings);
    append_type(out, kMapField, "Header", kHeader, rest);
    rest = "\1";
    gob::append_int(rest, gob::kString);
    append_type(out, kSliceField, "[]string", kStrings, rest);
    if (with_detail) append_struct_type(out, "Detail", kDetailType, kDetailFields);
}

/// Writes struct fields as distance to the last one written, leaving out zero values as gob does.
class StructWriter {
  public:
    explicit StructWriter(std::string& out) : out_(out) {}

    void unsigned_integer(std::uint64_t value) {
        if (present(value != 0)) gob::append_uint(out_, value);
    }
    void integer(std::int64_t value) {
        if (present(value != 0)) gob::append_int(out_, value);
    }
    void bytes(std::string_view value) {
        if (present(!value.empty())) gob::append_bytes(out_, value);
    }
    /// Moves to the next field; when `is_present`, writes its distance and the caller writes the value.
    bool present(bool is_present) {
        ++distance_;
        if (!is_present) return false;
        gob::append_uint(out_, distance_);
        distance_ = 0;
        return true;
    }
    void end() { out_ += '\0'; }

  private:
    std::string& out_;
    std::uint64_t distance_ = 0;
};

/// time.Time's binary form, version 1: seconds since year 1, nanoseconds, offset -1 for UTC; big endian.
void append_time(std::string& out, WallTime time) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    constexpr std::int64_t kUnixToYearOne = 62'135'596'800;
    std::int64_t seconds = time.unix_ns / kSecond;
    std::int64_t nanos = time.unix_ns % kSecond;
    if (nanos < 0) {
        nanos += kSecond;
        --seconds;
    }
    out += "\x0f\x01";
    const auto since_year_one = static_cast<std::uint64_t>(seconds + kUnixToYearOne);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(since_year_one >> shift);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(nanos >> shift);
    out += "\xff\xff";
}

void append_headers(std::string& out, const HeaderMap& headers) {
    gob::append_uint(out, headers.size());
    for (const auto& [name, values] : headers) {
        gob::append_bytes(out, name);
        gob::append_uint(out, values.size());
        for (const std::string& value : values) gob::append_bytes(out, value);
    }
}

void append_detail(std::string& out, const RecordDetail& detail) {
    StructWriter fields(out);
    fields.integer(detail.send_delay.count());
    fields.integer(detail.dns.count());
    fields.integer(detail.connect.count());
    fields.integer(detail.tls.count());
    fields.integer(detail.wait.count());
    fields.integer(detail.body.count());
    fields.unsigned_integer(static_cast<std::uint64_t>(detail.cause));
    fields.unsigned_integer(detail.connection);
    fields.unsigned_integer(detail.ordinal);
    fields.unsigned_integer(detail.warm_up ? 1 : 0);
    fields.bytes(detail.remote_address);
    fields.bytes(detail.endpoint);
    fields.bytes(detail.scenario);
    fields.bytes(detail.trace_id);
    fields.bytes(detail.span_id);
    fields.end();
}

}  // namespace

void GobWriter::encode(std::string& out, const Record& record) {
    if (!types_sent_) append_types(out, detail_);
    types_sent_ = true;
    message_.clear();
    gob::append_int(message_, kResult);
    StructWriter fields(message_);
    fields.bytes(record.attack);
    fields.unsigned_integer(record.seq);
    fields.unsigned_integer(record.code);
    if (fields.present(true)) append_time(message_, record.timestamp);
    fields.integer(record.latency.count());
    fields.unsigned_integer(record.bytes_out);
    fields.unsigned_integer(record.bytes_in);
    fields.bytes(record.error);
    fields.bytes(record.body);
    fields.bytes(record.method);
    fields.bytes(record.url);
    // A response without headers has an empty map; without a response there is none.
    if (fields.present(!record.headers.empty() || record.code != 0)) append_headers(message_, record.headers);
    const bool with_detail = detail_ == Detail::kInclude && record.detail.has_value();
    if (fields.present(with_detail)) append_detail(message_, *record.detail);
    fields.end();
    gob::append_bytes(out, message_);
}

}  // namespace loadgen::runlog
