#include "services/runtime/store_transaction.hpp"

#include "services/runtime/messaging/outbox.hpp"

namespace loadgen::services::runtime {
namespace {

Error no_workflows() {
    return {ErrorCode::kInternal, "workflow: this service has defined none"};
}

}  // namespace

Result<void> StoreTransaction::publish(NewEvent event) {
    effects_.events = true;
    return add_to_outbox(tables_, std::move(event), now_, parts_.owner, cause_, upstream_);
}

Result<void> StoreTransaction::start_workflow(std::string_view workflow, std::string_view id,
                                              std::string input) {
    if (parts_.workflows == nullptr) return no_workflows();
    effects_.workflows = true;
    return parts_.workflows->start(tables_, now_, workflow, id, std::move(input), cause_);
}

Result<TokenOutcome> StoreTransaction::succeed_token(std::string_view token) {
    if (parts_.workflows == nullptr) return no_workflows();
    effects_.workflows = true;
    return parts_.workflows->succeed_token(tables_, now_, token);
}

Result<TokenOutcome> StoreTransaction::fail_token(std::string_view token, std::string_view error_name) {
    if (parts_.workflows == nullptr) return no_workflows();
    effects_.workflows = true;
    return parts_.workflows->fail_token(tables_, now_, token, error_name);
}

}  // namespace loadgen::services::runtime
