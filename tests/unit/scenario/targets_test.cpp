#include "loadgen/scenario/targets.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "loadgen/scenario/cycled_targets.hpp"
#include "loadgen/scenario/line_reader.hpp"
#include "loadgen/scenario/target_parts.hpp"
#include "loadgen/scenario/vegeta_http_targets.hpp"

namespace loadgen::scenario {
namespace {

/// A folder of its own for each test.
class Targets : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "targets-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name) << text;
        return (folder_ / name).string();
    }
    std::string refused(const TargetOptions& options) {
        const auto source = open_targets(options);
        return source ? "accepted" : source.error().message;
    }

    std::filesystem::path folder_;
};

std::string next_url(plan::RequestSource& source) {
    const auto request = source.next();
    if (!request) return request.error().message;
    return *request == nullptr ? "end" : (*request)->url_text;
}

TEST_F(Targets, EagerCyclesInOrder) {
    TargetOptions options;
    options.path = file("t.txt", "GET http://h/1\nGET http://h/2\n\nGET http://h/3?q\n");
    const auto source = open_targets(options);
    ASSERT_TRUE(source) << source.error().message;
    std::string seen;
    for (int i = 0; i < 7; ++i) seen += next_url(**source).substr(9, 1);
    EXPECT_EQ(seen, "1231231");
    ASSERT_EQ((*source)->all().size(), 3U);
    const plan::Request& third = *(*source)->all()[2];
    EXPECT_EQ(third.endpoint, "GET /3");
    EXPECT_EQ(third.location, options.path + ":4");
    EXPECT_EQ(third.url.host, "h");
}

TEST_F(Targets, LazyEndsAndFailsOnlyWhereItIs) {
    TargetOptions options;
    options.path = file("t.txt", "GET http://h/1\nGET http://h/2\n\nGET\n");
    options.lazy = true;
    const auto source = open_targets(options);
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_TRUE((*source)->all().empty());
    EXPECT_EQ(next_url(**source), "http://h/1");
    EXPECT_EQ(next_url(**source), "http://h/2");
    EXPECT_EQ(next_url(**source), options.path +
                                      ":4:1: bad target \"GET\": expected METHOD URL, such as GET "
                                      "http://localhost:8080/");
    options.path = file("one.json", "{\"method\":\"GET\",\"url\":\"http://h/\"}\n");
    options.format = "json";
    const auto json = open_targets(options);
    ASSERT_TRUE(json);
    EXPECT_EQ(next_url(**json), "http://h/");
    EXPECT_EQ(next_url(**json), "end");
    EXPECT_EQ(next_url(**json), "end");
}

TEST_F(Targets, DefaultsFromFlags) {
    TargetOptions options;
    options.urls = {"http://h/1", "http://:8080/2"};
    options.method = "PUT";
    options.path = "/nonexistent/not read";
    options.headers = {"A: 1", "b:2"};
    options.body_file = file("body", "payload");
    const auto source = open_targets(options);
    ASSERT_TRUE(source) << source.error().message;
    const plan::Request& request = *(*source)->all()[1];
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.url.authority(), "localhost:8080");
    EXPECT_EQ(request.location, "argument 2");
    EXPECT_EQ(*request.body, "payload");
    EXPECT_EQ(request.headers, (http::Headers{{"A", "1"}, {"b", "2"}}));
    EXPECT_EQ(request.body, (*source)->all()[0]->body);  // one copy for all
}

