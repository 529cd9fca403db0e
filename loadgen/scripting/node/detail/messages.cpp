#include "loadgen/scripting/node/detail/messages.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "common/base/encoding.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::scripting {
namespace {

using text::JsonValue;
using text::Value;

// Kinds of messages.
constexpr std::uint64_t kReply = 1;
constexpr std::uint64_t kMetric = 2;
constexpr std::uint64_t kPong = 3;
constexpr std::uint64_t kReady = 10;
constexpr std::uint64_t kCannotStart = 11;

// What JSON cannot say of a value, and `odd` says beside it.
enum class Odd : std::uint8_t { kUndefined, kNaN, kInfinity, kMinusInfinity, kBytes };

// Deeper than the host lets objects be.
constexpr std::size_t kMaxDepth = 600;

Error strange(std::string_view what) {
    return {ErrorCode::kSyntax, "the host of the processor sent " + std::string(what)};
}

std::optional<Odd> odd_of(const Value& value) {
    if (value.is_undefined()) return Odd::kUndefined;
    if (!value.is_number() || std::isfinite(value.number())) return std::nullopt;
    if (std::isnan(value.number())) return Odd::kNaN;
    return value.number() > 0 ? Odd::kInfinity : Odd::kMinusInfinity;
}

/// Gathers members as [plain, objects, odd]. Objects and arrays travel as texts, because the host parses and
/// compares only those that a function looks at.
class MemberWriter {
  public:
    void add(std::string_view name, const Value& value) {
        if (const std::optional<Odd> odd = odd_of(value)) {
            begin(odd_, name);
            odd_ += std::to_string(static_cast<int>(*odd));
            odd_ += ",0";
        } else if (value.is_array() || value.is_object()) {
            begin(objects_, name);
            json_.clear();
            value.append_json(json_);
            text::append_json_string(objects_, json_);
        } else {
            begin(plain_, name);
            value.append_json(plain_);
        }
    }

    void finish(std::string& out) {
        out += "[[";
        out += plain_;
        out += "],[";
        out += objects_;
        out += "],[";
        out += odd_;
        out += "]]";
        plain_.clear();
        objects_.clear();
        odd_.clear();
    }

  private:
    static void begin(std::string& list, std::string_view name) {
        if (!list.empty()) list += ',';
        text::append_json_string(list, name);
        list += ',';
    }

    std::string plain_;
    std::string objects_;
    std::string odd_;
    std::string json_;
};

MemberWriter& member_writer() {
    static thread_local MemberWriter writer;  // keeps its buffers
    return writer;
}

void append_number(std::string& out, std::uint64_t number) {
    out += ',';
    out += std::to_string(number);
}

bool has_request(Hook hook) {
    return hook == Hook::kBeforeRequest || hook == Hook::kAfterResponse || hook == Hook::kOnError ||
           hook == Hook::kConnect;
}

Value odd_value(std::uint64_t odd, const JsonValue& data) {
    switch (static_cast<Odd>(odd)) {
        case Odd::kNaN:
            return Value(std::numeric_limits<double>::quiet_NaN());
        case Odd::kInfinity:
            return Value(std::numeric_limits<double>::infinity());
        case Odd::kMinusInfinity:
            return Value(-std::numeric_limits<double>::infinity());
        case Odd::kBytes:
            return Value(from_base64(data.as_string().value_or("")).value_or(""));
        case Odd::kUndefined:
            break;
    }
    return {};
}

/// [[name, value, ...], [name, oddity, data, ...]], or 0 when there is none.
Result<std::vector<Value::Member>> read_members(const JsonValue& json) {
    std::vector<Value::Member> members;
    if (json.kind() == text::JsonKind::kNumber) return members;
    const std::optional<JsonValue> plain = json.at(0);
    const std::optional<JsonValue> odd = json.at(1);
    if (!plain || !odd || plain->size() % 2 != 0 || odd->size() % 3 != 0) {
        return strange("members of an unknown form");
    }
    members.reserve(plain->size() / 2 + odd->size() / 3);
    std::string_view name;
    std::uint64_t place = 0;
    plain->for_each_element([&](const JsonValue& element) {
        if (place++ % 2 == 0) {
            name = element.as_string().value_or("");
        } else {
            members.emplace_back(std::string(name), text::to_value(element));
        }
        return true;
    });
    place = 0;
    std::uint64_t oddity = 0;
    odd->for_each_element([&](const JsonValue& element) {
        switch (place++ % 3) {
            case 0:
                name = element.as_string().value_or("");
                break;
            case 1:
                oddity = element.as_uint().value_or(0);
                break;
            default:
                members.emplace_back(std::string(name), odd_value(oddity, element));
        }
        return true;
    });
    return members;
}

Result<void> read_reply(const std::vector<JsonValue>& fields, HostMessages& receiver) {
    const std::optional<std::uint64_t> id = fields.size() == 7 ? fields[1].as_uint() : std::nullopt;
    if (!id) return strange("a reply of an unknown form");
    ProcessorReply reply;
    const std::optional<std::string_view> error = fields[2].as_string();
    reply.ok = !error;
    if (error) {
        reply.error = *error;
        reply.detail = fields[3].as_string().value_or("");
    }
    reply.answer = fields[4].as_uint() == 1;
    Result<std::vector<Value::Member>> variables = read_members(fields[5]);
    if (!variables) return std::move(variables).error();
    Result<std::vector<Value::Member>> request = read_members(fields[6]);
    if (!request) return std::move(request).error();
    reply.variables = std::move(*variables);
    reply.request = std::move(*request);
    receiver.on_call_done(*id, std::move(reply));
    return {};
}

Result<void> read_metric(const std::vector<JsonValue>& fields, HostMessages& receiver) {
    if (fields.size() != 4) return strange("a metric of an unknown form");
    const std::optional<std::uint64_t> kind = fields[1].as_uint();
    const std::optional<std::string_view> name = fields[2].as_string();
    const std::optional<double> value = fields[3].as_double();
    if (!kind || *kind > static_cast<std::uint64_t>(EmittedMetric::Kind::kError) || !name || !value) {
        return strange("a metric of an unknown form");
    }
    receiver.on_host_metric(
        {.kind = static_cast<EmittedMetric::Kind>(*kind), .name = std::string(*name), .value = *value});
    return {};
}

ExportedFunction read_function(const JsonValue& json) {
    ExportedFunction function;
    if (const auto name = json.at(0)) function.name = name->as_string().value_or("");
    if (const auto kind = json.at(1)) {
        const std::uint64_t number = kind->as_uint().value_or(0);
        if (number <= 2) function.kind = static_cast<ExportedFunction::Kind>(number);
    }
    if (const auto arity = json.at(2)) {
        function.arity = static_cast<std::uint32_t>(arity->as_uint().value_or(0));
    }
    return function;
}

Result<void> read_ready(const std::vector<JsonValue>& fields, HostMessages& receiver) {
    if (fields.size() != 3) return strange("a greeting of an unknown form");
    std::vector<ExportedFunction> functions;
    fields[2].for_each_element([&](const JsonValue& json) {
        functions.push_back(read_function(json));
        return true;
    });
    receiver.on_ready(std::move(functions));
    return {};
}

Result<void> read_message(const std::vector<JsonValue>& fields, HostMessages& receiver) {
    const std::optional<std::uint64_t> kind = fields.empty() ? std::nullopt : fields[0].as_uint();
    if (!kind) return strange("a message without a kind");
    switch (*kind) {
        case kReply:
            return read_reply(fields, receiver);
        case kMetric:
            return read_metric(fields, receiver);
        case kPong:
            return {};  // that it came is all it says
        case kReady:
            return read_ready(fields, receiver);
        case kCannotStart:
            if (fields.size() != 2) return strange("a problem of an unknown form");
            receiver.on_cannot_start(std::string(fields[1].as_string().value_or("")));
            return {};
        default:
            return strange("a message of kind " + std::to_string(*kind));
    }
}

}  // namespace

