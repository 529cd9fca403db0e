// What is known while a script is compiled, and the bookkeeping of its variables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/text/scope.hpp"
#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// Who sets and who reads which variable. A user runs one flow, so what one flow sets no other sees, except
/// for what `before` sets.
class Variables {
  public:
    struct Use {
        text::Slot slot = 0;
        Spot spot;
        bool tolerant = false;  ///< there a missing variable means something, and is often meant to
        bool capture = false;
        bool word = false;              ///< it is all that stands there, where a text was perhaps meant
        std::optional<bool> without{};  ///< of what decides, and reads nothing else: how, when it is missing
    };
    struct Flow {
        std::string path;
        bool before = false;
        std::vector<Use> reads;
        std::vector<Use> writes;
        std::unordered_set<text::Slot> read;
        std::unordered_set<text::Slot> written;
    };

    /// Set for every user before it starts.
    void define(text::Slot slot) { defined_.insert(slot); }
    bool is_defined(text::Slot slot) const { return defined_.contains(slot); }
    void begin_flow(std::string path, bool before) {
        flows_.push_back({std::move(path), before, {}, {}, {}, {}});
    }
    void read(const Use& use);
    void write(text::Slot slot, const Spot& spot, bool capture);
    const std::vector<Flow>& flows() const { return flows_; }
    const std::unordered_set<text::Slot>& defined() const { return defined_; }

  private:
    std::unordered_set<text::Slot> defined_;
    std::vector<Flow> flows_;
};

struct Compilation {
    const LoadOptions& options;
    const text::FunctionTable& functions;
    Findings& findings;
    plan::ScenarioPlan& plan;
    const Node& root;
    Variables variables{};
    std::string folder{};                               ///< of the script: paths in it are relative to this
    std::string processor_text{};                       ///< its source, empty when there is none
    std::optional<std::vector<std::string>> exports{};  ///< of the processor, when they are known
    std::optional<plan::Jitter> default_jitter{};
    bool strict_captures = true;
    bool uses_expect = false;
    std::size_t streams_at_once = 0;  ///< event streams that a user may have open beside something else
    std::unordered_map<std::string, std::uint32_t> tag_numbers{};       ///< in plan.tags
    std::unordered_map<std::string, std::uint32_t> function_numbers{};  ///< in plan.functions

    Spot root_spot() const { return {&root, "", root.place}; }
    Spot config() const { return root_spot().member("config"); }
    Result<std::string> read_file(const std::string& path, std::size_t max_bytes) const;
    /// A path of the script, seen from here.
    std::string resolve(const std::string& path) const;
};

/// A path relative to `folder`, unless absolute.
std::string join_path(const std::string& folder, const std::string& path);
std::string folder_of(const std::string& path);
std::string absolute_path(const std::string& path);

/// Reads of variables that nobody sets, captures that nobody reads.
void check_variables(Compilation& compilation);

}  // namespace loadgen::scenario::artillery
