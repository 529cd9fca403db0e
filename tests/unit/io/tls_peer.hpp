// A TLS server in memory, on OpenSSL itself, with certificates made on the spot.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace loadgen::io::test {

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;

/// A certificate with its key.
struct Identity {
    KeyPtr key;
    CertificatePtr certificate;

    /// Writes both as PEM into a file that the test folder keeps; returns its path.
    std::string save(const std::string& name) const;
};

struct IdentityOptions {
    std::string names = "DNS:server.test,IP:127.0.0.1";  ///< subjectAltName; empty = none
    const Identity* issuer = nullptr;                    ///< nullptr = signs itself
    bool authority = false;
    long not_after = 3600;  ///< seconds from now; negative = expired
};
Identity make_identity(const IdentityOptions& options);

class TlsServer {
  public:
    struct Options {
        const Identity* identity = nullptr;
        std::string alpn = {};                       ///< the one protocol it speaks; empty = no ALPN
        const Identity* client_authority = nullptr;  ///< asks for a client certificate of this authority
        int max_version = TLS1_3_VERSION;
    };
    explicit TlsServer(const Options& options);

    /// One connection.
    class Connection {
      public:
        explicit Connection(const TlsServer& server);
        void feed(std::string_view ciphertext);
        std::string take_output();
        std::string read();
        void write(std::string_view plaintext);
        void shut_down();
        bool open() const { return open_; }
        bool failed() const { return failed_; }
        std::string server_name() const;

      private:
        std::unique_ptr<SSL, Freed<SSL_free>> ssl_;
        BIO* input_;
        BIO* output_;
        bool open_ = false;
        bool failed_ = false;
    };

  private:
    friend class Connection;
    std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context_;
    std::string alpn_;
};

}  // namespace loadgen::io::test
