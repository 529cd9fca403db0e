// What a service does with events: which queue, which types, one function for each.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/contracts/event.hpp"
#include "services/runtime/transaction.hpp"

namespace loadgen::services::runtime {

/// How the handling of an event hangs together with the trace that published it.
enum class TraceRelation : std::uint8_t {
    kByVisibility,  ///< public events link, private ones are children
    kLink,
    kParent,
};

struct Subscription {
    std::string queue;                         ///< without the environment: "UserCreated"
    std::vector<std::string_view> types = {};  ///< rows of the catalogue
    std::size_t batch_size = 10;
    Nanos batch_window{0};  ///< stretched by time_scale
    std::optional<Nanos> visibility_timeout = {};
    TraceRelation relation = TraceRelation::kByVisibility;
    /// What makes an event one that was handled already; by default its id. Two events with one key count
    /// once.
    std::function<std::string(const contracts::Event&)> inbox_key = nullptr;
};

/// The effect of an event, in one transaction with the note that it was handled. An error leaves nothing
/// behind and the event comes again, three times at most. Runs on the store's writing thread.
using ApplyEvent = std::function<Result<void>(Transaction&, const contracts::Event&)>;

/// An event whose handler has to ask or wait first. Finish it exactly once, from any thread; forgetting it
/// means that it comes again.
class Incoming {
  public:
    virtual ~Incoming() = default;
    virtual const contracts::Event& event() const = 0;
    /// The `process` span. One thread at a time.
    virtual telemetry::Span& span() = 0;
    virtual void apply(ApplyEvent effect) = 0;
    virtual void fail(Error error) = 0;
};
/// Runs on the bus's thread and must not wait.
using HandleEvent = std::function<void(std::shared_ptr<Incoming>)>;

/// Takes a service's subscriptions while it starts.
class Consumers {
  public:
    virtual ~Consumers() = default;
    virtual void on(Subscription subscription, ApplyEvent apply) = 0;
    virtual void on_async(Subscription subscription, HandleEvent handle) = 0;
};

}  // namespace loadgen::services::runtime
