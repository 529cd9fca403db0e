// A small HTTP/1.1 server that answers GET /metrics, on a thread of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::cli {

/// What a scrape gets.
struct MetricsPage {
    std::string content_type;
    std::string body;
};

/// Listens from `open` until it is destroyed. Its functions belong to the thread that opened it.
class MetricsListener {
  public:
    /// Makes the page for a scrape with this Accept header. Called on the listener's thread.
    using Render = std::function<MetricsPage(std::string_view accept)>;

    /// `address` is HOST:PORT: an IP address, a name that means one, or nothing for 127.0.0.1; port 0 takes a
    /// free one. kUsage when it is no such thing; kIo when the system refuses, with its reason.
    static Result<std::unique_ptr<MetricsListener>> open(const std::string& address, Render render);
    ~MetricsListener();

    /// "http://127.0.0.1:8880/metrics", with the port that was chosen.
    std::string url() const;
    /// Scrapes whose page has been made so far; they are numbered from 1. Any thread.
    std::uint64_t scrapes_begun() const;
    /// The latest scrape that was answered to the last byte; 0 = none yet. Any thread.
    std::uint64_t last_answered() const;

  private:
    struct State;
    explicit MetricsListener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace loadgen::cli
