#include "loadgen/engine/connections/authority.hpp"

namespace loadgen::engine {

std::uint32_t AuthorityTable::intern(const http::Url& url) {
    const std::lock_guard lock(mutex_);
    const std::string key = url.scheme + "://" + url.host + ':' + std::to_string(url.port);
    const auto [entry, added] = index_.try_emplace(key, static_cast<std::uint32_t>(entries_.size()));
    if (added) entries_.push_back({url.host, url.port, url.tls()});
    return entry->second;
}

const Authority& AuthorityTable::at(std::uint32_t index) const {
    const std::lock_guard lock(mutex_);
    return entries_[index];
}

std::uint32_t EndpointTable::intern(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(name);
    if (found != index_.end()) return found->second;
    if (names_.size() == kMaxEndpoints) return kMaxEndpoints - 1;
    names_.push_back(names_.size() + 1 == kMaxEndpoints ? "(other)" : name);
    const auto number = static_cast<std::uint32_t>(names_.size() - 1);
    index_.emplace(name, number);
    return number;
}

std::string EndpointTable::name(std::uint32_t index) const {
    const std::lock_guard lock(mutex_);
    return names_[index];
}

std::uint32_t EndpointTable::size() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint32_t>(names_.size());
}

}  // namespace loadgen::engine
