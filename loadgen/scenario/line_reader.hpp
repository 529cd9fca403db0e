// Lines of a stream with limits, for target files of any size.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::scenario {

/// Fills the buffer with what is there and returns the number of bytes; 0 at the end.
using ReadBytes = std::function<Result<std::size_t>(std::span<char>)>;

/// Reads a text that is in memory; for tests and short inputs. The text is kept.
ReadBytes bytes_of(std::string text);

/// Opens a file, or standard input for "-" and "stdin". The descriptor (not standard input's) closes with the
/// last copy of the function. Errors: kNotFound, kIo: "error opening t.txt: No such file or directory".
Result<ReadBytes> open_bytes(const std::string& path);

/// Hands out lines without their line feed. Not thread-safe.
class LineReader {
  public:
    struct Line {
        std::string_view text;    ///< valid until the next call
        std::size_t number = 0;   ///< counted from 1
        bool terminated = false;  ///< by a line feed, rather than by the end of the stream
    };

    /// `name` is what messages call the stream. Lines longer than `max_line` bytes are an error.
    LineReader(std::string name, ReadBytes read, std::size_t max_line);

    /// The next line, none at the end. Errors: kLimit ("name:line:1: ..."), kIo. After an error every call
    /// fails the same way.
    Result<std::optional<Line>> next();
    /// The line that `next` will return, without taking it. Ends the validity of the line before.
    Result<std::optional<Line>> peek();

    const std::string& name() const { return name_; }
    /// "name:line:column: ".
    std::string place(std::size_t line, std::size_t column) const;

  private:
    Result<std::optional<Line>> read_line();

    std::string name_;
    ReadBytes read_;
    std::size_t max_line_;
    std::string buffer_;
    std::size_t taken_ = 0;  ///< bytes of buffer_ already handed out
    std::size_t number_ = 0;
    bool ended_ = false;
    std::optional<Error> failed_;
    bool has_peeked_ = false;
    std::optional<Line> peeked_;
};

}  // namespace loadgen::scenario
