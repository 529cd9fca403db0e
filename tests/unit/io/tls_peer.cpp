#include "tests/unit/io/tls_peer.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace loadgen::io::test {
namespace {

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

int choose_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                unsigned in_size, void* wanted) {
    const auto& protocol = *static_cast<const std::string*>(wanted);
    for (unsigned at = 0; at < in_size; at += in[at] + 1U) {
        if (std::string_view(reinterpret_cast<const char*>(in + at + 1), in[at]) != protocol) continue;
        *out = in + at + 1;
        *out_size = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

Identity make_identity(const IdentityOptions& options) {
    static long serial = 1;
    Identity made{KeyPtr(EVP_EC_gen("P-256")), CertificatePtr(X509_new())};
    X509* certificate = made.certificate.get();
    const Identity& issuer = options.issuer != nullptr ? *options.issuer : made;
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate), options.not_after);
    const std::string name = options.authority ? "test authority" : "test leaf " + std::to_string(serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
    X509_set_pubkey(certificate, made.key.get());
    add_extension(certificate, issuer.certificate.get(), NID_basic_constraints,
                  options.authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!options.authority && !options.names.empty()) {
        add_extension(certificate, issuer.certificate.get(), NID_subject_alt_name, options.names.c_str());
    }
    X509_sign(certificate, issuer.key.get(), EVP_sha256());
    return made;
}

std::string Identity::save(const std::string& name) const {
    const std::string path = testing::TempDir() + "loadgen-" + std::to_string(getpid()) + '-' + name + ".pem";
    const std::unique_ptr<std::FILE, Freed<std::fclose>> file(std::fopen(path.c_str(), "w"));
    PEM_write_X509(file.get(), certificate.get());
    PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return path;
}

TlsServer::TlsServer(const Options& options)
    : context_(SSL_CTX_new(TLS_server_method())), alpn_(options.alpn) {
    SSL_CTX* context = context_.get();
    SSL_CTX_set_max_proto_version(context, options.max_version);
    SSL_CTX_use_certificate(context, options.identity->certificate.get());
    SSL_CTX_use_PrivateKey(context, options.identity->key.get());
    if (!alpn_.empty()) SSL_CTX_set_alpn_select_cb(context, choose_alpn, &alpn_);
    if (options.client_authority != nullptr) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), options.client_authority->certificate.get());
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        const std::string id = "loadgen";
        SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(id.data()), 7);
    }
}

TlsServer::Connection::Connection(const TlsServer& server)
    : ssl_(SSL_new(server.context_.get())), input_(BIO_new(BIO_s_mem())), output_(BIO_new(BIO_s_mem())) {
    BIO_set_mem_eof_return(input_, -1);
    SSL_set_bio(ssl_.get(), input_, output_);
    SSL_set_accept_state(ssl_.get());
}

void TlsServer::Connection::feed(std::string_view ciphertext) {
    BIO_write(input_, ciphertext.data(), static_cast<int>(ciphertext.size()));
    if (open_ || failed_) return;
    const int result = SSL_do_handshake(ssl_.get());
    open_ = result == 1;
    if (!open_) {
        const int error = SSL_get_error(ssl_.get(), result);
        failed_ = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    }
}

std::string TlsServer::Connection::take_output() {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(output_, &bytes);
    std::string out(bytes, static_cast<std::size_t>(size > 0 ? size : 0));
    BIO_reset(output_);
    return out;
}

std::string TlsServer::Connection::read() {
    std::string out(1 << 16, '\0');
    const int size = SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
    out.resize(static_cast<std::size_t>(size > 0 ? size : 0));
    return out;
}

void TlsServer::Connection::write(std::string_view plaintext) {
    SSL_write(ssl_.get(), plaintext.data(), static_cast<int>(plaintext.size()));
}

void TlsServer::Connection::shut_down() {
    SSL_shutdown(ssl_.get());
}

std::string TlsServer::Connection::server_name() const {
    const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name != nullptr ? name : "";
}

}  // namespace loadgen::io::test
