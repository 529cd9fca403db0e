// Processors in JavaScript, run by Node in a child process of their own (docs/processors.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/io/loop.hpp"
#include "loadgen/scripting/processor.hpp"

namespace loadgen::scripting {

struct ProcessorOptions {
    std::string script;                  ///< path of the module; relative to the working directory
    std::vector<std::string> functions;  ///< names that calls refer to by number
    /// Variables that all users of this processor begin with. Every user sees the same objects, as in
    /// Artillery: what a function changes inside of one is seen by all of its users, and not by templates.
    /// `$env` and `$processEnvironment` are there without being named.
    std::vector<text::Value::Member> shared_variables;
    std::vector<text::Value> scenarios;  ///< by number: what context.scenario shows
    std::string test_id;                 ///< `$testId`; empty = left to the variables
    std::string node;                    ///< path of the program; empty = `node` on PATH
    /// Receives the lines that functions print, on the loop's thread; none = our standard error, with a
    /// prefix.
    std::function<void(std::string_view line)> print;

    Nanos call_timeout{10'000'000'000};
    Nanos start_timeout{30'000'000'000};  ///< until the module is loaded
    std::uint32_t max_restarts = 5;    ///< in a row; a good while without an accident starts the count anew
    Nanos restart_pause{100'000'000};  ///< before the first; doubles each time
    std::size_t max_waiting_calls = 100'000;
    std::size_t max_waiting_bytes = std::size_t{64} << 20U;  ///< not yet taken by the child
    std::size_t max_frame_bytes = std::size_t{32} << 20U;    ///< of one call, and of one reply
};

/// A function that a module exports.
struct ExportedFunction {
    enum class Kind : std::uint8_t {
        kPlain,
        kAsync,
        kGenerator
    };  ///< kGenerator: cannot be called as a hook

    std::string name;
    Kind kind = Kind::kPlain;
    std::uint32_t arity = 0;  ///< declared parameters before the first with a default
};

/// Loads the module once, in a process of its own, and names its functions in order of export. Blocks, for
/// about 100 ms and what the module does when loaded; not for threads that measure. The error says why it
/// cannot be loaded: no Node (then naming `options.functions`, which need it), no such file, an error of the
/// module.
Result<std::vector<ExportedFunction>> list_exports(const ProcessorOptions& options);

/// A processor on `loop`, to be used and destroyed on its thread. The child starts now and is gone when the
/// processor is destroyed; calls made before it is ready wait for it. `loop` must outlive it.
std::unique_ptr<Processor> make_node_processor(io::Loop& loop, ProcessorOptions options);

}  // namespace loadgen::scripting
