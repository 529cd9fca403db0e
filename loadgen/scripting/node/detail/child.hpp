// The Node process: found, started, ended.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::scripting {

/// The path of the program `node` on PATH (Debian: also `nodejs`).
Result<std::string> find_node();

/// A running child and the ends of what leads to it, which whoever takes them closes. Ended with this object.
class Child {
  public:
    /// `program` is the JavaScript that it runs.
    static Result<Child> start(const std::string& node, std::string_view program);

    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();

    /// Ours of a pair of stream sockets.
    int take_socket();
    /// Readable ends of its standard output and error.
    int take_output();
    int take_errors();

    /// Kills it unless it has ended, and says how it ended: "exited with code 3", "was killed by signal 6".
    std::string end();

  private:
    Child() = default;

    pid_t pid_ = -1;
    int socket_ = -1;
    int output_ = -1;
    int errors_ = -1;
};

}  // namespace loadgen::scripting
