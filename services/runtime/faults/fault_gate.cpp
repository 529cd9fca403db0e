#include "services/runtime/faults/fault_gate.hpp"

#include <utility>

#include "services/platform/error_body.hpp"

namespace loadgen::services::runtime {
namespace {

/// After the delay, which may be 0: what happens instead of the handler's work, or that work.
void suffer(const platform::CallPtr& call, const Fault& fault, platform::Dispatcher& dispatcher) {
    if (fault.drop) {
        call->error = "fault on purpose: connection closed";
        return call->hang_up();
    }
    if (fault.error_status != 0) {
        call->error = "fault on purpose";
        return call->answer(platform::error_response(*call, fault.error_status, "fault on purpose"));
    }
    dispatcher.handle(call);
}

}  // namespace

platform::Gate fault_gate(Faults& faults, std::string service) {
    return [&faults, service = std::move(service)](const platform::CallPtr& call,
                                                   platform::Dispatcher& dispatcher) {
        if (!faults.active()) return true;
        const std::string route = call->request().method + ' ' + std::string(call->path());
        const Fault fault = faults.for_route(service, route);
        if (!fault.any()) return true;
        // Through the loop even without a delay: a connection can't be closed from within its own reading.
        call->loop().after(fault.delay, [call, fault, &dispatcher] { suffer(call, fault, dispatcher); });
        return false;
    };
}

}  // namespace loadgen::services::runtime
