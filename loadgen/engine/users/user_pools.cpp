#include "loadgen/engine/users/user_pools.hpp"

namespace loadgen::engine {
namespace {

constexpr Nanos kGoodbyeTime{1'000'000'000};

UserPools& pools_of(const std::unique_ptr<steps::Belongings>& belongings) {
    return static_cast<UserPools&>(*belongings);
}

}  // namespace

Pool* UserPools::find(std::uint32_t authority) const {
    for (const auto& [index, pool] : pools_) {
        if (index == authority) return pool.get();
    }
    return nullptr;
}

Pool& UserPools::add(std::uint32_t authority, std::unique_ptr<Pool> pool) {
    pools_.emplace_back(authority, std::move(pool));
    return *pools_.back().second;
}

Pool& UserPools::set_socket(std::unique_ptr<Pool> pool) {
    socket_ = std::move(pool);
    return *socket_;
}

void UserPools::for_each(const std::function<void(Pool&)>& use) {
    // By index: what is used may make the user add another.
    for (std::size_t index = 0; index < pools_.size(); ++index) use(*pools_[index].second);
    if (socket_) use(*socket_);
}

void UserPools::close_all() {
    for (const auto& [index, pool] : pools_) pool->close_all();
}

void LeavingPools::add(std::unique_ptr<steps::Belongings> belongings, Instant now) {
    UserPools& owner = pools_of(belongings);
    owner.close_all();
    if (owner.socket() != nullptr) owner.socket()->say_goodbye();
    if (owner.socket() != nullptr && owner.socket()->connections() > 0) {
        lingering_.push_back({now + kGoodbyeTime, std::move(belongings)});
    } else {
        closed_.push_back(std::move(belongings));
    }
}

void LeavingPools::sweep(Instant now) {
    closed_.clear();
    while (!lingering_.empty()) {
        Lingering& first = lingering_.front();
        Pool& socket = *pools_of(first.pools).socket();
        if (socket.connections() > 0 && now < first.until) return;
        socket.close_all();
        closed_.push_back(std::move(first.pools));
        lingering_.pop_front();
    }
}

void LeavingPools::for_each(const std::function<void(Pool&)>& use) {
    for (const Lingering& each : lingering_) pools_of(each.pools).for_each(use);
}

}  // namespace loadgen::engine
