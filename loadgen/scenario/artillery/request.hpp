// One HTTP request of a flow.
#pragma once

#include <string>
#include <vector>

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// What a scenario adds to each of its steps.
struct FlowContext {
    std::vector<plan::FunctionIndex> before_request;
    std::vector<plan::FunctionIndex> after_response;
    std::vector<std::uint32_t> tags;
    bool websocket = false;
};

/// `spot` is the map behind the method, which is in lower case.
plan::RequestStep compile_request(Compilation& compilation, const FlowContext& flow, const Spot& spot,
                                  const std::string& method);

/// Numbers of the tags of a map, in plan.tags.
std::vector<std::uint32_t> compile_tag_map(Compilation& compilation, const Spot& tags);

/// A map of header fields or cookies.
std::vector<std::pair<std::string, text::Template>> compile_text_map(Compilation& compilation,
                                                                     const Spot& map);

/// Files are uploaded up to this size.
inline constexpr std::size_t kMaxUploadBytes = 64U << 20U;

}  // namespace loadgen::scenario::artillery
