#include "common/base/live_line.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace loadgen {
namespace {

class LiveLines : public testing::Test {
  protected:
    ~LiveLines() override { std::fclose(file_); }

    std::string written() {
        std::rewind(file_);
        std::string all;
        std::array<char, 4096> part{};
        while (const std::size_t size = std::fread(part.data(), 1, part.size(), file_)) {
            all.append(part.data(), size);
        }
        return all;
    }

    std::FILE* file_ = std::tmpfile();
    LiveLine line_{file_};
};

TEST_F(LiveLines, LinesAreWrittenAsTheyAreWhenNothingIsDrawn) {
    line_.say("one");
    line_.wipe();
    line_.say("");
    EXPECT_EQ(written(), "one\n\n");
}

TEST_F(LiveLines, WhatIsDrawnIsWipedForALineAndDrawnAgainBelowIt) {
    line_.draw("1 s");
    line_.say("hello");
    line_.draw("2 s");
    line_.wipe();
    line_.say("report");
    EXPECT_EQ(written(), "\r\033[K1 s\r\033[Khello\n1 s\r\033[K2 s\r\033[Kreport\n");
}

TEST_F(LiveLines, NoLineIsTornByAnotherThread) {
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b'}) {
        threads.emplace_back([this, letter] {
            for (int i = 0; i < 500; ++i) line_.say(std::string(50, letter));
        });
    }
    for (int i = 0; i < 500; ++i) line_.draw("live");
    for (std::thread& thread : threads) thread.join();
    line_.wipe();
    std::string text = written();
    std::size_t lines = 0;
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; ++lines) {
        const std::string line = text.substr(0, end);
        text.erase(0, end + 1);
        const std::string said = line.substr(line.size() - 50);
        EXPECT_EQ(said, std::string(50, said.front())) << line;
    }
    EXPECT_EQ(lines, 1000U);
}

}  // namespace
}  // namespace loadgen
