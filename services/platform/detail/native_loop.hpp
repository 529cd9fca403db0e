// The Asio side of Loop, for the source files that make Asio objects.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <unordered_set>

#include "services/platform/loop.hpp"

namespace loadgen::services::platform {

namespace detail {
class TimerTask;
}

struct Loop::Native {
    // Concurrency hint 1: one thread runs it, others may post.
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    std::unordered_set<std::shared_ptr<detail::TimerTask>> timers;  // that have not run
};

}  // namespace loadgen::services::platform
