#include "loadgen/engine/step_requests.hpp"

namespace loadgen::engine {

bool StepRequests::same_server(const http::Url& a, const http::Url& b) {
    return a.port == b.port && a.host == b.host && a.scheme == b.scheme;
}

std::shared_ptr<const CompiledRequest> StepRequests::compile(const steps::Outgoing& outgoing) {
    const plan::Request& request = *outgoing.request;
    if (outgoing.step == steps::Outgoing::kNoStep) return run_.compile(outgoing.request);
    if (outgoing.step >= steps_.size()) steps_.resize(outgoing.step + 1);
    Known& known = steps_[outgoing.step];
    if (outgoing.constant && known.constant && &known.constant->source() == &request) return known.constant;
    if (!known.used || !same_server(known.server, request.url)) {
        known.server = request.url;
        known.authority = run_.authorities.intern(request.url);
    }
    if (!known.used || known.endpoint_name != request.endpoint) {
        known.endpoint_name = request.endpoint;
        known.endpoint = run_.endpoints.intern(request.endpoint);
    }
    known.used = true;
    auto compiled = run_.compile(outgoing.request, known.authority, known.endpoint);
    if (outgoing.constant) known.constant = compiled;
    return compiled;
}

}  // namespace loadgen::engine
