// The requests of one worker's users on their way to the wire.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loadgen/engine/shared_run.hpp"
#include "loadgen/steps/host.hpp"

namespace loadgen::engine {

/// Compiles what users send. What the requests of one step have in common is looked up once: a constant one
/// is compiled once, others keep the server and the endpoint of the one before while these stay the same. A
/// request that is over leaves its room to the next one of its step, so that most users' requests do not
/// reach the heap in the steady state. Not thread-safe.
class StepRequests {
  public:
    /// Of a step; those beyond, and longer bodies, are freed.
    static constexpr std::size_t kMostSpare = 256;
    static constexpr std::size_t kMostSpareBody = 64 * 1024;

    explicit StepRequests(SharedRun& run) : run_(run) {}

    /// A request for this step to fill in. Its texts and fields are those of an earlier one.
    std::shared_ptr<plan::Request> blank(std::uint32_t step);
    std::shared_ptr<const CompiledRequest> compile(const steps::Outgoing& outgoing);
    /// The exchange of this request of a step is over. Nothing happens when somebody else holds it, or when
    /// it was of no step.
    void reuse(std::shared_ptr<const CompiledRequest> request, std::uint32_t step);

  private:
    /// Of the latest request of a step, and what earlier ones left.
    struct Known {
        http::Url server;  ///< scheme, host and port
        std::uint32_t authority = 0;
        std::string endpoint_name;
        std::uint32_t endpoint = 0;
        std::shared_ptr<const CompiledRequest> constant;
        bool used = false;
        std::vector<std::shared_ptr<plan::Request>> spare;
    };
    static bool same_server(const http::Url& a, const http::Url& b);
    Known& known(std::uint32_t step);
    void look_up(Known& known, const plan::Request& request);

    SharedRun& run_;
    std::vector<Known> steps_;
    std::vector<std::shared_ptr<CompiledRequest>> spare_compiled_;
};

}  // namespace loadgen::engine
