// Comma separated values (RFC 4180), read and written a row at a time with bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::text {

struct CsvOptions {
    char delimiter = ',';
    bool trim_leading_space = false;  ///< blanks and tabs before a field are dropped
    std::size_t max_fields = 4096;
};

/// Cuts rows out of a buffer that the caller fills. Lines end in LF or CRLF; empty lines are skipped; a
/// quoted field may span lines, its CRLF become LF (as Go reads them). Not thread-safe.
class CsvReader {
  public:
    enum class Step { kRow, kNeedMore, kEnd };

    explicit CsvReader(CsvOptions options = {}) : options_(options) {}

    /// Looks at `input`, the bytes not consumed so far; `last` says that no more will come. On kRow
    /// `fields()` holds the row and `consumed()` the bytes to drop before the next call. On kNeedMore nothing
    /// was consumed but empty lines: call again with more. The error names line and column, what was found
    /// and what is allowed ("line 3, column 7: ...").
    Result<Step> next(std::string_view input, bool last);

    /// Valid until the next call; memory is reused from row to row.
    const std::vector<std::string>& fields() const { return fields_; }
    std::size_t consumed() const { return consumed_; }
    /// Line on which the last row started, from 1.
    std::uint64_t line() const { return row_line_; }

  private:
    struct Cursor;
    std::string& new_field();
    Result<bool> read_row(Cursor& cursor, bool last);
    Result<bool> read_quoted(Cursor& cursor, std::string& field, bool last);
    Error error_at(const Cursor& cursor, std::string_view message) const;

    CsvOptions options_;
    std::vector<std::string> fields_;
    std::vector<std::string> spare_;
    std::size_t consumed_ = 0;
    std::uint64_t next_line_ = 1;
    std::uint64_t row_line_ = 1;
};

/// Appends a field, in quotes when it has to be: it contains the delimiter, a quote or a line break, starts
/// with white space, or is `\.` (Go's rule).
void append_csv_field(std::string& out, std::string_view field, char delimiter = ',');

}  // namespace loadgen::text
