// Load goes only where it may: a public address asks for -yes.
#include <algorithm>

#include "common/io/resolver.hpp"
#include "loadgen/cli/attack/attack_settings.hpp"

namespace loadgen::cli {
namespace {

Error usage(std::string text) {
    return {ErrorCode::kUsage, std::move(text)};
}

Result<void> check_host(const std::string& host, const plan::ConnectionPolicy& policy) {
    auto found = io::resolve_now(
        host, {.servers = policy.dns.servers, .cache_ttl = Nanos(0), .timeout = Nanos(2'000'000'000)});
    if (!found) return {};  // the run itself reports what does not resolve, request by request
    for (const io::Address& address : *found) {
        if (!address.is_public()) continue;
        std::string where = address.text();
        where.erase(where.rfind(':'));  // the port
        return usage(host + " is a public address (" + where +
                     "): load only what is yours to load, and say so with -yes");
    }
    return {};
}

/// The hosts that will be dialled for this request.
std::vector<std::string> hosts_of(const plan::Request& request, const plan::ConnectionPolicy& policy) {
    const bool v6 = request.url.host.find(':') != std::string::npos;
    const std::string key =
        (v6 ? '[' + request.url.host + ']' : request.url.host) + ':' + std::to_string(request.url.port);
    const auto rule = std::find_if(policy.connect_to.begin(), policy.connect_to.end(),
                                   [&](const auto& entry) { return entry.source == key; });
    if (rule == policy.connect_to.end()) return {request.url.host};
    std::vector<std::string> hosts;
    for (const std::string& target : rule->targets) {
        std::string host = target.substr(0, target.rfind(':'));
        if (host.size() > 2 && host.front() == '[' && host.back() == ']')
            host = host.substr(1, host.size() - 2);
        hosts.push_back(std::move(host));
    }
    return hosts;
}

/// A lazy source's targets are not known before they are sent: each new host is looked at when it comes.
class CheckedSource final : public plan::RequestSource {
  public:
    CheckedSource(std::shared_ptr<plan::RequestSource> source, plan::ConnectionPolicy policy)
        : source_(std::move(source)), policy_(std::move(policy)) {}

    Result<std::shared_ptr<const plan::Request>> next() override {
        auto request = source_->next();
        if (!request || *request == nullptr) return request;
        for (const std::string& host : hosts_of(**request, policy_)) {
            if (!checked_.insert(host).second) continue;
            if (auto checked = check_host(host, policy_); !checked) {
                return with_context((*request)->location + ": ", std::move(checked).error());
            }
        }
        return request;
    }

  private:
    std::shared_ptr<plan::RequestSource> source_;
    plan::ConnectionPolicy policy_;
    std::set<std::string> checked_;
};

}  // namespace

Result<void> check_destinations(plan::RunPlan& plan, const AttackSettings& settings) {
    const plan::ConnectionPolicy& policy = plan.connections;
    if (settings.yes || !policy.unix_socket.empty()) return {};
    if (policy.proxy) return check_host(policy.proxy->url.host, policy);
    if (plan.requests->all().empty()) {
        plan.requests = std::make_shared<CheckedSource>(std::move(plan.requests), policy);
        return {};
    }
    std::set<std::string> hosts;
    for (const auto& request : plan.requests->all()) {
        for (std::string& host : hosts_of(*request, policy)) hosts.insert(std::move(host));
    }
    for (const std::string& host : hosts) {
        if (auto checked = check_host(host, policy); !checked) return checked;
    }
    return {};
}

}  // namespace loadgen::cli
