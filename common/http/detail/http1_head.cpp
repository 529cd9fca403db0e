#include "common/http/detail/http1_head.hpp"

#include <cstring>
#include <new>

#include "common/http/detail/http1_chars.hpp"

namespace loadgen::http::detail {
namespace {

using Line = Http1HeadReader::Line;

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_target(std::string_view target) {
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f) return false;
    }
    return !target.empty();
}

}  // namespace

/// The start of the next line when a line end stands at `at`, otherwise null.
inline const char* Http1HeadReader::after_line_end(const char* at, const char* end) const {
    if (end - at >= 2 && at[0] == '\r' && at[1] == '\n') [[likely]]
        return at + 2;
    return at != end && *at == '\n' && bare_lf_ ? at + 1 : nullptr;
}

inline void Http1HeadReader::advance(const char* next) {
    position_ = static_cast<std::size_t>(next - base_);
    ++lines_;
}

inline void Http1HeadReader::keep_field(HeaderView field) {
    if (kept_ < kUsualFields) {
        ::new (usual_.data() + kept_ * sizeof(HeaderView)) HeaderView(field);
    } else {
        if (unusual_.empty()) {
            const auto* const first = std::launder(reinterpret_cast<const HeaderView*>(usual_.data()));
            unusual_.reserve(2 * kUsualFields);
            unusual_.assign(first, first + kUsualFields);
        }
        unusual_.push_back(field);
    }
    ++kept_;
}

/// The few fields that decide how the message is framed and what happens to the connection. Size and first
/// letter tell nearly every other field apart without a comparison.
inline void Http1HeadReader::interpret(HeaderView field) {
    const char first = static_cast<char>(field.name.front() | 0x20);
    switch (field.name.size()) {
        case 6:
            if (first == 'e' && equal_name(field.name, "expect") && section_ == Section::kRequest) {
                head_.expect_continue |= equal_name(field.value, "100-continue");
            }
            break;
        case 10:
            if (first == 'c' && equal_name(field.name, "connection")) interpret_connection(field.value);
            break;
        case 14:
            if (first == 'c' && equal_name(field.name, "content-length")) interpret_length(field.value);
            break;
        case 17:
            if (first == 't' && equal_name(field.name, "transfer-encoding")) {
                interpret_transfer_encoding(field.value);
            }
            break;
        default:
            break;
    }
}

/// The loop over fields spends its time here, so what is usual comes first.
inline Line Http1HeadReader::read_field(const char* line, const char* end, bool keep) {
    const char* const name_end = skip_token_chars(line, end);
    if (name_end == end || *name_end != ':' || name_end == line) [[unlikely]] {
        return read_other_line(line, name_end, end);
    }
    const char* value = name_end + 1;
    while (value != end && is_blank(*value)) ++value;
    const char* const stop = skip_value_chars(value, end);
    const char* const next = after_line_end(stop, end);
    if (next == nullptr) [[unlikely]]
        return fail(line, end, Http1Error::kBadHeaderValue);
    advance(next);
    if (lines_ - first_field() > limits_.max_headers) [[unlikely]] {
        error_ = Http1Error::kTooManyHeaders;
        return Line::kError;
    }
    if (!keep) return Line::kField;
    const char* value_end = stop;
    while (value_end != value && is_blank(value_end[-1])) --value_end;
    const HeaderView field{between(line, name_end), between(value, value_end)};
    keep_field(field);
    if (section_ != Section::kTrailers) interpret(field);
    return Line::kField;
}

Line Http1HeadReader::read(std::string_view bytes) {
    const char* const end = begin(bytes);
    if (section_ != Section::kTrailers) {
        const Line start = read_start_line(base_, end);
        if (start != Line::kField) return start;
    }
    for (;;) {
        const Line line = read_field(base_ + position_, end, true);
        if (line == Line::kField) [[likely]]
            continue;
        return line == Line::kEmpty ? conclude() : line;
    }
}

Line Http1HeadReader::check(std::string_view bytes, std::size_t from, std::uint32_t lines_before) {
    const char* const end = begin(bytes);
    position_ = from;
    lines_ = lines_before;
    const bool start = lines_ == 0 && section_ != Section::kTrailers;
    return start ? read_start_line(base_ + from, end) : read_field(base_ + from, end, false);
}

/// Only what the limit allows is looked at; a line that doesn't end in there is too long.
const char* Http1HeadReader::begin(std::string_view bytes) {
    base_ = bytes.data();
    cut_ = bytes.size() > limits_.max_head_bytes;
    return base_ + (cut_ ? limits_.max_head_bytes : bytes.size());
}

Line Http1HeadReader::read_start_line(const char* line, const char* end) {
    const char* const stop = skip_value_chars(line, end);
    const char* const next = after_line_end(stop, end);
    if (next == nullptr) return fail(line, end, Http1Error::kBadStartLine);
    const std::string_view text = between(line, stop);
    error_ = section_ == Section::kRequest ? parse_request_line(text) : parse_status_line(text);
    advance(next);
    return error_ == Http1Error::kNone ? Line::kField : Line::kError;
}

