// The virtual users of one worker as the engine sees them: they want requests sent and to be woken; they own
// connections.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/io/loop.hpp"
#include "loadgen/engine/results/statistics.hpp"
#include "loadgen/engine/shared_run.hpp"
#include "loadgen/engine/users/step_requests.hpp"
#include "loadgen/engine/users/upload_files.hpp"
#include "loadgen/engine/users/user_pools.hpp"
#include "loadgen/engine/users/user_requests.hpp"
#include "loadgen/scripting/processor.hpp"
#include "loadgen/steps/users.hpp"

namespace loadgen::engine {

/// On its worker's thread.
class UserTraffic final : private steps::Host, private io::TimerEvents {
  public:
    UserTraffic(SharedRun& run, io::Loop& loop, UserRequests& requests, Statistics& statistics,
                std::unique_ptr<scripting::Processor> processor);
    ~UserTraffic();

    steps::Users& users() { return users_; }
    /// The pool for an exchange of this user; null when the worker's shared one is to be used.
    Pool* pool_of(steps::Strand& strand, std::uint32_t authority);
    /// The pool of the user's WebSocket, made for its handshake.
    Pool& socket_of(steps::Strand& strand, std::uint32_t authority);
    /// Nobody is here, and nobody's WebSocket is being closed.
    bool idle() const { return users_.idle() && !leaving_.lingering(); }
    /// Calls `use` with each pool that belongs to a user.
    void for_each_pool(const std::function<void(Pool&)>& use);
    /// The exchange is over: its user takes the answer, says whether it is what the script wants, and may go
    /// on; then it is recorded by its groups.
    void deliver(Exchange& exchange, Instant done, bool warm_up);
    /// The exchange of this request is over and recorded.
    void reuse(std::shared_ptr<const CompiledRequest> request, std::uint32_t step) {
        compiled_.reuse(std::move(request), step);
    }
    void on_cookie(const Exchange& exchange, std::string_view value);
    /// Gives the request that follows a redirect the cookies of its user.
    void renew_cookies(steps::Strand& strand, plan::Request& request);
    /// About every 10 ms: frees what ended.
    void sweep();

  private:
    /// What an exchange is recorded under, besides its endpoint and the class of its status.
    struct Headings {
        std::size_t journey = 0;
        std::optional<std::size_t> phase;
        const std::vector<std::uint32_t>* tags = nullptr;
    };

    Instant now() const override { return loop_.now(); }
    WallTime wall_now() const override;
    std::shared_ptr<plan::Request> blank_request(std::uint32_t step) override {
        return compiled_.blank(step);
    }
    void send(steps::Strand& strand, steps::Outgoing outgoing) override;
    void release(steps::User& user) override;
    void wake_at(Instant when) override;
    void say(std::string_view line) override;
    Result<std::shared_ptr<const std::string>> read_file(const std::string& path) override {
        return upload_files_.get(path);
    }
    void on_timer() override;
    UserPools& pools_of(steps::User& user);
    Headings headings_of(const Exchange& exchange) const;
    void record_groups(const Headings& headings, const Exchange& exchange, Instant done);

    SharedRun& run_;
    io::Loop& loop_;
    UserRequests& requests_;
    Statistics& statistics_;
    StepRequests compiled_;
    io::Timer timer_;
    Instant earliest_wake_ = Instant::min();
    std::unordered_set<UserPools*> owners_;
    LeavingPools leaving_;
    UploadFiles upload_files_;
    std::vector<std::uint32_t> journey_groups_;
    std::vector<std::uint32_t> phase_groups_;
    std::vector<std::uint32_t> tag_groups_;
    std::vector<std::uint32_t> class_groups_;
    // The users end before the processor that they call.
    std::unique_ptr<scripting::Processor> processor_;
    steps::Users users_;
};

}  // namespace loadgen::engine
