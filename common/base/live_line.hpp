// One writer for a terminal that has a line redrawn in place at its bottom, and whole lines that scroll by.
#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace loadgen {

/// Any thread: whoever writes waits for who is writing, as stdio has it. Failures to write are nobody's to
/// tell. Borrows the stream.
class LiveLine {
  public:
    explicit LiveLine(std::FILE* stream) : stream_(stream) {}
    LiveLine(const LiveLine&) = delete;
    LiveLine& operator=(const LiveLine&) = delete;

    /// That of stderr; all lines that threads say while others may draw go through it.
    static LiveLine& of_stderr();

    /// Shows the text, without its end of line, instead of what was drawn before. The stream is a terminal,
    /// and the text fits on a line of it.
    void draw(std::string_view text);
    /// A whole line, without its end of line: above what is drawn. In one piece; anywhere, not only on a
    /// terminal.
    void say(std::string_view line);
    /// Takes away what is drawn, so that whatever follows starts on a line of its own.
    void wipe();

  private:
    void write(const std::string& bytes);

    std::FILE* stream_;
    std::mutex mutex_;
    std::string drawn_;  // empty = nothing is
};

}  // namespace loadgen
