// How a worker of the engine gets the processor that its users call.
#pragma once

#include <functional>
#include <memory>

namespace loadgen::io {
class Loop;
}
namespace loadgen::scripting {
class Processor;
}

namespace loadgen::engine {

/// Makes the processor of one thread, on its loop. Called on the thread that starts the run.
using ProcessorFactory = std::function<std::unique_ptr<scripting::Processor>(io::Loop&)>;

}  // namespace loadgen::engine
