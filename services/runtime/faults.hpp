// Faults on purpose: what routes, consumers and publishers shall suffer, switched while services run
// (docs/faults.md). Off by default.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::runtime {

/// What happens to one request or one event; decided anew for each.
struct Fault {
    Nanos delay{0};
    int error_status = 0;    ///< routes: answer this instead of working; consumers: fail the event
    bool drop = false;       ///< routes: close without an answer; consumers: settle without working
    bool duplicate = false;  ///< consumers: handle twice
    bool any() const { return delay.count() > 0 || error_status != 0 || drop || duplicate; }
};

/// A defect of trace data that a sender can cause (spec names of docs/faults.md: "W-TP-FORMAT", "L-MISSING",
/// ...).
enum class TraceDefect : std::uint8_t;

/// Reads the switches of a data folder and follows their changes. Thread-safe; costs one relaxed load while
/// off.
class Faults {
  public:
    virtual ~Faults() = default;
    virtual bool active() const = 0;
    /// `route` as "POST /orders".
    virtual Fault for_route(std::string_view service, std::string_view route) = 0;
    virtual Fault for_consumer(std::string_view service, std::string_view queue) = 0;
    /// The defect that this publication or span shall have, if any.
    virtual std::optional<TraceDefect> trace_defect(std::string_view service) = 0;
    /// Looks for a change of the switches; called now and then by the host.
    virtual void refresh() = 0;
};

/// `folder` is the data folder; the switches are in its file faults.json, which need not exist.
std::unique_ptr<Faults> watch_faults(const std::string& folder, std::uint64_t random_seed);

}  // namespace loadgen::services::runtime
