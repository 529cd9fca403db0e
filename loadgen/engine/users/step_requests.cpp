#include "loadgen/engine/users/step_requests.hpp"

namespace loadgen::engine {

bool StepRequests::same_server(const http::Url& a, const http::Url& b) {
    return a.port == b.port && a.host == b.host && a.scheme == b.scheme;
}

std::shared_ptr<plan::Request> StepRequests::blank(std::uint32_t step) {
    if (step < steps_.size() && steps_[step].endpoint < spare_.size()) {
        auto& spare = spare_[steps_[step].endpoint];
        if (!spare.empty()) {
            auto request = std::move(spare.back());
            spare.pop_back();
            return request;
        }
    }
    return std::make_shared<plan::Request>();
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

void StepRequests::reuse(std::shared_ptr<const CompiledRequest> request) {
    if (request.use_count() != 1) return;
    // Whoever made it or its source made it to be changed; there is nobody left who could see that.
    auto compiled = std::const_pointer_cast<CompiledRequest>(std::move(request));
    const std::uint32_t endpoint = compiled->endpoint();
    auto source = std::const_pointer_cast<plan::Request>(compiled->take_source());
    if (spare_compiled_.size() < kMostSpare) spare_compiled_.push_back(std::move(compiled));
    if (source.use_count() != 1 || source->own_body.capacity() > kMostSpareBody) return;
    if (endpoint >= spare_.size()) spare_.resize(endpoint + 1);
    if (spare_[endpoint].size() < kMostSpare) spare_[endpoint].push_back(std::move(source));
}

}  // namespace loadgen::engine
