#include "services/supervisor/detail/launch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace loadgen::services::supervisor::detail {
namespace {

constexpr int kFirstSocket = 3;
constexpr int kCannotRun = 127;
constexpr std::size_t kNumberDigits = 12;

/// Everything the new process needs, made before the fork: between fork and exec nothing is allocated.
class Image {
  public:
    explicit Image(const Launch& what) : arguments_(what.arguments), descriptors_{} {
        arguments_.insert(arguments_.begin(), what.program);
        for (std::string& argument : arguments_) argv_.push_back(argument.data());
        argv_.push_back(nullptr);
        std::string names;
        for (const InheritedSocket& socket : what.sockets) {
            names += (names.empty() ? "" : ":") + socket.service;
            descriptors_.push_back(socket.descriptor);
        }
        add("LISTEN_FDS=" + std::to_string(what.sockets.size()));
        add("LISTEN_FDNAMES=" + names);
        if (what.traffic >= 0) {
            add("LOADGEN_TRAFFIC_FD=" + std::to_string(kFirstSocket + descriptors_.size()));
            descriptors_.push_back(what.traffic);
        }
        process_ = "LISTEN_PID=";
        process_length_ = process_.size();
        process_.resize(process_length_ + kNumberDigits, '\0');
        for (char** variable = environ; *variable != nullptr; ++variable) {
            const std::string_view known = *variable;
            if (!known.starts_with("LISTEN_") && !known.starts_with("LOADGEN_TRAFFIC_FD=")) {
                environment_.push_back(*variable);
            }
        }
        for (std::string& text : added_) environment_.push_back(text.data());
        environment_.push_back(process_.data());
        environment_.push_back(nullptr);
    }

    /// In the new process. Does not return.
    [[noreturn]] void run(int output, pid_t parent) {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(0);  // it died before it could be told of
        place_descriptors(output);
        std::to_chars(process_.data() + process_length_, process_.data() + process_.size() - 1, ::getpid());
        ::execve(argv_.front(), argv_.data(), environment_.data());
        ::_exit(kCannotRun);
    }

  private:
    void add(std::string variable) { added_.push_back(std::move(variable)); }

    void place_descriptors(int output) {
        const int last = kFirstSocket + static_cast<int>(descriptors_.size());
        // Out of the way first: a source may be where another one has to go.
        for (int& descriptor : descriptors_) descriptor = ::fcntl(descriptor, F_DUPFD_CLOEXEC, last);
        const int none = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(none, STDIN_FILENO);
        ::dup2(output, STDOUT_FILENO);
        for (std::size_t i = 0; i < descriptors_.size(); ++i) {
            ::dup2(descriptors_[i], kFirstSocket + static_cast<int>(i));
        }
        // A client of the control socket, say, would wait for the end of a process that it has nothing to do
        // with: not every descriptor here closes by itself.
        ::close_range(static_cast<unsigned>(last), ~0U, 0);
    }

    std::vector<std::string> arguments_;
    std::vector<std::string> added_;
    std::string process_;
    std::size_t process_length_ = 0;
    std::vector<char*> argv_;
    std::vector<char*> environment_;
    std::vector<int> descriptors_;
};

}  // namespace

Result<Launched> launch(const Launch& what) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error("cannot make a pipe", errno);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    Image image(what);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) image.run(ends[1], parent);
    const int reason = errno;
    ::close(ends[1]);
    if (pid < 0) {
        ::close(ends[0]);
        return errno_error("cannot start a process", reason);
    }
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (process < 0) {
        // Not reaped yet, so the number is still its own.
        const Error failed = errno_error("cannot watch a process", errno);
        ::kill(pid, SIGKILL);
        ::close(ends[0]);
        return failed;
    }
    return Launched{.pid = pid, .process = process, .output = ends[0]};
}

}  // namespace loadgen::services::supervisor::detail
