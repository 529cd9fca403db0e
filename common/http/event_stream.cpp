#include "common/http/event_stream.hpp"

#include <limits>

namespace loadgen::http {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Digits only; others are none.
bool parse_retry(std::string_view text, std::uint32_t& milliseconds) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
    std::uint64_t value = 0;
    for (const char c : text) {
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > std::numeric_limits<std::uint32_t>::max())
            value = std::numeric_limits<std::uint32_t>::max();
    }
    milliseconds = static_cast<std::uint32_t>(value);
    return true;
}

}  // namespace

Result<void> EventStreamParser::feed(std::string_view bytes) {
    if (!failure_.empty()) return Error{ErrorCode::kLimit, failure_};
    while (!bytes.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (bytes.front() == '\n') {
                bytes.remove_prefix(1);
                continue;
            }
        }
        const std::size_t end = bytes.find_first_of("\r\n");
        const std::string_view part = bytes.substr(0, end);
        if (carry_.size() + part.size() > limits_.max_line_bytes) {
            return give_up("line " + std::to_string(line_), limits_.max_line_bytes);
        }
        if (end == std::string_view::npos) {
            carry_.append(part);
            return {};
        }
        after_cr_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        std::string_view line = part;
        if (!carry_.empty()) line = carry_.append(part);
        auto taken = take_line(line);
        carry_.clear();
        if (!taken) return taken;
        ++line_;
    }
    return {};
}

Result<void> EventStreamParser::take_line(std::string_view line) {
    if (line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (line.empty()) {
        dispatch();
        return {};
    }
    const std::size_t colon = line.find(':');
    if (colon == 0) {
        events_.on_comment(line.substr(1));
        return {};
    }
    if (colon == std::string_view::npos) return take_field(line, {});
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return take_field(line.substr(0, colon), value);
}

Result<void> EventStreamParser::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        if (data_.empty()) event_line_ = line_;
        if (data_.size() + value.size() > limits_.max_event_bytes) {
            return give_up("the event with data from line " + std::to_string(event_line_) + " on",
                           limits_.max_event_bytes);
        }
        data_.append(value).append("\n");
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) id_buffer_ = value;
    } else if (name == "retry") {
        std::uint32_t milliseconds = 0;
        if (parse_retry(value, milliseconds)) events_.on_retry(milliseconds);
    }
    return {};
}

void EventStreamParser::dispatch() {
    last_id_ = id_buffer_;
    if (!data_.empty()) {
        data_.pop_back();
        events_.on_event(
            {type_.empty() ? std::string_view("message") : std::string_view(type_), data_, last_id_});
    }
    data_.clear();
    type_.clear();
}

Error EventStreamParser::give_up(std::string what, std::size_t limit) {
    failure_ = "event stream: " + std::move(what) + " is longer than " + std::to_string(limit) + " bytes";
    return Error{ErrorCode::kLimit, failure_};
}

}  // namespace loadgen::http