TEST_F(Targets, OptionErrors) {
    TargetOptions options;
    options.path = "/nonexistent/t";
    EXPECT_EQ(refused(options), "error opening /nonexistent/t: No such file or directory");
    options.format = "xml";
    EXPECT_EQ(refused(options), "format \"xml\" isn't one of [http, json]");
    options.format = "http";
    options.headers = {"broken"};
    EXPECT_EQ(refused(options), "-header: bad header \"broken\": expected Name: value, found no ':'");
    options.headers = {};
    options.body_file = "/nonexistent/b";
    EXPECT_EQ(refused(options), "-body: /nonexistent/b: No such file or directory");
    options.body_file = "-";
    options.path = "stdin";
    EXPECT_EQ(refused(options), "-body and -targets cannot both be read from standard input");
    options.body_file = "";
    options.urls = {"http://h/", "h/"};
    EXPECT_EQ(refused(options), "argument 2: bad URL \"h/\": it must start with http:// or https://");
    options.urls = {"http://h/", "-rate", "5"};
    EXPECT_EQ(refused(options), "found flag \"-rate\" after a URL: flags come before URLs");
    options.urls = {"http://h/"};
    options.method = "A B";
    EXPECT_EQ(refused(options), "bad method \"A B\": expected letters such as GET");
}

TEST_F(Targets, AnEmptyFileHasNoTargets) {
    TargetOptions options;
    options.path = file("empty", "");
    EXPECT_EQ(refused(options), options.path + ": no targets to attack");
}

TEST_F(Targets, LongLinesAreAnErrorNotTheEnd) {
    const std::string long_url = "GET http://h/" + std::string(kMaxHttpLine, 'a');
    TargetOptions options;
    options.path = file("t.txt", "GET http://h/1\n" + long_url + "\nGET http://h/2\n");
    EXPECT_EQ(refused(options), options.path + ":2:1: the line is longer than the limit of 65536 bytes");
    options.format = "json";
    options.path = file("t.json", "\n{\"method\":\"" + std::string(kMaxJsonLine, 'A'));
    EXPECT_EQ(refused(options), options.path + ":2:1: the line is longer than the limit of 1048576 bytes");
}

TEST_F(Targets, BodyFilesAreReadOnceAndLimited) {
    int reads = 0;
    BodyFiles bodies([&](const std::string& path) -> Result<std::string> {
        ++reads;
        return std::string(path == "large" ? kMaxBodyFile : 3, 'x');
    });
    const auto first = bodies.get("small");
    const auto second = bodies.get("small");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(reads, 1);
    const std::string large = file("large", "");
    std::filesystem::resize_file(large, kMaxBodyFile + 1);
    const auto refused_body = BodyFiles().get(large);
    ASSERT_FALSE(refused_body);
    EXPECT_EQ(refused_body.error().message,
              "bad body: " + large + ": larger than the limit of 67108864 bytes");
}

TEST(LineReader, JoinsLinesFromPiecesOfAnySize) {
    const std::string text = "one\n\ntwo words\r\nlast";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        std::size_t at = 0;
        LineReader lines(
            "t",
            [&](std::span<char> buffer) -> Result<std::size_t> {
                const std::size_t count = text.copy(buffer.data(), std::min(piece, buffer.size()), at);
                at += count;
                return count;
            },
            100);
        std::string seen;
        while (true) {
            const auto peeked = lines.peek();
            const auto line = lines.next();
            ASSERT_TRUE(line && peeked);
            if (!*line) break;
            EXPECT_EQ((*peeked)->text, (*line)->text);
            seen += std::to_string((*line)->number) + "[" + std::string((*line)->text) + "]";
            EXPECT_EQ((*line)->terminated, (*line)->text != "last");
        }
        EXPECT_EQ(seen, "1[one]2[]3[two words\r]4[last]");
    }
}

TEST(LineReader, ReportsAFailingStream) {
    LineReader lines(
        "t",
        [](std::span<char>) -> Result<std::size_t> {
            return Error{ErrorCode::kIo, "error reading t: Input/output error"};
        },
        100);
    VegetaHttpTargets targets(std::move(lines), {});
    EXPECT_EQ(next_url(targets), "error reading t: Input/output error");
    EXPECT_EQ(next_url(targets), "error reading t: Input/output error");
}

}  // namespace
}  // namespace loadgen::scenario
