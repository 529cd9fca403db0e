// vegeta's "http" target format (docs/targets.md).
#pragma once

#include <memory>

#include "loadgen/plan/request.hpp"
#include "loadgen/scenario/line_reader.hpp"
#include "loadgen/scenario/target_parts.hpp"

namespace loadgen::scenario {

/// Reads targets one by one and ends with the stream. Errors begin with "file:line:column: " and then one of
/// vegeta's "bad target", "bad method", "bad URL", "bad header", "bad body"; after an error the source is
/// spent.
class VegetaHttpTargets final : public plan::RequestSource {
  public:
    VegetaHttpTargets(LineReader lines, TargetDefaults defaults, BodyFiles bodies = BodyFiles());

    Result<std::shared_ptr<const plan::Request>> next() override;

  private:
    Result<bool> read_request_line(TargetDraft& draft);
    Result<void> parse_request_line(const LineReader::Line& line, TargetDraft& draft);
    Result<void> read_rest(TargetDraft& draft);
    Error error(const LineReader::Line& line, std::size_t column, Error cause) const;

    LineReader lines_;
    TargetDefaults defaults_;
    BodyFiles bodies_;
};

}  // namespace loadgen::scenario
