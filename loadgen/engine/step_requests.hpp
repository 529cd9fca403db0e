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
/// is compiled once, others keep the server and the endpoint of the one before while these stay the same. Not
/// thread-safe.
class StepRequests {
  public:
    explicit StepRequests(SharedRun& run) : run_(run) {}

    std::shared_ptr<const CompiledRequest> compile(const steps::Outgoing& outgoing);

  private:
    /// Of the latest request of a step.
    struct Known {
        http::Url server;  ///< scheme, host and port
        std::uint32_t authority = 0;
        std::string endpoint_name;
        std::uint32_t endpoint = 0;
        std::shared_ptr<const CompiledRequest> constant;
        bool used = false;
    };
    static bool same_server(const http::Url& a, const http::Url& b);

    SharedRun& run_;
    std::vector<Known> steps_;
};

}  // namespace loadgen::engine
