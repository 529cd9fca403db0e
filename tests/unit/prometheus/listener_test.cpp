#include "loadgen/cli/metrics/metrics_listener.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loadgen/cli/metrics/prometheus_exporter.hpp"

namespace loadgen::cli {
namespace {

/// Sends `request` to the listener and reads until it closes.
std::string talk(const std::string& url, const std::string& request) {
    const std::size_t colon = url.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(socket, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    std::string answer;
    char buffer[4096];
    for (ssize_t bytes = 0; (bytes = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) {
        answer.append(buffer, static_cast<std::size_t>(bytes));
    }
    ::close(socket);
    return answer;
}

std::string request_text(const std::string& line, const std::string& more = {}) {
    return line + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n";
}

MetricsPage page(std::string_view accept) {
    return {"text/x-test", "accept=" + std::string(accept) + "\n"};
}

TEST(MetricsListener, AnswersAtMetricsOnly) {
    const auto listener = MetricsListener::open("127.0.0.1:0", page);
    ASSERT_TRUE(listener) << listener.error().message;
    const std::string url = (*listener)->url();
    EXPECT_TRUE(url.starts_with("http://127.0.0.1:")) << url;
    EXPECT_TRUE(url.ends_with("/metrics")) << url;
    EXPECT_EQ((*listener)->last_answered(), 0U);
    const std::string answer = talk(url, request_text("GET /metrics?x=1", "Accept: this\r\n"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    EXPECT_NE(answer.find("Content-Type: text/x-test\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\naccept=this\n")) << answer;
    EXPECT_EQ((*listener)->scrapes_begun(), 1U);
    EXPECT_EQ((*listener)->last_answered(), 1U);
    EXPECT_TRUE(talk(url, request_text("GET /")).starts_with("HTTP/1.1 404 "));
    EXPECT_TRUE(talk(url, request_text("DELETE /metrics")).starts_with("HTTP/1.1 405 "));
    EXPECT_TRUE(talk(url, "nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
    const std::string head = talk(url, request_text("HEAD /metrics"));
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n")) << head;
    EXPECT_EQ((*listener)->scrapes_begun(), 1U);
}

TEST(MetricsListener, ServesOneConnectionRequestAfterRequest) {
    const auto listener = MetricsListener::open("127.0.0.1:0", page);
    ASSERT_TRUE(listener);
    const std::string answer =
        talk((*listener)->url(), "GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: one\r\n\r\n" +
                                     request_text("GET /metrics", "Accept: two\r\n"));
    EXPECT_NE(answer.find("accept=one\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("accept=two\n")) << answer;
    EXPECT_EQ((*listener)->last_answered(), 2U);
}

TEST(MetricsListener, WithoutHostStaysOnThisMachine) {
    const auto listener = MetricsListener::open(":0", page);
    ASSERT_TRUE(listener) << listener.error().message;
    EXPECT_TRUE((*listener)->url().starts_with("http://127.0.0.1:"));
}

TEST(PrometheusExporter, SaysWhyItCannotListen) {
    const auto first = PrometheusExporter::open("127.0.0.1:0");
    ASSERT_TRUE(first);
    std::string taken = (*first)->url().substr(7);
    taken.erase(taken.find('/'));
    const auto second = PrometheusExporter::open(taken);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kIo);
    EXPECT_EQ(second.error().message,
              "-prometheus-addr: cannot listen on " + taken + ": Address already in use");
}

TEST(PrometheusExporter, SaysWhatAnAddressIs) {
    for (const std::string text :
         {"", "8880", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", "a:-1"}) {
        const auto exporter = PrometheusExporter::open(text);
        ASSERT_FALSE(exporter) << text;
        EXPECT_EQ(exporter.error().code, ErrorCode::kUsage);
        EXPECT_EQ(exporter.error().message,
                  "-prometheus-addr: found \"" + text + "\", expected HOST:PORT, such as 127.0.0.1:8880");
    }
}

class CountingSink final : public engine::ResultSink {
  public:
    Result<void> take(const runlog::Record&) override {
        ++taken;
        return Error{ErrorCode::kIo, "full"};
    }
    Result<void> flush() override { return {}; }
    Result<void> begin() override { return Error{ErrorCode::kIo, "no such folder"}; }
    int taken = 0;
};

// bug: what the metrics lost was said to be missing from a result stream that nobody had asked for.
TEST(PrometheusExporter, SaysWhatRecordsGoTo) {
    const auto exporter = PrometheusExporter::open("127.0.0.1:0");
    ASSERT_TRUE(exporter);
    EXPECT_EQ((*exporter)->name(), "the Prometheus metrics");
    EXPECT_TRUE((*exporter)->begin());
    CountingSink sink;
    (*exporter)->forward_to(&sink);
    EXPECT_EQ((*exporter)->name(), "the result stream and the Prometheus metrics");
    EXPECT_FALSE((*exporter)->begin());
}

TEST(PrometheusExporter, CountsAndHandsOn) {
    const auto exporter = PrometheusExporter::open("127.0.0.1:0");
    ASSERT_TRUE(exporter);
    CountingSink sink;
    runlog::Record record;
    record.method = "GET";
    record.url = "http://a/";
    record.code = 200;
    EXPECT_TRUE((*exporter)->take(record));
    (*exporter)->forward_to(&sink);
    EXPECT_FALSE((*exporter)->take(record));  // the sink's error is the caller's to see
    EXPECT_EQ(sink.taken, 1);
    const std::string answer = talk((*exporter)->url(), request_text("GET /metrics"));
    EXPECT_NE(answer.find("request_seconds_count{method=\"GET\",url=\"http://a/\",status=\"200\"} 2\n"),
              std::string::npos)
        << answer;
}

TEST(PrometheusExporter, LingersUntilInterrupted) {
    const auto exporter = PrometheusExporter::open("127.0.0.1:0");
    ASSERT_TRUE(exporter);
    int asked = 0;
    (*exporter)->linger(std::chrono::hours(1), [&asked] { return ++asked == 2; });
    EXPECT_EQ(asked, 2);
}

TEST(PrometheusExporter, LingersUntilScraped) {
    const auto exporter = PrometheusExporter::open("127.0.0.1:0");
    ASSERT_TRUE(exporter);
    talk((*exporter)->url(), request_text("GET /metrics"));  // before the end: does not count
    bool scraped = false;
    (*exporter)->linger(std::chrono::hours(1), [&] {
        if (!scraped) talk((*exporter)->url(), request_text("GET /metrics"));
        scraped = true;
        return false;
    });
    EXPECT_TRUE(scraped);
}

}  // namespace
}  // namespace loadgen::cli
