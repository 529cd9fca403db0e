#include "services/platform/run.hpp"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>

#include "services/platform/detail/native_loop.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kSignalExitBase = 128;

}  // namespace

void run_until_terminated(const telemetry::Logger& logger, const LifeCycle& life) {
    ::signal(SIGPIPE, SIG_IGN);
    Loop loop;
    boost::asio::signal_set signals(loop.native().context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int first) {
        if (error) return;
        logger.log(telemetry::LogLevel::kInfo, "draining", {{"signal", std::int64_t{first}}});
        signals.async_wait([](const boost::system::error_code& again, int second) {
            if (!again) ::_exit(kSignalExitBase + second);
        });
        life.drain([&loop] { loop.stop(); });
    });
    life.ready();
    loop.run();
}

}  // namespace loadgen::services::platform
