// Reads the head of one HTTP/1.1 message, or its trailer section, out of contiguous bytes (RFC 9112 sections
// 2 to 7). Internal to the parser. Lives on the stack of one feed: it owns no memory unless a message has an
// unusual number of fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/http/http1_parser.hpp"

namespace loadgen::http::detail {

class Http1HeadReader {
  public:
    enum class Section : std::uint8_t { kRequest, kResponse, kTrailers };
    enum class Line : std::uint8_t {
        kField,    ///< a start line or a field line
        kEmpty,    ///< the empty line that ends the section
        kPartial,  ///< the line has not ended yet
        kError,
    };

    /// `bare_lf`: a lone LF ends a line.
    Http1HeadReader(Section section, bool bare_lf, const Http1Limits& limits)
        : section_(section), bare_lf_(bare_lf), limits_(limits) {}

    /// Reads lines from the start of `bytes` until kEmpty, kPartial or kError. An error counts once the line
    /// that holds it has ended, so that the verdict doesn't depend on how the bytes were split.
    Line read(std::string_view bytes);

    /// Checks the one line that starts at `bytes[from]`, which `lines_before` lines precede; keeps nothing.
    Line check(std::string_view bytes, std::size_t from, std::uint32_t lines_before);

    /// After kEmpty: the size of the section. After kPartial: where the unfinished line starts.
    std::size_t position() const { return position_; }
    /// Lines read, the start line included, the empty line not.
    std::uint32_t lines() const { return lines_; }
    Http1Error error() const { return error_; }

    /// After read() gave kEmpty. Framing is as written; what the request makes of it is the parser's
    /// business.
    Http1Head& head() { return head_; }

  private:
    /// Far above what real servers send, small enough for a stack frame.
    static constexpr std::size_t kUsualFields = 64;

    const char* begin(std::string_view bytes);
    std::uint32_t first_field() const { return section_ == Section::kTrailers ? 0 : 1; }
    Line read_start_line(const char* line, const char* end);
    Line read_field(const char* line, const char* end, bool keep);
    Line read_other_line(const char* line, const char* name_end, const char* end);
    const char* after_line_end(const char* at, const char* end) const;
    void advance(const char* next);
    Line fail(const char* line, const char* end, Http1Error error);
    Http1Error parse_status_line(std::string_view line);
    Http1Error parse_request_line(std::string_view line);
    Http1Error parse_version(std::string_view version);
    void keep_field(HeaderView field);
    void interpret(HeaderView field);
    void interpret_length(std::string_view value);
    void interpret_transfer_encoding(std::string_view value);
    void interpret_connection(std::string_view value);
    void framing_error(Http1Error error);
    Line conclude();

    Section section_;
    bool bare_lf_;
    const Http1Limits& limits_;
    const char* base_ = nullptr;
    std::size_t position_ = 0;
    std::uint32_t lines_ = 0;
    std::uint32_t kept_ = 0;
    Http1Error error_ = Http1Error::kNone;
    Http1Error framing_error_ = Http1Error::kNone;  // reported only once the section is complete
    bool cut_ = false;                              // there are more bytes than the limit allows
    bool transfer_encoding_ = false;
    bool close_option_ = false;
    bool keep_alive_option_ = false;
    bool upgrade_option_ = false;
    Http1Head head_;
    std::vector<HeaderView> unusual_;
    // Raw storage: constructing 64 views for a message of eight fields would cost more than parsing it.
    alignas(HeaderView) std::array<std::byte, kUsualFields * sizeof(HeaderView)> usual_;
};

}  // namespace loadgen::http::detail
