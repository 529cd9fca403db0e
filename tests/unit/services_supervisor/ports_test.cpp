#include "services/supervisor/ports.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace loadgen::services::supervisor {
namespace {

class RememberedPorts : public ::testing::Test {
  protected:
    RememberedPorts() { std::filesystem::create_directories(folder_); }
    ~RememberedPorts() override { std::filesystem::remove_all(folder_); }
    void write(const std::string& text) { std::ofstream(file_) << text; }

    const std::string folder_ = ::testing::TempDir() + "ports-" + std::to_string(::getpid());
    const std::string file_ = folder_ + "/ports.json";
};

TEST_F(RememberedPorts, NoFileIsNoPorts) {
    const auto ports = read_ports(folder_);
    ASSERT_TRUE(ports.has_value());
    EXPECT_TRUE(ports->empty());
}

TEST_F(RememberedPorts, AreReadAsWritten) {
    const Ports ports = {{"orders", std::uint16_t{8083}}, {"users", std::uint16_t{65535}}};
    ASSERT_TRUE(write_ports(folder_, ports).has_value());
    const auto read = read_ports(folder_);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, ports);
}

TEST_F(RememberedPorts, WrongFilesAreNamed) {
    write("[1]");
    EXPECT_EQ(read_ports(folder_).error().message,
              file_ + ": must be an object of ports by service, not an array");
    write(R"({"orders":0})");
    EXPECT_EQ(read_ports(folder_).error().message, file_ + ": \"orders\" must be a number from 1 to 65535");
    write(R"({"orders":65536})");
    EXPECT_EQ(read_ports(folder_).error().message, file_ + ": \"orders\" must be a number from 1 to 65535");
    write("{");
    EXPECT_TRUE(read_ports(folder_).error().message.starts_with(file_ + ": "));
}

}  // namespace
}  // namespace loadgen::services::supervisor