/// A line that is no field: the empty one, or an error.
Line Http1HeadReader::read_other_line(const char* line, const char* name_end, const char* end) {
    if (line == end) return fail(line, end, Http1Error::kBadHeaderName);
    if (name_end == line) {
        if (const char* const next = after_line_end(line, end); next != nullptr) {
            position_ = static_cast<std::size_t>(next - base_);
            return Line::kEmpty;
        }
        if (is_blank(*line) && lines_ > first_field()) return fail(line, end, Http1Error::kObsoleteFolding);
    }
    return fail(line, end, Http1Error::kBadHeaderName);
}

/// The line doesn't parse: an error when it has ended, otherwise there is more to come.
Line Http1HeadReader::fail(const char* line, const char* end, Http1Error error) {
    const bool ended =
        line != end && std::memchr(line, '\n', static_cast<std::size_t>(end - line)) != nullptr;
    if (!ended && !cut_) return Line::kPartial;
    error_ = ended ? error : Http1Error::kHeadersTooLarge;
    return Line::kError;
}

Http1Error Http1HeadReader::parse_version(std::string_view version) {
    if (version.size() < 5 || version.substr(0, 5) != "HTTP/") return Http1Error::kBadStartLine;
    // A minor version above ours is treated as ours (RFC 9110 section 2.5).
    if (version.size() != 8 || version[5] != '1' || version[6] != '.' || !is_digit(version[7])) {
        return Http1Error::kBadVersion;
    }
    head_.minor_version = static_cast<std::uint8_t>(version[7] - '0');
    return Http1Error::kNone;
}

Http1Error Http1HeadReader::parse_status_line(std::string_view line) {
    const std::size_t space = line.find(' ');
    const Http1Error version = parse_version(line.substr(0, space));
    if (version != Http1Error::kNone) return version;
    if (space == std::string_view::npos) return Http1Error::kBadStartLine;
    const std::string_view status = line.substr(space + 1);
    if (status.size() < 3 || !is_digit(status[0]) || !is_digit(status[1]) || !is_digit(status[2]) ||
        status[0] == '0') {
        return Http1Error::kBadStartLine;
    }
    // The space before an empty reason is often left out; RFC 9112 section 4 wants it, nobody needs it.
    if (status.size() > 3 && status[3] != ' ') return Http1Error::kBadStartLine;
    head_.status =
        static_cast<std::uint16_t>((status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0'));
    head_.reason = status.size() > 4 ? status.substr(4) : std::string_view{};
    return Http1Error::kNone;
}

Http1Error Http1HeadReader::parse_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Http1Error::kBadStartLine;
    head_.method = line.substr(0, first);
    head_.target = line.substr(first + 1, last - first - 1);
    if (!is_token(head_.method) || !is_target(head_.target)) return Http1Error::kBadStartLine;
    return parse_version(line.substr(last + 1));
}

void Http1HeadReader::interpret_length(std::string_view value) {
    std::uint64_t length = 0;
    for (const char c : value) {
        if (!is_digit(c)) return framing_error(Http1Error::kBadContentLength);
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (length > (UINT64_MAX - digit) / 10) return framing_error(Http1Error::kBadContentLength);
        length = length * 10 + digit;
    }
    if (value.empty()) return framing_error(Http1Error::kBadContentLength);
    if (head_.has_length && head_.length != length) return framing_error(Http1Error::kConflictingLengths);
    head_.has_length = true;
    head_.length = length;
}

void Http1HeadReader::interpret_transfer_encoding(std::string_view value) {
    // Once, and "chunked" alone: any other coding would have to be undone before the body means anything,
    // and disagreements about lists of codings are how requests get smuggled (RFC 9112 section 11.2).
    if (transfer_encoding_ || !equal_name(value, "chunked")) framing_error(Http1Error::kBadTransferEncoding);
    transfer_encoding_ = true;
}

void Http1HeadReader::interpret_connection(std::string_view value) {
    while (!value.empty()) {
        const std::size_t comma = value.find(',');
        const std::string_view option = trim(value.substr(0, comma));
        close_option_ |= equal_name(option, "close");
        keep_alive_option_ |= equal_name(option, "keep-alive");
        upgrade_option_ |= equal_name(option, "upgrade");
        value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    }
}

void Http1HeadReader::framing_error(Http1Error error) {
    if (framing_error_ == Http1Error::kNone) framing_error_ = error;
}

Line Http1HeadReader::conclude() {
    if (transfer_encoding_ && head_.has_length) framing_error(Http1Error::kConflictingLengths);
    // A 1.0 message with a transfer coding has suspect framing (RFC 9112 section 6.1): fatal where it would
    // let a request through in disguise, the end of the connection in a response.
    if (transfer_encoding_ && head_.minor_version == 0) {
        if (section_ == Section::kRequest) framing_error(Http1Error::kBadTransferEncoding);
        close_option_ = true;
    }
    if (framing_error_ != Http1Error::kNone) {
        error_ = framing_error_;
        return Line::kError;
    }
    head_.chunked = transfer_encoding_;
    head_.keep_alive = !close_option_ && (head_.minor_version > 0 || keep_alive_option_);
    head_.upgrade = section_ == Section::kRequest && (upgrade_option_ || head_.method == "CONNECT");
    head_.headers = unusual_.empty()
                        ? std::span(std::launder(reinterpret_cast<const HeaderView*>(usual_.data())), kept_)
                        : std::span<const HeaderView>(unusual_);
    return Line::kEmpty;
}

}  // namespace loadgen::http::detail
