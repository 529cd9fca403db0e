#include "services/platform/replace_file.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace loadgen::services::platform {
namespace {

class ReplaceFile : public ::testing::Test {
  protected:
    ReplaceFile() { std::filesystem::create_directories(folder_); }
    ~ReplaceFile() override { std::filesystem::remove_all(folder_); }

    std::string content() const {
        std::ifstream file(path_);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// Files in the folder.
    std::ptrdiff_t files() const { return std::distance(std::filesystem::directory_iterator(folder_), {}); }

    const std::string folder_ = ::testing::TempDir() + "replace-" + std::to_string(::getpid());
    const std::string path_ = folder_ + "/ports.json";
};

TEST_F(ReplaceFile, TheNewContentIsAllThereIs) {
    ASSERT_TRUE(replace_file(path_, "a long first one\n").has_value());
    ASSERT_TRUE(replace_file(path_, "second\n").has_value());
    EXPECT_EQ(content(), "second\n");
    EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFile, AFullDiskLeavesTheOldOneAndNothingBeside) {
    ASSERT_TRUE(replace_file(path_, "old").has_value());
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 2;
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto done = replace_file(path_, "new one");
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, ignored);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::kIo);
    EXPECT_EQ(done.error().message, "cannot write " + path_ + ": File too large");
    EXPECT_EQ(content(), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFile, AFolderThatIsMissingIsNamed) {
    const auto done = replace_file(folder_ + "/none/x", "new");
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().message, "cannot write " + folder_ + "/none/x: No such file or directory");
}

}  // namespace
}  // namespace loadgen::services::platform
