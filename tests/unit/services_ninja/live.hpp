// Services in this process, on real databases, a real bus and real sockets, and a client for them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/fetch/http_client.hpp"
#include "services/runtime/host.hpp"
#include "tests/unit/services_ninja/support.hpp"

namespace loadgen::services::ninja::test {

/// Status and body, as one text: "200 {...}".
using Answer = std::string;

/// A member of a JSON body, as text; empty when it is not there or no text.
std::string text_member(std::string_view json, std::string_view name);

/// Runs `ready` until it is true; false when patience ends.
bool eventually(const std::function<bool()>& ready);

/// Runs the services in a scratch folder until the end of the test.
class Live {
  public:
    using Change = std::function<void(runtime::HostOptions&)>;
    explicit Live(const std::vector<const runtime::ServiceType*>& types, const Change& change = nullptr);
    ~Live();
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;

    const Folder& folder() const { return folder_; }
    Answer ask(std::string_view service, const std::string& method, const std::string& path,
               const std::string& body = {}, const http::Headers& headers = {});

  private:
    Folder folder_;
    std::unique_ptr<runtime::Host> host_;
    fetch::HttpClient client_;
};

}  // namespace loadgen::services::ninja::test
