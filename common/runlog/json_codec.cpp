#include "common/runlog/json_codec.hpp"

#include <limits>

#include "common/base/encoding.hpp"
#include "common/runlog/header_block.hpp"
#include "common/text/json_writer.hpp"
#include "common/text/timestamp.hpp"

namespace loadgen::runlog {
namespace {

using text::JsonValue;
using text::JsonWriter;

void write_headers(JsonWriter& json, const Record& record) {
    if (record.headers.empty() && record.code == 0) {
        json.null();
        return;
    }
    json.begin_object();
    for (const auto& [name, values] : record.headers) {
        json.key(name).begin_array();
        for (const std::string& value : values) json.string(value);
        json.end_array();
    }
    json.end_object();
}

void write_detail(JsonWriter& json, const RecordDetail& detail) {
    json.key("loadgen").begin_object();
    json.key("send_delay").integer(detail.send_delay.count());
    json.key("dns").integer(detail.dns.count());
    json.key("connect").integer(detail.connect.count());
    json.key("tls").integer(detail.tls.count());
    json.key("wait").integer(detail.wait.count());
    json.key("body").integer(detail.body.count());
    json.key("cause").string(cause_name(detail.cause));
    json.key("connection").unsigned_integer(detail.connection);
    json.key("ordinal").unsigned_integer(detail.ordinal);
    json.key("warm_up").boolean(detail.warm_up);
    json.key("remote_address").string(detail.remote_address);
    json.key("endpoint").string(detail.endpoint);
    if (!detail.scenario.empty()) json.key("scenario").string(detail.scenario);
    if (!detail.trace_id.empty()) json.key("trace_id").string(detail.trace_id);
    if (!detail.span_id.empty()) json.key("span_id").string(detail.span_id);
    json.end_object();
}

/// Takes members by name; remembers the first one that is no good.
class MemberReader {
  public:
    bool fail(std::string_view name, std::string_view expected, JsonValue found) {
        if (fault.empty()) {
            fault = "member \"" + std::string(name) + "\": found ";
            fault += text::json_kind_name(found.kind());
            ((fault += ", expected ") += expected);
        }
        return false;
    }
    bool number(std::string_view name, JsonValue value, std::uint64_t& target,
                std::uint64_t limit = std::numeric_limits<std::uint64_t>::max()) {
        const auto read = value.as_uint();
        if (!read || *read > limit)
            return fail(name, "a whole number from 0 to " + std::to_string(limit), value);
        target = *read;
        return true;
    }
    bool duration(std::string_view name, JsonValue value, Nanos& target) {
        const auto read = value.as_int();
        if (!read) return fail(name, "a whole number of nanoseconds", value);
        target = Nanos(*read);
        return true;
    }
    bool string(std::string_view name, JsonValue value, std::string& target) {
        const auto read = value.as_string();
        if (!read) return fail(name, "a string", value);
        target = *read;
        return true;
    }
    bool boolean(std::string_view name, JsonValue value, bool& target) {
        const auto read = value.as_bool();
        if (!read) return fail(name, "true or false", value);
        target = *read;
        return true;
    }

