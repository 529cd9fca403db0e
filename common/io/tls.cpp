#include "common/io/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <system_error>
#include <unordered_map>

#include "common/io/address.hpp"

namespace loadgen::io {
namespace {

template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};

using ContextPtr = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Deleter<SSL_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, Deleter<SSL_SESSION_free>>;
using SessionMap = std::unordered_map<std::string, SessionPtr>;  // newest ticket by host

/// Where a connection's tickets go; OpenSSL hands it to the new-session callback.
struct TicketSink {
    SessionMap* sessions;
    std::string host;
};

/// TLS 1.3 tickets come after the handshake (RFC 8446 section 4.6.1).
int keep_ticket(SSL* ssl, SSL_SESSION* session) {
    const auto* sink = static_cast<TicketSink*>(SSL_get_ex_data(ssl, 0));
    (*sink->sessions)[sink->host].reset(session);
    return 1;  // keeps the reference
}

/// The oldest queued OpenSSL error in words; empties the queue (it is per thread and would accuse the next
/// call).
std::string take_openssl_error() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return {};
    if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
}

Error file_error(const std::string& what, const std::string& file) {
    return {ErrorCode::kUsage, what + " " + file + ": " + take_openssl_error()};
}

std::string encode_alpn(const std::vector<std::string>& protocols) {
    std::string wire;
    for (const std::string& protocol : protocols) {
        wire += static_cast<char>(protocol.size());
        wire += protocol;
    }
    return wire;
}

Result<void> load_trust(SSL_CTX* context, const TlsClientOptions& options) {
    SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (options.ca_files.empty()) {
        SSL_CTX_set_default_verify_paths(context);
        ERR_clear_error();  // a machine without a trust store fails at verification, with the better message
        return {};
    }
    for (const std::string& file : options.ca_files) {
        if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1)
            return file_error("CA file", file);
    }
    return {};
}

Result<void> load_identity(SSL_CTX* context, const TlsClientOptions& options) {
    if (options.certificate_file.empty()) return {};
    const std::string& certificate = options.certificate_file;
    const std::string& key = options.key_file.empty() ? certificate : options.key_file;
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return file_error("client certificate", certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        if (options.key_file.empty()) {
            ERR_clear_error();
            return Error{ErrorCode::kUsage,
                         "client certificate " + key + ": no key in it, and no key file is named"};
        }
        return file_error("client key", key);
    }
    if (SSL_CTX_check_private_key(context) != 1)
        return file_error("client key does not fit the certificate:", key);
    return {};
}

}  // namespace

struct TlsClientContext::State {
    ContextPtr native;
    bool resume = false;
    SessionMap sessions;
};

struct TlsClient::Connection {
    SslPtr ssl;
    BIO* input = nullptr;   // owned by ssl
    BIO* output = nullptr;  // owned by ssl
    TicketSink tickets;
};

TlsClientContext::TlsClientContext(std::unique_ptr<State> state) : state_(std::move(state)) {}

TlsClientContext::~TlsClientContext() = default;

Result<std::unique_ptr<TlsClientContext>> TlsClientContext::create(const TlsClientOptions& options) {
    auto state = std::make_unique<State>();
    state->native.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = state->native.get();
    if (context == nullptr) return Error{ErrorCode::kIo, "TLS: " + take_openssl_error()};
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (auto loaded = load_trust(context, options); !loaded) return std::move(loaded).error();
    if (auto loaded = load_identity(context, options); !loaded) return std::move(loaded).error();
    const std::string alpn = encode_alpn(options.alpn);
    if (!alpn.empty()) {
        SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn.data()),
                                static_cast<unsigned>(alpn.size()));
    }
    state->resume = options.resume_sessions;
    if (state->resume) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, keep_ticket);
    } else {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    }
    return std::unique_ptr<TlsClientContext>(new TlsClientContext(std::move(state)));
}

TlsClient::TlsClient(TlsClientContext& context, const std::string& host)
    : connection_(std::make_unique<Connection>()) {
    connection_->tickets = {&context.state_->sessions, host};
    connection_->ssl.reset(SSL_new(context.state_->native.get()));
    SSL* ssl = connection_->ssl.get();
    connection_->input = BIO_new(BIO_s_mem());
    connection_->output = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(connection_->input, -1);  // "no bytes yet" is no end
    SSL_set_bio(ssl, connection_->input, connection_->output);
    SSL_set_ex_data(ssl, 0, &connection_->tickets);
    SSL_set_connect_state(ssl);
    if (Address::from_ip(host, 0)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    } else {
        // What the macro SSL_set_tlsext_host_name does, without its C casts.
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
        SSL_set1_host(ssl, host.c_str());
    }
    const auto known = context.state_->sessions.find(host);
    if (context.state_->resume && known != context.state_->sessions.end()) {
        SSL_set_session(ssl, known->second.get());
    }
}

TlsClient::~TlsClient() {
    // OpenSSL takes a connection that is freed without a shutdown for a broken one and makes its session
    // unfit for reuse (SSL_set_shutdown(3)). Load generators just close.
    if (state_ != State::kFailed) SSL_set_shutdown(connection_->ssl.get(), SSL_SENT_SHUTDOWN);
}

void TlsClient::feed(std::string_view ciphertext) {
    if (!ciphertext.empty())
        BIO_write(connection_->input, ciphertext.data(), static_cast<int>(ciphertext.size()));
    if (state_ != State::kHandshaking) return;
    ERR_clear_error();
    const int result = SSL_do_handshake(connection_->ssl.get());
    if (result == 1) {
        state_ = State::kOpen;
    } else {
        fail(result);
    }
}

std::size_t TlsClient::read(std::string& plaintext) {
    constexpr std::size_t kRecordBytes = 16 * 1024;
    std::size_t total = 0;
    while (state_ == State::kOpen) {
        const std::size_t before = plaintext.size();
        plaintext.resize(before + kRecordBytes);
        ERR_clear_error();
        const int size = SSL_read(connection_->ssl.get(), plaintext.data() + before, kRecordBytes);
        plaintext.resize(before + static_cast<std::size_t>(size > 0 ? size : 0));
        if (size <= 0) {
            fail(size);
            break;
        }
        total += static_cast<std::size_t>(size);
    }
    return total;
}

void TlsClient::write(std::string_view plaintext) {
    ERR_clear_error();
    // A memory BIO takes everything, so one call writes all.
    if (!plaintext.empty())
        SSL_write(connection_->ssl.get(), plaintext.data(), static_cast<int>(plaintext.size()));
}

void TlsClient::take_output(std::string& out) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(connection_->output, &bytes);
    if (size <= 0) return;
    out.append(bytes, static_cast<std::size_t>(size));
    BIO_reset(connection_->output);
}

std::string_view TlsClient::alpn() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection_->ssl.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::resumed() const {
    return SSL_session_reused(connection_->ssl.get()) == 1;
}

void TlsClient::fail(int ssl_result) {
    SSL* ssl = connection_->ssl.get();
    switch (SSL_get_error(ssl, ssl_result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return;
        case SSL_ERROR_ZERO_RETURN:
            state_ = State::kClosed;
            return;
        default:
            break;
    }
    const long verdict = SSL_get_verify_result(ssl);
    failure_ = take_openssl_error();
    if (verdict != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
        failure_ = std::string("certificate of ") + connection_->tickets.host +
                   " refused: " + X509_verify_cert_error_string(verdict);
    }
    if (failure_.empty()) failure_ = "connection lost";
    state_ = State::kFailed;
}

}  // namespace loadgen::io
