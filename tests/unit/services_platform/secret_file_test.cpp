#include "services/platform/auth/secret_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

namespace loadgen::services::platform::auth {
namespace {

using ::testing::HasSubstr;

class SecretFile : public ::testing::Test {
  protected:
    SecretFile() {
        std::string pattern = (std::filesystem::temp_directory_path() / "secret-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        path_ = (folder_ / "secret").string();
    }
    ~SecretFile() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& text, mode_t mode = 0600) {
        std::ofstream(path_) << text;
        ::chmod(path_.c_str(), mode);
    }
    std::string fault() {
        const auto secret = load_or_create_secret(path_);
        return secret ? "none" : secret.error().message;
    }

    std::filesystem::path folder_;
    std::string path_;
};

TEST_F(SecretFile, IsMadeOnceAndOnlyForItsOwner) {
    const auto first = load_or_create_secret(path_);
    ASSERT_TRUE(first.has_value()) << first.error().message;
    EXPECT_EQ(first->size(), 64U);
    EXPECT_EQ(first->find_first_not_of("0123456789abcdef"), std::string::npos);
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(*load_or_create_secret(path_), *first);
    // Nothing is left beside it.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(SecretFile, ProcessesThatStartTogetherAgree) {
    constexpr int kProcesses = 8;
    int gate[2];
    int answers[2];
    ASSERT_EQ(::pipe(gate), 0);
    ASSERT_EQ(::pipe(answers), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            char go = 0;
            if (::read(gate[0], &go, 1) != 1) ::_exit(2);
            const auto secret = load_or_create_secret(path_);
            const bool told = secret && ::write(answers[1], secret->data(), 64) == 64;
            ::_exit(told ? 0 : 1);
        }
        children.push_back(child);
    }
    ASSERT_EQ(::write(gate[1], "gogogogo", kProcesses), kProcesses);
    std::set<std::string> secrets;
    for (int i = 0; i < kProcesses; ++i) {
        std::string secret(64, '\0');
        ASSERT_EQ(::read(answers[0], secret.data(), secret.size()), 64);
        secrets.insert(secret);
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(secrets.size(), 1U);
    for (const int descriptor : {gate[0], gate[1], answers[0], answers[1]}) ::close(descriptor);
}

TEST_F(SecretFile, MayBeTheOperatorsOwn) {
    write("  my own secret, which is long enough to be one \n");
    EXPECT_EQ(*load_or_create_secret(path_), "my own secret, which is long enough to be one");
}

TEST_F(SecretFile, SaysWhyItCannotBeUsed) {
    write(std::string(40, 'x'), 0640);
    EXPECT_EQ(fault(), "the secret file " + path_ + " may be read by others: chmod 600 it");
    write("short\n");
    EXPECT_EQ(fault(), "the secret file " + path_ + " has fewer than 32 bytes");
    write("");
    EXPECT_EQ(fault(), "the secret file " + path_ + " has fewer than 32 bytes");
    write(std::string(5000, 'x'));
    EXPECT_EQ(fault(), "the secret file " + path_ + " has more than 4096 bytes");
    std::filesystem::remove(path_);
    std::filesystem::create_directory(path_);
    EXPECT_EQ(fault(), "the secret file " + path_ + " is not a regular file");
    std::filesystem::remove(path_);
    std::filesystem::create_symlink("elsewhere", path_);
    EXPECT_THAT(fault(), HasSubstr("cannot open the secret file " + path_));
}

TEST_F(SecretFile, NeedsItsFolder) {
    path_ = (folder_ / "missing" / "secret").string();
    EXPECT_EQ(fault(), "cannot make the secret file " + path_ + ": No such file or directory");
}

}  // namespace
}  // namespace loadgen::services::platform::auth
