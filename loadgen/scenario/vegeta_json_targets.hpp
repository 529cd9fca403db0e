// vegeta's "json" target format: one object a line (docs/targets.md, docs/target.schema.json).
#pragma once

#include <functional>
#include <memory>

#include "common/text/json_reader.hpp"
#include "loadgen/plan/request.hpp"
#include "loadgen/scenario/line_reader.hpp"
#include "loadgen/scenario/target_parts.hpp"

namespace loadgen::scenario {

/// Receives remarks for the user: things accepted that vegeta would not.
using Note = std::function<void(const std::string&)>;

/// Reads targets one by one and ends with the stream. Errors begin with "file:line:column: "; after an error
/// the source is spent.
class VegetaJsonTargets final : public plan::RequestSource {
  public:
    VegetaJsonTargets(LineReader lines, TargetDefaults defaults, Note note = {});

    Result<std::shared_ptr<const plan::Request>> next() override;

  private:
    Result<TargetDraft> parse(const LineReader::Line& line);

    LineReader lines_;
    TargetDefaults defaults_;
    Note note_;
    text::JsonDocument document_;
};

}  // namespace loadgen::scenario
