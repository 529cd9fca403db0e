// The four services in this process, on real databases, a real bus and real sockets, and clients for them.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/fetch/http_client.hpp"
#include "common/text/json_reader.hpp"
#include "services/platform/auth/tokens.hpp"
#include "services/runtime/host.hpp"

namespace loadgen::services::grocery::test {

/// Bounds waits for what should happen at once; reached only by failures.
inline constexpr std::chrono::seconds kPatience{20};

struct Answer {
    int status = 0;
    http::Headers headers;
    std::string body;
};

/// A member of a JSON object in the body, by names and array places with dots between: "items.0.name". As
/// text; numbers and booleans in their JSON form; none when it is not there.
std::optional<std::string> member(std::string_view json, std::string_view path);
/// Elements of an array, or -1.
int count_of(std::string_view json, std::string_view path);

/// Runs `ready` until it is true; false when patience ends.
bool eventually(const std::function<bool()>& ready);

/// One process's worth of services in a folder.
class LiveServices {
  public:
    /// `folder` must exist. Any number may share it; who serves what another does listens on the same port.
    LiveServices(const std::string& folder, bool seed_demo, const std::vector<std::string_view>& names = {},
                 std::uint16_t port = 0);
    ~LiveServices();

    std::string url(std::string_view service) const;
    std::uint16_t port(std::string_view service) const;

  private:
    std::unique_ptr<runtime::Host> host_;
};

/// Tokens as the users service of the set would sign them.
class Tokens {
  public:
    explicit Tokens(const std::string& folder);
    std::string of(std::string_view user_id,
                   platform::auth::UserType type = platform::auth::UserType::kStandard) const;
    std::string expired(std::string_view user_id) const;

  private:
    std::optional<platform::auth::TokenKeys> keys_;
};

class Client {
  public:
    Answer send(const std::string& method, const std::string& url, const std::string& token = {},
                const std::string& body = {});

  private:
    fetch::HttpClient client_;
};

/// An open event stream on a socket of its own.
class EventStream {
  public:
    EventStream(std::uint16_t port, const std::string& path, const std::string& token,
                const std::string& last_event_id = {});
    ~EventStream();
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    /// Reads until `text` has come; false when the stream ended or patience did.
    bool wait_for(std::string_view text);
    /// Reads to the end of the stream.
    bool wait_for_end();
    const std::string& received() const { return received_; }

  private:
    bool read_more();

    int socket_ = -1;
    std::string received_;
};

std::string make_scratch_folder();

}  // namespace loadgen::services::grocery::test
