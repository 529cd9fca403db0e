// An HTTP server for tests of the engine that does each thing a server can do wrong, on request.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace loadgen::test {

/// What becomes of one request.
enum class Deed : std::uint8_t {
    kAnswer,           ///< 200 with "hello", keep-alive
    kAnswerAndClose,   ///< the same with Connection: close
    kInterim,          ///< 103, then the answer
    kNothing,          ///< takes the request and stays silent
    kCloseBeforeByte,  ///< FIN instead of an answer
    kResetBeforeByte,  ///< RST instead of an answer
    kResetInBody,      ///< half a body, then RST
    kTruncate,         ///< half of what Content-Length said, then FIN
    kTruncateChunked,  ///< no last chunk, then FIN
    kStallInBody,      ///< half a body, then silence
    kGarbage,          ///< bytes that are not HTTP
    kThrottle,         ///< 429
    kRetryAfter,       ///< 503 with Retry-After
    kUnavailable,      ///< 503
    kNotFound,         ///< 404
    kRedirect,         ///< 302 to the options' location
    kGoawayLost,       ///< HTTP/2: GOAWAY that includes the stream, then FIN
    kGoawayRetryable,  ///< HTTP/2: GOAWAY that excludes the stream, then FIN
    kAnswerAndGoaway,  ///< HTTP/2: GOAWAY that includes the stream, and its answer; the connection stays
    kRefuseStream,     ///< HTTP/2: RST_STREAM(REFUSED_STREAM)
    kResetStream,      ///< HTTP/2: RST_STREAM(INTERNAL_ERROR)
};

/// Which request it is; all count from 1.
struct Moment {
    std::uint64_t connection = 0;
    std::uint64_t request = 0;  ///< on its connection
    std::uint64_t total = 0;
};

using Script = std::function<Deed(const Moment&)>;

struct PeerOptions {
    std::string unix_path = {};  ///< listen there instead of on 127.0.0.1
    std::string address = "127.0.0.1";
    std::string location = "/";
    bool accepts = true;  ///< false: a full backlog, so that connects find no answer, until `make_room`
};

/// Serves HTTP/1.1, and h2c with prior knowledge, on a thread of its own from construction to destruction.
/// The script is called on that thread.
class PeerServer {
  public:
    explicit PeerServer(Script script, PeerOptions options = {});
    ~PeerServer();
    PeerServer(const PeerServer&) = delete;
    PeerServer& operator=(const PeerServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = "/") const;
    std::uint64_t requests() const { return requests_.load(); }
    std::uint64_t connections() const { return connections_.load(); }
    /// The most connections that were open at once.
    std::uint64_t most_open() const { return most_open_.load(); }

    /// For a server that does not accept: begins to.
    void make_room();
    /// Stops looking at sockets, as a stopped process does, until `thaw`.
    void freeze() { frozen_.store(true); }
    void thaw();

  private:
    struct Session;
    class Service;

    void run();
    void fill_backlog();

    Script script_;
    PeerOptions options_;
    int listener_ = -1;
    int wake_ = -1;
    int filler_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> connections_{0};
    std::atomic<std::uint64_t> most_open_{0};
    std::atomic<bool> frozen_{false};
    std::atomic<bool> accepts_{true};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// Does this machine have the address?
bool has_address(const std::string& address);

/// A loopback port nobody listens on at this moment.
std::uint16_t unused_port(const std::string& address = "127.0.0.1");

}  // namespace loadgen::test
