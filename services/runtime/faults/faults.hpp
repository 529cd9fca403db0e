// Faults on purpose: what routes, consumers and publishers shall suffer, switched while services run
// (docs/faults.md). Off by default.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/telemetry/logger.hpp"

namespace loadgen::services::runtime {

/// What happens to one request or one event; decided anew for each.
struct Fault {
    Nanos delay{0};
    int error_status = 0;    ///< routes: answer this instead of working; consumers: fail the event
    bool drop = false;       ///< routes: close without an answer; consumers: settle without working
    bool duplicate = false;  ///< consumers: handle twice
    bool any() const { return delay.count() > 0 || error_status != 0 || drop || duplicate; }
};

/// A defect of trace data that a sender can cause: trace_defects.hpp has the table.
enum class TraceDefect : std::uint8_t;
/// Where a defect is put in: what an event carries, or what a span says when it ends.
enum class DefectPlace : std::uint8_t { kEvent, kSpan };

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
    virtual std::optional<TraceDefect> trace_defect(std::string_view service, DefectPlace place) = 0;
    /// Looks for a change of the switches; called now and then by the host. Only a stat while nothing
    /// changed.
    virtual void refresh() = 0;
};

/// `folder` is the data folder; the switches are in its file faults.json, which need not exist. Warns the
/// logger, which must outlive the object, of every change. Seed 0: from the system.
std::unique_ptr<Faults> watch_faults(const std::string& folder, std::uint64_t random_seed,
                                     const telemetry::Logger* logger = nullptr);

}  // namespace loadgen::services::runtime
