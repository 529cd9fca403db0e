#include "loadgen/engine/users/step_requests.hpp"

namespace loadgen::engine {

bool StepRequests::same_server(const http::Url& a, const http::Url& b) {
    return a.port == b.port && a.host == b.host && a.scheme == b.scheme;
}

std::shared_ptr<plan::Request> StepRequests::blank(std::uint32_t step) {
    if (step >= steps_.size() || steps_[step].spare.empty()) return std::make_shared<plan::Request>();
    auto request = std::move(steps_[step].spare.back());
    steps_[step].spare.pop_back();
    return request;
}

StepRequests::Known& StepRequests::known(std::uint32_t step) {
    if (step >= steps_.size()) steps_.resize(step + 1);
    return steps_[step];
}

void StepRequests::look_up(Known& known, const plan::Request& request) {
    if (!known.used || !same_server(known.server, request.url)) {
        known.server = request.url;
        known.authority = run_.authorities.intern(request.url);
    }
    if (!known.used || known.endpoint_name != request.endpoint) {
        known.endpoint_name = request.endpoint;
        known.endpoint = run_.endpoints.intern(request.endpoint);
    }
    known.used = true;
}

std::shared_ptr<const CompiledRequest> StepRequests::compile(const steps::Outgoing& outgoing) {
    if (outgoing.step == steps::Outgoing::kNoStep) return run_.compile(outgoing.request);
    Known& step = known(outgoing.step);
    if (outgoing.constant && step.constant && &step.constant->source() == outgoing.request.get())
        return step.constant;
    look_up(step, *outgoing.request);
    std::shared_ptr<CompiledRequest> compiled;
    if (outgoing.constant || spare_compiled_.empty()) {
        compiled = std::make_shared<CompiledRequest>(outgoing.request, step.authority, step.endpoint,
                                                     run_.compile_options);
    } else {
        compiled = std::move(spare_compiled_.back());
        spare_compiled_.pop_back();
        compiled->assign(outgoing.request, step.authority, step.endpoint, run_.compile_options);
    }
    if (outgoing.constant) step.constant = compiled;
    return compiled;
}

void StepRequests::reuse(std::shared_ptr<const CompiledRequest> request, std::uint32_t step) {
    if (step >= steps_.size() || request.use_count() != 1) return;
    // Neither was made as a constant object (by `blank`, `compile`, follow_redirect), and nobody else holds
    // them.
    auto compiled = std::const_pointer_cast<CompiledRequest>(std::move(request));
    auto source = std::const_pointer_cast<plan::Request>(compiled->take_source());
    if (spare_compiled_.size() < kMostSpare) spare_compiled_.push_back(std::move(compiled));
    if (source.use_count() != 1 || source->own_body.capacity() > kMostSpareBody) return;
    auto& spare = steps_[step].spare;
    if (spare.size() < kMostSpare) spare.push_back(std::move(source));
}

}  // namespace loadgen::engine