    std::string fault;
};

bool read_headers(MemberReader& members, JsonValue value, HeaderMap& headers) {
    bool good = value.kind() == text::JsonKind::kObject;
    value.for_each_member([&](std::string_view name, JsonValue list) {
        std::vector<std::string>& values = header_values(headers, name);
        good = list.kind() == text::JsonKind::kArray || list.is_null();
        list.for_each_element([&](JsonValue element) {
            const auto text = element.as_string();
            good = text.has_value();
            if (good) values.emplace_back(*text);
            return good;
        });
        return good;
    });
    return good || members.fail("headers", "an object of arrays of strings", value);
}

bool read_body(MemberReader& members, JsonValue value, Record& record) {
    const auto text = value.as_string();
    auto bytes = text ? from_base64(*text) : std::nullopt;
    if (!bytes) return members.fail("body", "base64 text or null", value);
    record.body = std::move(*bytes);
    record.has_body = true;
    return true;
}

bool read_timestamp(MemberReader& members, JsonValue value, Record& record) {
    const auto text = value.as_string();
    if (!text) return members.fail("timestamp", "a string", value);
    const auto time = text::parse_timestamp(*text);
    if (!time) {
        members.fault = "member \"timestamp\": " + time.error().message;
        return false;
    }
    record.timestamp = *time;
    return true;
}

bool read_cause(MemberReader& members, JsonValue value, RecordDetail& detail) {
    const auto name = value.as_string();
    const auto cause = name ? cause_from_name(*name) : std::nullopt;
    if (!cause) return members.fail("loadgen.cause", "the name of a cause", value);
    detail.cause = *cause;
    return true;
}

bool read_detail_member(MemberReader& members, std::string_view name, JsonValue value, RecordDetail& detail) {
    if (name == "send_delay") return members.duration(name, value, detail.send_delay);
    if (name == "dns") return members.duration(name, value, detail.dns);
    if (name == "connect") return members.duration(name, value, detail.connect);
    if (name == "tls") return members.duration(name, value, detail.tls);
    if (name == "wait") return members.duration(name, value, detail.wait);
    if (name == "body") return members.duration(name, value, detail.body);
    if (name == "cause") return read_cause(members, value, detail);
    if (name == "connection") return members.number(name, value, detail.connection);
    if (name == "warm_up") return members.boolean(name, value, detail.warm_up);
    if (name == "remote_address") return members.string(name, value, detail.remote_address);
    if (name == "endpoint") return members.string(name, value, detail.endpoint);
    if (name == "scenario") return members.string(name, value, detail.scenario);
    if (name == "trace_id") return members.string(name, value, detail.trace_id);
    if (name == "span_id") return members.string(name, value, detail.span_id);
    if (name != "ordinal") return true;
    std::uint64_t ordinal = 0;
    if (!members.number(name, value, ordinal, std::numeric_limits<std::uint32_t>::max())) return false;
    detail.ordinal = static_cast<std::uint32_t>(ordinal);
    return true;
}

bool read_detail(MemberReader& members, JsonValue value, Record& record) {
    if (value.kind() != text::JsonKind::kObject) return members.fail("loadgen", "an object", value);
    record.detail.emplace();
    bool good = true;
    value.for_each_member([&](std::string_view name, JsonValue member) {
        good = read_detail_member(members, name, member, *record.detail);
        return good;
    });
    return good;
}

bool read_member(MemberReader& members, std::string_view name, JsonValue value, Record& record) {
    if (value.is_null()) return true;
    if (name == "attack") return members.string(name, value, record.attack);
    if (name == "seq") return members.number(name, value, record.seq);
    if (name == "timestamp") return read_timestamp(members, value, record);
    if (name == "latency") return members.duration(name, value, record.latency);
    if (name == "bytes_out") return members.number(name, value, record.bytes_out);
    if (name == "bytes_in") return members.number(name, value, record.bytes_in);
    if (name == "error") return members.string(name, value, record.error);
    if (name == "body") return read_body(members, value, record);
    if (name == "method") return members.string(name, value, record.method);
    if (name == "url") return members.string(name, value, record.url);
    if (name == "headers") return read_headers(members, value, record.headers);
    if (name == "loadgen") return read_detail(members, value, record);
    if (name != "code") return true;
    std::uint64_t code = 0;
    if (!members.number(name, value, code, 65535)) return false;
    record.code = static_cast<std::uint16_t>(code);
    return true;
}

Result<void> read_object(JsonValue root, Record& record) {
    MemberReader members;
    if (root.kind() != text::JsonKind::kObject) {
        return Error{ErrorCode::kSyntax, "found " + std::string(text::json_kind_name(root.kind())) +
                                             ", expected an object with a result"};
    }
    root.for_each_member(
        [&](std::string_view name, JsonValue value) { return read_member(members, name, value, record); });
    if (members.fault.empty()) return {};
    return Error{ErrorCode::kSyntax, members.fault};
}

}  // namespace

void JsonRecordWriter::encode(std::string& out, const Record& record) {
    JsonWriter json(out, text::JsonEscape::kGoEasyJson);
    json.begin_object();
    json.key("attack").string(record.attack);
    json.key("seq").unsigned_integer(record.seq);
    json.key("code").unsigned_integer(record.code);
    // Times and base64 hold nothing that needs escaping.
    scratch_ = '"';
    text::append_timestamp(scratch_, record.timestamp);
    json.key("timestamp").raw(scratch_ += '"');
    json.key("latency").integer(record.latency.count());
    json.key("bytes_out").unsigned_integer(record.bytes_out);
    json.key("bytes_in").unsigned_integer(record.bytes_in);
    json.key("error").string(record.error);
    json.key("body");
    if (record.has_body) {
        scratch_ = '"';
        append_base64(scratch_, record.body);
        json.raw(scratch_ += '"');
    } else {
        json.null();
    }
    json.key("method").string(record.method);
    json.key("url").string(record.url);
    json.key("headers");
    write_headers(json, record);
    if (detail_ == Detail::kInclude && record.detail) write_detail(json, *record.detail);
    json.end_object();
    json.new_line();
}

std::string JsonRecordReader::place() const {
    return "line " + std::to_string(line_) + ", ";
}

bool JsonRecordReader::looks_like(std::string_view input) {
    const std::size_t first = input.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && input[first] == '{';
}

Result<RecordDecoder::Step> JsonRecordReader::next(std::string_view input, bool last, Record& record) {
    consumed_ = 0;
    while (true) {
        const std::string_view rest = input.substr(consumed_);
        std::size_t length = rest.find('\n', searched_);
        if (length == std::string_view::npos) {
            searched_ = rest.size();
            if (!last) return Step::kNeedMore;
            if (rest.empty()) return Step::kEnd;
            length = rest.size();
        }
        searched_ = 0;
        ++line_;
        consumed_ += std::min(length + 1, rest.size());
        const std::string_view line = rest.substr(0, length);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        const auto root = document_.parse(line);
        if (!root) {
            // The document is one line, so its own "line 1, " says nothing.
            const std::string& fault = root.error().message;
            const bool located = fault.starts_with("line 1, ");
            return Error{root.error().code, place() + (located ? fault.substr(8) : fault)};
        }
        clear_record(record);
        if (auto read = read_object(*root, record); !read) return with_context(place(), read.error());
        return Step::kRecord;
    }
}

}  // namespace loadgen::runlog
