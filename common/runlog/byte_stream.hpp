// Where result files come from and go to: the only part of this component that does I/O.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::runlog {

/// A source of bytes. One thread at a time.
class ByteInput {
  public:
    virtual ~ByteInput() = default;
    /// Reads at least one byte into `space` (never empty); 0 is the end. May block.
    virtual Result<std::size_t> read(std::span<char> space) = 0;
};

/// A file descriptor, closed on destruction unless it is standard input.
class FdInput : public ByteInput {
  public:
    explicit FdInput(int fd) : fd_(fd) {}
    FdInput(const FdInput&) = delete;
    FdInput& operator=(const FdInput&) = delete;
    ~FdInput() override;
    Result<std::size_t> read(std::span<char> space) override;

  protected:
    int fd_;
};

/// Bytes in memory; they must outlive the input.
class MemoryInput final : public ByteInput {
  public:
    /// `chunk` limits one read, so that tests can split records anywhere.
    explicit MemoryInput(std::string_view bytes, std::size_t chunk = 1U << 16U)
        : rest_(bytes), chunk_(chunk) {}
    Result<std::size_t> read(std::span<char> space) override;

  private:
    std::string_view rest_;
    std::size_t chunk_;
};

/// A target of bytes. One thread at a time.
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    /// All of `bytes`, or an error.
    virtual Result<void> write(std::string_view bytes) = 0;
};

/// A file descriptor, closed on destruction unless it is standard output or standard error. A reader that
/// went away is the error kIo "...: Broken pipe" where SIGPIPE is ignored.
class FdSink final : public ByteSink {
  public:
    /// `name` is for messages.
    FdSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
    FdSink(const FdSink&) = delete;
    FdSink& operator=(const FdSink&) = delete;
    ~FdSink() override;
    Result<void> write(std::string_view bytes) override;

  private:
    int fd_;
    std::string name_;
};

/// A string, for tests and small outputs; it must outlive the sink.
class StringSink final : public ByteSink {
  public:
    explicit StringSink(std::string& out) : out_(out) {}
    Result<void> write(std::string_view bytes) override;

  private:
    std::string& out_;
};

/// Opens a file for reading ("stdin" and "-" are standard input). The error names the file.
Result<int> open_for_reading(const std::string& name);

/// Creates or truncates a file ("stdout" and "-" are standard output).
Result<std::unique_ptr<FdSink>> create_file(const std::string& name);

}  // namespace loadgen::runlog
