// Names, slots and functions: what compiled templates and expressions share. Names are resolved once, when a
// text is compiled; at run time there are only indices.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/random.hpp"
#include "common/base/time.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {

/// The place of a variable among the values of a virtual user.
using Slot = std::uint32_t;

/// Gives names their slots while a scenario is compiled; constant afterwards, when any thread may read it.
class SlotTable {
  public:
    /// The slot of this name; a new one when nobody has asked before.
    Slot slot_of(std::string_view name);
    std::optional<Slot> find(std::string_view name) const;
    const std::string& name(Slot slot) const { return names_.at(slot); }
    std::size_t size() const { return names_.size(); }

  private:
    std::vector<std::string> names_;
    std::unordered_map<std::string, Slot> slots_;
};

/// What functions draw on and report to. One a thread.
struct CallContext {
    Random& random;
    WallTime now{};
    std::string fault{};  ///< why a function could not do what it was asked; empty when all did
};

/// Evaluates its arguments to a value. One that cannot notes why in `context.fault` and gives undefined.
using Function = Value (*)(CallContext& context, std::span<const Value> arguments);

struct FunctionEntry {
    std::string_view name;  ///< with its `$`
    Function call = nullptr;
    std::size_t min_arguments = 0;
    std::size_t max_arguments = 0;
    std::string_view usage;  ///< "$randomNumber(min, max): a whole number, both ends included"
    /// A template that is nothing but a call of it gives a text, whatever the kind: so do Artillery's own.
    bool gives_text = false;
};

/// The functions that templates and expressions may call.
class FunctionTable {
  public:
    explicit FunctionTable(std::span<const FunctionEntry> entries) : entries_(entries) {}
    const FunctionEntry* find(std::string_view name) const;
    std::span<const FunctionEntry> entries() const { return entries_; }

  private:
    std::span<const FunctionEntry> entries_;
};

/// What a compiled text sees while it is evaluated. Slots beyond the end read as undefined.
struct Scope {
    std::span<const Value> slots;
    CallContext& context;
};

}  // namespace loadgen::text
