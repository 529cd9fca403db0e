#include "services/ninja/orders/http/create_latency.hpp"

namespace loadgen::services::ninja::orders {

void CreateLatency::on_response(platform::Call& call, http::Response& /*response*/) {
    if (call.request().method == "POST" && call.route() == kOrdersPath)
        watch_.record(clock_.now() - call.started());
}

}  // namespace loadgen::services::ninja::orders
