// What can be known to go wrong before the first request leaves.
#include <sys/resource.h>

#include <fstream>

#include "loadgen/engine/health.hpp"

namespace loadgen::engine {
namespace {

constexpr std::uint64_t kFewDescriptors = 4096;
// Linux keeps a closed connection's port in TIME_WAIT for so long.
constexpr double kTimeWaitSeconds = 60;

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

void check_descriptors(const plan::RunPlan& plan, std::vector<Finding>& findings) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    std::uint64_t wanted = kFewDescriptors;
    if (plan.closed_loop) wanted = plan.closed_loop->concurrency + 64;
    if (plan.connections.max_connections != 0) wanted = plan.connections.max_connections + 64;
    if (limit.rlim_cur >= wanted) return;
    findings.push_back({false, "descriptors",
                        "only " + std::to_string(limit.rlim_cur) +
                            " file descriptors are allowed (`ulimit -n`); this run may need " +
                            std::to_string(wanted)});
}

void check_ports(const plan::RunPlan& plan, std::vector<Finding>& findings) {
    if (!plan.connections.unix_socket.empty() || plan.connections.requests_per_connection == 0 ||
        !plan.load.schedule)
        return;
    std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
    double low = 0;
    double high = 0;
    if (!(file >> low >> high)) return;
    const double sources =
        static_cast<double>(std::max<std::size_t>(1, plan.connections.source_addresses.size()));
    const double sustainable = (high - low + 1) * sources / kTimeWaitSeconds;
    const double fresh =
        plan.load.schedule->rate_at(Nanos(1)) / static_cast<double>(plan.connections.requests_per_connection);
    if (fresh <= sustainable) return;
    findings.push_back({false, "ports",
                        "about " + std::to_string(static_cast<std::uint64_t>(fresh)) +
                            " new connections a second are asked for; the local ports sustain about " +
                            std::to_string(static_cast<std::uint64_t>(sustainable)) +
                            " to one server address"});
}

void check_clock_source(std::vector<Finding>& findings) {
    const std::string source = first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    if (source != "hpet" && source != "acpi_pm") return;
    findings.push_back(
        {false, "clock-source",
         "the kernel's clock source is " + source + ": reading the time is slow and coarse here"});
}

}  // namespace

std::vector<Finding> preflight(const plan::RunPlan& plan) {
    std::vector<Finding> findings;
    check_descriptors(plan, findings);
    check_ports(plan, findings);
    check_clock_source(findings);
    return findings;
}

}  // namespace loadgen::engine
