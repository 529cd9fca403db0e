#include "services/contracts/message.hpp"

#include "common/text/json_writer.hpp"
#include "common/text/timestamp.hpp"

namespace loadgen::services::contracts {
namespace {

/// Room for everything but the texts of the message, so that the usual one is written without growing.
constexpr std::size_t kFrameBytes = 192;

std::string whole_seconds(WallTime time) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t part = ((time.unix_ns % kSecond) + kSecond) % kSecond;
    std::string text;
    text::append_timestamp(text, WallTime{time.unix_ns - part});
    return text;
}

}  // namespace

std::string write_message(const Message& message) {
    std::string out;
    out.reserve(kFrameBytes + message.id.size() + message.type.size() + message.source.size() +
                message.detail.size());
    text::JsonWriter json(out);
    json.begin_object();
    json.key("version").string("0");
    json.key("id").string(message.id);
    json.key("detail-type").string(message.type);
    json.key("source").string(message.source);
    json.key("account").string("local");
    json.key("time").string(whole_seconds(message.time));
    json.key("region").string("local");
    json.key("resources").begin_array().end_array();
    json.key("detail").raw(message.detail);
    json.end_object();
    return out;
}

}  // namespace loadgen::services::contracts
