#include "loadgen/scripting/node/detail/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace loadgen::embedded {
extern const std::string_view processor_bootstrap;
}

namespace loadgen::scripting {
namespace {

// Descriptors of the child, as host/bootstrap.cjs knows them.
constexpr int kSocket = 3;
constexpr int kProgram = 4;

/// Closes what is left of it.
struct Descriptors {
    std::array<int, 7> of{-1, -1, -1, -1, -1, -1, -1};  // socket 2, output 2, errors 2, program
    ~Descriptors() {
        for (const int fd : of) {
            if (fd >= 0) close(fd);
        }
    }
    int take(std::size_t place) { return std::exchange(of[place], -1); }
};

bool is_program(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

bool write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t size = write(fd, text.data(), text.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

bool open_descriptors(Descriptors& ends, std::string_view program) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &ends.of[0]) != 0) return false;
    if (pipe2(&ends.of[2], O_CLOEXEC) != 0 || pipe2(&ends.of[4], O_CLOEXEC) != 0) return false;
    ends.of[6] = memfd_create("processor", MFD_CLOEXEC);
    return ends.of[6] >= 0 && write_whole(ends.of[6], program);
}

/// What the child's descriptors and signals are. The copies for it lie above the numbers it is to have, so
/// that none overwrites another.
int spawn(pid_t& pid, const std::string& node, const std::array<int, 4>& high) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, high[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, high[2], STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, high[0], kSocket);
    posix_spawn_file_actions_adddup2(&actions, high[3], kProgram);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    // A group of its own: an interrupt at the terminal is ours to handle, and the child ends with us.
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::string name = node;
    std::string evaluate = "-e";
    std::string bootstrap(embedded::processor_bootstrap);
    std::array<char*, 4> arguments{name.data(), evaluate.data(), bootstrap.data(), nullptr};
    const int error = posix_spawn(&pid, node.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int spawn_with(pid_t& pid, const std::string& node, const std::array<int, 4>& ends) {
    std::array<int, 4> high{-1, -1, -1, -1};
    int error = 0;
    for (std::size_t i = 0; i < ends.size() && error == 0; ++i) {
        high[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, kProgram + 1);
        if (high[i] < 0) error = errno;
    }
    if (error == 0) error = spawn(pid, node, high);
    for (const int fd : high) {
        if (fd >= 0) close(fd);
    }
    return error;
}

std::string describe_end(int status) {
    if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
    return "exited with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<std::string> find_node() {
    const char* path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const std::size_t end = rest.find(':');
        const std::string folder(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (folder.empty()) continue;
        for (const char* name : {"/node", "/nodejs"}) {
            if (is_program(folder + name)) return folder + name;
        }
    }
    return Error{ErrorCode::kNotFound, "there is no program \"node\" on PATH"};
}

Result<Child> Child::start(const std::string& node, std::string_view program) {
    Descriptors ends;
    if (!open_descriptors(ends, program)) return errno_error("cannot make a channel to " + node, errno);
    fcntl(ends.of[0], F_SETFL, O_NONBLOCK);
    fcntl(ends.of[2], F_SETFL, O_NONBLOCK);
    fcntl(ends.of[4], F_SETFL, O_NONBLOCK);
    Child child;
    const int error = spawn_with(child.pid_, node, {ends.of[1], ends.of[3], ends.of[5], ends.of[6]});
    if (error != 0) {
        child.pid_ = -1;
        return errno_error("cannot start " + node, error);
    }
    child.socket_ = ends.take(0);
    child.output_ = ends.take(2);
    child.errors_ = ends.take(4);
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      socket_(std::exchange(other.socket_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

Child::~Child() {
    for (const int fd : {socket_, output_, errors_}) {
        if (fd >= 0) close(fd);
    }
    end();
}

int Child::take_socket() {
    return std::exchange(socket_, -1);
}

int Child::take_output() {
    return std::exchange(output_, -1);
}

int Child::take_errors() {
    return std::exchange(errors_, -1);
}

std::string Child::end() {
    if (pid_ < 0) return "has ended";
    // Changes nothing about the status of one that is exiting already.
    kill(pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return describe_end(status);
}

}  // namespace loadgen::scripting
