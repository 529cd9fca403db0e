// A commit that ends later than the store answers. The bus took such a round for failed: its claims,
// committed after all, were with nobody until their visibility timeout, and what it settled or buried was not
// counted.
#include <fcntl.h>
#include <unistd.h>

#include <optional>

#include "services/bus/detail/wake_file.hpp"
#include "services/store/detail/turn_lock.hpp"
#include "tests/unit/services_bus/support.hpp"

namespace loadgen::services::bus {
namespace {

using namespace test;
using store::detail::TurnLock;

class LateCommit : public testing::Test {
  protected:
    LateCommit() {
        auto turns = TurnLock::open(folder_.path() + "/bus.turn");
        EXPECT_TRUE(turns.has_value());
        turns_ = std::move(*turns);
    }
    /// Answers within a moment, and never sweeps. On a busy machine the moment may be too short for anything,
    /// so what prepares a test is tried again.
    std::unique_ptr<Bus> open() {
        std::unique_ptr<Bus> bus;
        EXPECT_TRUE(eventually([&] {
            auto opened = open_embedded_bus(
                {.folder = folder_.path(), .sweep = hours(1), .answer_within = milliseconds(100)});
            if (opened) bus = std::move(*opened);
            return bus != nullptr;
        }));
        return bus;
    }
    /// A queue whose claims do not run out.
    static void declare_patiently(Bus& bus, int max_receives = 3) {
        QueueSettings queue = queue_named("q");
        queue.visibility_timeout = hours(1);
        queue.max_receives = max_receives;
        ASSERT_TRUE(eventually([&] { return bus.declare(queue).has_value(); }));
    }
    static void publish_patiently(Bus& bus, const std::string& id) {
        ASSERT_TRUE(eventually([&] { return publish(bus, {event(id)}).has_value(); }));
    }
    /// From here on no change can begin, as if another process were in the middle of a slow commit.
    void hold_up() { turn_.emplace(turns_.get()); }
    void let_go() { turn_.reset(); }
    /// Until the bus's writer waits for its turn with what was written last, and has been late with it.
    void wait_out(Bus& bus) {
        ASSERT_TRUE(eventually([&] { return someone_waits(); }));
        const auto late = publish(bus, {event("later", "unwanted")});
        ASSERT_FALSE(late.has_value());
        EXPECT_EQ(late.error().code, ErrorCode::kLimit);
    }

    ScratchFolder folder_;

  private:
    /// Who waits for the turn holds the gate, the first byte of the file.
    bool someone_waits() const {
        const int file = ::open((folder_.path() + "/bus.turn").c_str(), O_RDWR | O_CLOEXEC);
        struct flock gate {};
        gate.l_type = F_WRLCK;
        gate.l_whence = SEEK_SET;
        gate.l_len = 1;
        EXPECT_EQ(::fcntl(file, F_OFD_GETLK, &gate), 0);
        ::close(file);
        return gate.l_type != F_UNLCK;
    }

    std::unique_ptr<TurnLock> turns_;
    std::optional<TurnLock::Turn> turn_;
};

TEST_F(LateCommit, AClaimIsNotOutOfSightUntilItsVisibilityTimeout) {
    const auto bus = open();
    declare_patiently(*bus);
    for (const char* id : {"e0", "e1", "e2"}) publish_patiently(*bus, id);
    hold_up();
    Recorder recorder;
    const auto consumer = consume(*bus, "q", recorder);
    wait_out(*bus);
    let_go();
    ASSERT_TRUE(recorder.wait_for(3));
    EXPECT_EQ(recorder.deliveries().front().receives, 1);
    EXPECT_TRUE(eventually([&] { return bus->counters().settled == 3; }));
}

TEST_F(LateCommit, WhatDiedIsCounted) {
    const auto bus = open();
    declare_patiently(*bus, 1);
    publish_patiently(*bus, "e0");
    Recorder recorder(Recorder::Mode::kKeep);
    const auto consumer = consume(*bus, "q", recorder);
    ASSERT_TRUE(recorder.wait_for(1));
    hold_up();
    const std::size_t all[] = {0};
    recorder.take_kept()->settle(all);
    wait_out(*bus);
    let_go();
    ASSERT_TRUE(eventually([&] { return bus->counters().dead == 1; }));
    EXPECT_EQ(depth_of(*bus, "q").dead, 1U);
}

TEST_F(LateCommit, APublicationIsAnnouncedAndCounted) {
    const auto bus = open();
    declare_patiently(*bus);
    const auto wake = detail::WakeFile::open(folder_.path() + "/bus.wake");
    ASSERT_TRUE(wake.has_value());
    // One that the writer had not even taken up is never published: then another is tried.
    for (int i = 0; i < 100 && bus->counters().published == 0; ++i) {
        hold_up();
        const auto late = publish(*bus, {event("e" + std::to_string(i))});
        ASSERT_FALSE(late.has_value());
        EXPECT_EQ(late.error().code, ErrorCode::kLimit);
        let_go();
        declare_patiently(*bus);  // waits for what was written before
    }
    EXPECT_EQ(bus->counters().published, 1U);
    EXPECT_EQ(depth_of(*bus, "q").waiting, 1U);
    EXPECT_EQ((*wake)->news(1), 1U);
}

}  // namespace
}  // namespace loadgen::services::bus
