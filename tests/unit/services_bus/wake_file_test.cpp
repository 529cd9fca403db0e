#include "services/bus/detail/wake_file.hpp"

#include <fstream>
#include <thread>

#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus::detail {
namespace {

using test::ScratchFolder;

std::shared_ptr<WakeFile> open_file(const ScratchFolder& folder) {
    auto file = WakeFile::open(folder.path() + "/bus.wake");
    EXPECT_TRUE(file.has_value()) << file.error().message;
    return *file;
}

TEST(WakeFile, AnnouncementsAreSeenByEveryMapping) {
    const ScratchFolder folder;
    const auto here = open_file(folder);
    const auto there = open_file(folder);
    const std::int64_t queues[] = {3, 5};
    here->announce(queues);
    EXPECT_EQ(there->news(3), 1U);
    EXPECT_EQ(there->news(4), 0U);
    EXPECT_EQ(there->news(5), 1U);
    EXPECT_EQ(there->generation(), 1U);
    there->announce({});
    EXPECT_EQ(here->generation(), 1U);
}

TEST(WakeFile, ASleeperIsWokenFromAnotherMapping) {
    const ScratchFolder folder;
    const auto here = open_file(folder);
    const auto there = open_file(folder);
    const std::int64_t queues[] = {7};
    std::thread sleeper([&] {
        for (std::uint32_t news = 0; news < 100;) {
            const std::uint32_t seen = here->generation();
            if (here->news(7) == news) {
                here->wait(seen, WakeFile::mask_of(7), test::kPatience);
            } else {
                news = here->news(7);
            }
        }
    });
    for (int i = 0; i < 100; ++i) there->announce(queues);
    sleeper.join();
}

TEST(WakeFile, OneWakesItself) {
    const ScratchFolder folder;
    const auto file = open_file(folder);
    std::atomic<bool> stop{false};
    std::thread sleeper([&] {
        while (!stop) {
            const std::uint32_t seen = file->generation();
            if (!stop) file->wait(seen, 0, test::kPatience);
        }
    });
    stop = true;
    file->wake_self();
    sleeper.join();
}

TEST(WakeFile, DoesNotSleepWhenSomethingHappenedMeanwhile) {
    const ScratchFolder folder;
    const auto file = open_file(folder);
    const std::uint32_t seen = file->generation();
    const std::int64_t queues[] = {1};
    file->announce(queues);
    const Instant start = system_clock().now();
    file->wait(seen, WakeFile::mask_of(1), std::chrono::hours(1));
    EXPECT_LT(system_clock().now() - start, Nanos(std::chrono::hours(1)));
    file->wait(file->generation(), WakeFile::mask_of(1), Nanos(1));  // the time is over at once
}

TEST(WakeFile, IsWrittenAsDocumented) {
    const ScratchFolder folder;
    {
        const auto file = open_file(folder);
        const std::int64_t queues[] = {2, 514};  // they share a counter
        file->announce(queues);
        file->wake_self();
    }
    std::ifstream stream(folder.path() + "/bus.wake", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    ASSERT_EQ(bytes.size(), 4096U);
    EXPECT_EQ(bytes.substr(0, 8), "LGBUSWK1");
    EXPECT_EQ(bytes.substr(8, 8), std::string("\2\0\0\0\0\0\0\0", 8));
    EXPECT_EQ(bytes.substr(64 + 4 * 2, 4), std::string("\2\0\0\0", 4));
}

TEST(WakeFile, RefusesAnotherFile) {
    const ScratchFolder folder;
    const std::string path = folder.path() + "/bus.wake";
    std::ofstream(path) << "something else";
    const auto file = WakeFile::open(path);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().message, "bus: " + path + " is no wake-up file of this version");
    EXPECT_FALSE(WakeFile::open(folder.path() + "/none/bus.wake").has_value());
}

}  // namespace
}  // namespace loadgen::services::bus::detail
