#include "common/text/csv.hpp"

#include "common/text/utf8.hpp"

namespace loadgen::text {

/// A place in the input, with its line and the start of that line.
struct CsvReader::Cursor {
    std::string_view input;
    std::size_t at = 0;
    std::size_t line_start = 0;
    std::uint64_t line = 1;

    bool at_end() const { return at == input.size(); }
    char peek() const { return input[at]; }
    void new_line() {
        ++at;
        ++line;
        line_start = at;
    }
    /// Bytes of the line break here: 1 for LF, 2 for CRLF, 0 for none.
    std::size_t line_break() const {
        const std::string_view rest = input.substr(at);
        return rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
    }
};

std::string& CsvReader::new_field() {
    if (spare_.empty()) return fields_.emplace_back();
    fields_.push_back(std::move(spare_.back()));
    spare_.pop_back();
    fields_.back().clear();
    return fields_.back();
}

Error CsvReader::error_at(const Cursor& cursor, std::string_view message) const {
    return {ErrorCode::kSyntax, "line " + std::to_string(cursor.line) + ", column " +
                                    std::to_string(cursor.at - cursor.line_start + 1) + ": " +
                                    std::string(message)};
}

Result<CsvReader::Step> CsvReader::next(std::string_view input, bool last) {
    Cursor cursor{.input = input, .line = next_line_};
    while (const std::size_t length = cursor.line_break()) {
        cursor.at += length - 1;
        cursor.new_line();
    }
    consumed_ = cursor.at;
    next_line_ = cursor.line;
    if (cursor.at_end()) return last ? Step::kEnd : Step::kNeedMore;
    while (!fields_.empty()) {
        spare_.push_back(std::move(fields_.back()));
        fields_.pop_back();
    }
    row_line_ = cursor.line;
    auto complete = read_row(cursor, last);
    if (!complete) return std::move(complete).error();
    if (!*complete) return Step::kNeedMore;
    consumed_ = cursor.at;
    next_line_ = cursor.line;
    return Step::kRow;
}

Result<bool> CsvReader::read_row(Cursor& cursor, bool last) {
    const char stops[] = {options_.delimiter, '\n', '"'};
    while (true) {
        while (options_.trim_leading_space && !cursor.at_end() &&
               (cursor.peek() == ' ' || cursor.peek() == '\t')) {
            ++cursor.at;
        }
        if (fields_.size() == options_.max_fields) {
            return error_at(cursor, "more than " + std::to_string(options_.max_fields) + " fields in a row");
        }
        std::string& field = new_field();
        if (!cursor.at_end() && cursor.peek() == '"') {
            auto complete = read_quoted(cursor, field, last);
            if (!complete || !*complete) return complete;
        } else {
            const std::size_t end = cursor.input.find_first_of({stops, sizeof stops}, cursor.at);
            if (end == std::string_view::npos && !last) return false;
            field = cursor.input.substr(cursor.at, end == std::string_view::npos ? end : end - cursor.at);
            cursor.at += field.size();
            const bool line_ends = cursor.at_end() || cursor.peek() == '\n';
            if (line_ends && field.ends_with('\r')) field.pop_back();
        }
        if (cursor.at_end()) return true;
        if (const std::size_t length = cursor.line_break()) {
            cursor.at += length - 1;
            cursor.new_line();
            return true;
        }
        if (cursor.peek() != options_.delimiter) {
            return error_at(cursor,
                            "found a quote inside a field without quotes; quote the whole field and "
                            "double the quotes in it");
        }
        ++cursor.at;
    }
}

Result<bool> CsvReader::read_quoted(Cursor& cursor, std::string& field, bool last) {
    const Cursor start = cursor;
    ++cursor.at;
    while (!cursor.at_end()) {
        const char c = cursor.peek();
        if (c == '\r' && cursor.line_break() == 2) {
            ++cursor.at;
            continue;
        }
        field += c;
        if (c == '\n') {
            cursor.new_line();
            continue;
        }
        ++cursor.at;
        if (c != '"') continue;
        if (!cursor.at_end() && cursor.peek() == '"') {
            ++cursor.at;
            continue;
        }
        field.pop_back();
        // What follows the closing quote decides, so it has to be there.
        if (cursor.at_end()) return last;
        if (cursor.peek() == '\r' && cursor.at + 1 == cursor.input.size() && !last) return false;
        if (cursor.peek() == options_.delimiter || cursor.line_break() != 0) return true;
        return error_at(cursor,
                        "found text after a closing quote; expected a delimiter or the end of the line");
    }
    if (!last) return false;
    return error_at(start, "the quote opened here is never closed");
}

void append_csv_field(std::string& out, std::string_view field, char delimiter) {
    const char special[] = {delimiter, '"', '\n', '\r'};
    const bool quote = field == "\\." || field.find_first_of({special, sizeof special}) != field.npos ||
                       starts_with_space(field);
    if (!quote) {
        out += field;
        return;
    }
    out += '"';
    for (const char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace loadgen::text
