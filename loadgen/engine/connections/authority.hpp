// The servers of a run, numbered: what a connection can be shared by.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "common/http/url.hpp"

namespace loadgen::engine {

/// One scheme + host + port.
struct Authority {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;

    /// host:port, IPv6 in brackets.
    std::string text() const {
        const bool v6 = host.find(':') != std::string::npos;
        return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
    }
};

/// Numbers authorities from 0 in order of first use. Thread-safe; entries never move or change.
class AuthorityTable {
  public:
    std::uint32_t intern(const http::Url& url);
    const Authority& at(std::uint32_t index) const;

  private:
    mutable std::mutex mutex_;
    std::deque<Authority> entries_;
    std::map<std::string, std::uint32_t> index_;
};

/// Numbers endpoint names the same way. Beyond kMaxEndpoints all new names share the last entry, "(other)".
class EndpointTable {
  public:
    static constexpr std::uint32_t kMaxEndpoints = 1000;

    std::uint32_t intern(const std::string& name);
    std::string name(std::uint32_t index) const;
    std::uint32_t size() const;

  private:
    mutable std::mutex mutex_;
    std::deque<std::string> names_;
    std::map<std::string, std::uint32_t> index_;
};

}  // namespace loadgen::engine
