// An HTTP/1.1 server on a free port of the loopback whose answers, good and bad, a test decides one by one.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/http/message.hpp"

namespace loadgen::test {

struct ScriptedAnswer {
    enum class Then { kKeep, kClose, kReset, kSilence };
    std::string bytes;  ///< sent as they are
    Then then = Then::kKeep;
};

/// "HTTP/1.1 <status> ...", the headers, a Content-Length, the body.
ScriptedAnswer scripted(int status, const std::string& body = "", const http::Headers& headers = {});

/// A thread for each connection. Stops, and cuts every connection, when destroyed.
class ScriptedServer {
  public:
    /// Called on the connection's thread. `connection` counts from 1.
    using Handler = std::function<ScriptedAnswer(const http::Request& request, int connection)>;

    explicit ScriptedServer(Handler handler);
    ~ScriptedServer();

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path) const;
    int connections() const;
    /// Waits until this many requests have arrived.
    void wait_for_requests(int count);

  private:
    void accept_all();
    void serve(int descriptor, int connection);
    bool answer(int descriptor, const http::Request& request, int connection);

    Handler handler_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    int connections_ = 0;
    int requests_ = 0;
    bool stopping_ = false;
    std::set<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace loadgen::test
