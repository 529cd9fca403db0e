// How the engine reaches its targets. Data only; the command line fills it, the engine obeys it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/http/header.hpp"
#include "common/http/url.hpp"

namespace loadgen::plan {

enum class Protocol : std::uint8_t {
    kNegotiate,       ///< https: HTTP/2 or HTTP/1.1 by ALPN (RFC 7301); http: HTTP/1.1
    kHttp1,           ///< HTTP/1.1 only
    kHttp2Cleartext,  ///< http: HTTP/2 with prior knowledge (RFC 9113 section 3.3); https: HTTP/2 by ALPN
};

/// Dial `targets` in turn instead of `source` ("host:port" both), as vegeta's -connect-to.
struct ConnectTo {
    std::string source;
    std::vector<std::string> targets;
};

struct TlsPolicy {
    bool verify = true;
    std::vector<std::string> ca_files;
    std::string certificate_file;
    std::string key_file;
    bool resume_sessions = false;
};

struct DnsPolicy {
    std::vector<std::string> servers;  ///< empty = the system's
    Nanos cache_ttl{0};                ///< 0 = for ever, negative = look up for every connection
};

struct Proxy {
    http::Url url;          ///< an http:// proxy; tunnels are made with CONNECT (RFC 9110 section 9.3.6)
    http::Headers headers;  ///< sent with CONNECT only
};

struct ConnectionPolicy {
    Protocol protocol = Protocol::kNegotiate;
    std::uint64_t requests_per_connection = 0;  ///< then a fresh one; 0 = no limit, 1 = no keep-alive
    std::size_t max_connections = 0;  ///< per authority over all threads; 0 = as many as the load needs
    std::size_t max_idle_connections = 10'000;  ///< per authority over all threads; more are closed when done
    std::size_t streams = 100;                  ///< HTTP/2: concurrent streams a connection, at most
    Nanos timeout{30'000'000'000};              ///< from sent to done; 0 = none
    std::string unix_socket;                    ///< dial this path for every authority
    std::vector<ConnectTo> connect_to;
    bool allow_public = false;                  ///< dial addresses of the public internet, redirects included
    std::vector<std::string> source_addresses;  ///< local addresses, used in turn
    std::optional<Proxy> proxy;
    TlsPolicy tls;
    DnsPolicy dns;
};

}  // namespace loadgen::plan
