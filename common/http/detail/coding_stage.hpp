// One content coding being undone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/http/content_decoding.hpp"

namespace loadgen::http::detail {

/// Takes the bytes that come out, some KiB at a time; its error ends the decoding.
class CodingOutput {
  public:
    virtual Result<void> take(std::string_view bytes) = 0;

  protected:
    ~CodingOutput() = default;
};

class CodingStage {
  public:
    CodingStage(std::string_view name, const DecodeLimits& limits) : name_(name), limits_(limits) {}
    virtual ~CodingStage() = default;
    CodingStage(const CodingStage&) = delete;
    CodingStage& operator=(const CodingStage&) = delete;

    Result<void> feed(std::string_view bytes, CodingOutput& output);
    Result<void> finish() const;

  protected:
    /// Decodes `bytes` from begin to end, through `emit`.
    virtual Result<void> run(std::string_view bytes, CodingOutput& output) = 0;
    /// The data so far are complete.
    virtual bool complete() const = 0;

    /// Counts, and passes on.
    Result<void> emit(std::string_view bytes, CodingOutput& output);
    Error corrupt(std::uint64_t at, std::string_view why) const;
    Error trailing(std::uint64_t at) const;
    std::uint64_t fed() const { return fed_; }  ///< with the bytes being run

  private:
    std::string name_;
    DecodeLimits limits_;
    std::uint64_t fed_ = 0;
    std::uint64_t emitted_ = 0;
};

/// nullptr when there is no such coding. "identity" is none either.
std::unique_ptr<CodingStage> make_coding_stage(std::string_view coding, const DecodeLimits& limits);

}  // namespace loadgen::http::detail