void append_start(std::string& out, const ProcessorOptions& options) {
    text::JsonWriter writer(out);
    writer.begin_array().unsigned_integer(0).begin_object();
    writer.key("script").string(options.script);
    writer.key("testId").string(options.test_id);
    writer.key("maxBytes").unsigned_integer(options.max_frame_bytes);
    writer.key("functions").begin_array();
    for (const std::string& name : options.functions) writer.string(name);
    writer.end_array().key("scenarios").begin_array();
    std::string json;
    const auto write_value = [&](const Value& value) {
        json.clear();
        value.append_json(json);
        writer.raw(json);
    };
    for (const Value& scenario : options.scenarios) write_value(scenario);
    writer.end_array().key("shared").begin_object();
    for (const auto& [name, value] : options.shared_variables) {
        if (value.is_undefined()) continue;
        writer.key(name);
        write_value(value);
    }
    writer.end_object().end_object().end_array();
}

void append_call(std::string& out, std::uint64_t id, const ProcessorCall& call) {
    out += "[1";
    append_number(out, id);
    append_number(out, call.user);
    append_number(out, call.function);
    append_number(out, static_cast<std::uint64_t>(call.hook));
    append_number(out, call.scenario);
    out += ',';
    if (call.variables.empty()) {
        out += '0';
    } else {
        for (const NamedValue& variable : call.variables) member_writer().add(variable.name, variable.value);
        member_writer().finish(out);
    }
    if (has_request(call.hook)) {
        out += ',';
        if (call.request.is_object()) {
            for (const auto& [name, value] : call.request.members()) member_writer().add(name, value);
        }
        member_writer().finish(out);
        out += ',';
        call.response.append_json(out);
        out += ',';
        text::append_json_string(out, call.error);
    }
    out += ']';
}

void append_end_user(std::string& out, std::uint64_t user) {
    out += "[2";
    append_number(out, user);
    out += ']';
}

void append_ping(std::string& out) {
    out += "[3,0]";
}

MessageReader::MessageReader(std::size_t max_bytes)
    : document_({.max_bytes = max_bytes, .max_depth = kMaxDepth}) {}

Result<void> MessageReader::read(std::string_view payload, HostMessages& receiver) {
    Result<JsonValue> root = document_.parse(payload);
    if (!root) return with_context("the host of the processor: ", std::move(root).error());
    if (root->kind() != text::JsonKind::kArray) return strange("no array of messages");
    Result<void> outcome;
    root->for_each_element([&](const JsonValue& message) {
        fields_.clear();
        message.for_each_element([&](const JsonValue& field) {
            fields_.push_back(field);
            return true;
        });
        outcome = read_message(fields_, receiver);
        return outcome.has_value();
    });
    return outcome;
}

}  // namespace loadgen::scripting
