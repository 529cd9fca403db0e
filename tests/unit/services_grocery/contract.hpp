// What every test of routes needs: its own set of services, with the demo data.
#pragma once

#include <filesystem>

#include "tests/unit/services_grocery/live.hpp"

namespace loadgen::services::grocery::test {

class RouteTest : public ::testing::Test {
  protected:
    explicit RouteTest(std::string service) : service_(std::move(service)) {}
    ~RouteTest() override {
        services_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    const LiveServices& services() const { return *services_; }
    const std::string& folder() const { return folder_; }
    std::string token_of(std::string_view user_id) const { return tokens_.of(user_id); }
    std::string admin() const { return tokens_.of("1", platform::auth::UserType::kAdmin); }
    Answer send(const std::string& method, const std::string& path, const std::string& token = {},
                const std::string& body = {}) {
        return client_.send(method, services().url(service_) + path, token, body);
    }
    Answer get(const std::string& path, const std::string& token = {}) { return send("GET", path, token); }

    /// The status and the shape of a failure: {"message":<something>}.
    void expect_failure(int status, const Answer& answer, const std::string& what) {
        EXPECT_EQ(answer.status, status) << what << ": " << answer.body;
        EXPECT_NE(member(answer.body, "message").value_or(""), "") << what << ": " << answer.body;
    }
    /// No token, a forged one, one that is over, and one without a signature.
    void expect_needs_token(const std::string& method, const std::string& path,
                            const std::string& body = {}) {
        const std::string good = token_of("7");
        const std::string what = method + " " + path;
        expect_failure(401, send(method, path, "", body), what);
        std::string forged = good;
        forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
        expect_failure(401, send(method, path, forged, body), what + " forged");
        expect_failure(401, send(method, path, tokens_.expired("7"), body), what + " expired");
        // {"alg":"none"} and a payload as good as any (RFC 7519 section 6.1).
        const std::string none = "eyJhbGciOiJub25lIn0." +
                                 good.substr(good.find('.') + 1, good.rfind('.') - good.find('.') - 1) + ".";
        expect_failure(401, send(method, path, none, body), what + " none");
    }
    /// Malformed JSON, other kinds than objects, too long.
    void expect_reads_json(const std::string& method, const std::string& path, const std::string& token) {
        const std::string what = method + " " + path;
        for (const char* body : {"{", "[]", "7", "null", "{\"a\":}", "{}}"})
            expect_failure(400, send(method, path, token, body), what + " with " + body);
        expect_failure(413, send(method, path, token, "{\"x\":\"" + std::string(100 * 1024, 'x') + "\"}"),
                       what + " oversize");
    }

    const std::string service_;
    const std::string folder_ = make_scratch_folder();
    std::unique_ptr<LiveServices> services_ = std::make_unique<LiveServices>(folder_, true);
    const Tokens tokens_{folder_};
    Client client_;
};

}  // namespace loadgen::services::grocery::test
