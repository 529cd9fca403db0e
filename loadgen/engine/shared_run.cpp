#include "loadgen/engine/shared_run.hpp"

namespace loadgen::engine {

namespace {

CompileOptions options_of(const plan::RunPlan& plan) {
    return {.attack_name = plan.name,
            .sequence_header = plan.sequence_header,
            .chunked_body = plan.chunked_bodies,
            .cleartext_http2 = plan.connections.protocol == plan::Protocol::kHttp2Cleartext};
}

}  // namespace

SharedRun::SharedRun(const plan::RunPlan& run_plan, unsigned worker_count)
    : plan(run_plan), workers(worker_count), compile_options(options_of(run_plan)) {
    for (unsigned i = 0; i < workers; ++i) live.push_back(std::make_unique<LiveCounters>());
}

void SharedRun::compile_known_requests() {
    for (const auto& request : plan.requests->all()) known_.push_back(compile(request));
}

std::shared_ptr<const CompiledRequest> SharedRun::request_for(std::uint64_t sequence) {
    if (!known_.empty()) {
        // Without a control block: these outlive every exchange, and counting references would cost two
        // atomic operations a request on a line that all workers share.
        return {std::shared_ptr<const void>(), known_[sequence % known_.size()].get()};
    }
    std::shared_ptr<const plan::Request> request;
    {
        const std::lock_guard lock(source_mutex_);
        if (source_ended_) return nullptr;
        auto next = plan.requests->next();
        if (!next) source_error_ = std::move(next).error();
        if (source_error_ || *next == nullptr) {
            source_ended_ = true;
            return nullptr;
        }
        request = std::move(*next);
    }
    return compile(std::move(request));
}

std::shared_ptr<const CompiledRequest> SharedRun::compile(std::shared_ptr<const plan::Request> request) {
    const std::uint32_t authority = authorities.intern(request->url);
    const std::uint32_t endpoint = endpoints.intern(request->endpoint);
    return std::make_shared<CompiledRequest>(std::move(request), authority, endpoint, compile_options);
}

std::optional<Error> SharedRun::source_error() const {
    const std::lock_guard lock(source_mutex_);
    return source_error_;
}

}  // namespace loadgen::engine
