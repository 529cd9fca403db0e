// TLS client side on OpenSSL, without I/O: ciphertext in, ciphertext out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::io {

struct TlsClientOptions {
    bool verify = true;                   ///< chain and host name; false = accept anything
    std::vector<std::string> ca_files{};  ///< PEM; empty = the system's trust store
    std::string certificate_file{};       ///< PEM chain for client authentication; empty = none
    std::string key_file{};               ///< PEM; empty = in certificate_file
    bool resume_sessions = false;         ///< reuse session tickets between connections to one host
    std::vector<std::string> alpn{};      ///< in order of preference, such as "h2", "http/1.1"
};

class TlsClient;

/// Settings shared by the connections of one thread. Not thread-safe: one a thread (OpenSSL 3.0 locks
/// heavily).
class TlsClientContext {
  public:
    /// kUsage or kIo, naming the file, when a certificate, key or CA file does not load.
    static Result<std::unique_ptr<TlsClientContext>> create(const TlsClientOptions& options);
    ~TlsClientContext();

  private:
    friend class TlsClient;
    struct State;
    explicit TlsClientContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// One TLS connection. Feed it what the socket received; send what it produces. Belongs to one thread.
class TlsClient {
  public:
    enum class State : std::uint8_t { kHandshaking, kOpen, kClosed, kFailed };

    /// `host` is used for SNI (unless an IP literal), for verification and as the key of session reuse.
    TlsClient(TlsClientContext& context, const std::string& host);
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    /// Advances the handshake without input; call once to make the first flight.
    void start() { feed({}); }
    /// Takes received ciphertext and advances the handshake.
    void feed(std::string_view ciphertext);
    /// Appends decrypted bytes to `plaintext` until there are none. Returns the number appended.
    std::size_t read(std::string& plaintext);
    /// Encrypts. Only in state kOpen.
    void write(std::string_view plaintext);
    /// Moves ciphertext that has to be sent to the end of `out`.
    void take_output(std::string& out);

    State state() const { return state_; }
    /// The protocol the peer chose; empty when none.
    std::string_view alpn() const;
    bool resumed() const;
    /// Why the state is kFailed, in words: the certificate's trouble, or the alert.
    const std::string& failure() const { return failure_; }

  private:
    void fail(int ssl_result);

    struct Connection;
    std::unique_ptr<Connection> connection_;
    State state_ = State::kHandshaking;
    std::string failure_;
};

}  // namespace loadgen::io
