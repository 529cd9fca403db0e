#include "common/fetch/http_client.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/fetch/detail/transfer.hpp"

namespace loadgen::fetch {
namespace {

using detail::Transfer;

constexpr int kPollMilliseconds = 60'000;  // something always wakes the loop before

// Once in a process, before the first handle; libcurl needs no end of it.
bool start_libcurl() {
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return started;
}

HttpClientOptions at_least_one(HttpClientOptions options) {
    options.max_in_flight = std::max<std::size_t>(options.max_in_flight, 1);
    return options;
}

}  // namespace

/// The thread and what it owns. Only `mutex_` and what it guards, and the wake-up, are shared.
class HttpClient::Worker {
  public:
    explicit Worker(HttpClientOptions options)
        : options_(at_least_one(std::move(options))), multi_(start_libcurl() ? curl_multi_init() : nullptr) {
        if (multi_ != nullptr) {
            curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_in_flight));
        }
        thread_ = std::thread([this] { run(); });
    }

    ~Worker() {
        stopping_.store(true);
        wake();
        thread_.join();
        curl_multi_cleanup(multi_);
    }

    void send(FetchRequest request, Done done) {
        auto transfer = std::make_unique<Transfer>(std::move(request), std::move(done));
        {
            const std::lock_guard lock(mutex_);
            auto& list = waiting_.size() < options_.max_waiting ? waiting_ : refused_;
            list.push_back(std::move(transfer));
        }
        wake();
    }

  private:
    void wake() {
        if (multi_ != nullptr) {
            curl_multi_wakeup(multi_);
        } else {
            signal_.test_and_set();
            signal_.notify_one();
        }
    }

    void wait() {
        if (multi_ != nullptr) {
            curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr);
        } else {
            signal_.wait(false);
            signal_.clear();
        }
    }

    void run() {
        // Signals are for the threads that wait for them; a write to a closed socket must not raise one here.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        while (!stopping_.load()) {
            refuse();
            admit();
            int running = 0;
            if (multi_ != nullptr) curl_multi_perform(multi_, &running);
            // A finished transfer makes room, so there may be more to admit before waiting.
            if (!collect()) wait();
        }
        cancel_all();
    }

    void refuse() {
        std::deque<std::unique_ptr<Transfer>> refused;
        {
            const std::lock_guard lock(mutex_);
            refused.swap(refused_);
        }
        for (const auto& transfer : refused) {
            transfer->fail(
                {ErrorCode::kLimit, std::to_string(options_.max_waiting) + " requests wait already"});
        }
    }

    std::unique_ptr<Transfer> next() {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return nullptr;
        auto transfer = std::move(waiting_.front());
        waiting_.pop_front();
        return transfer;
    }

    void admit() {
        while (in_flight_.size() < options_.max_in_flight) {
            auto transfer = next();
            if (!transfer) return;
            if (multi_ == nullptr) {
                transfer->fail({ErrorCode::kInternal, "libcurl does not start"});
                continue;
            }
            if (auto ready = transfer->prepare(options_); !ready) {
                transfer->fail(std::move(ready).error());
            } else if (curl_multi_add_handle(multi_, transfer->handle()) != CURLM_OK) {
                transfer->fail({ErrorCode::kInternal, "libcurl does not take the request"});
            } else {
                in_flight_.emplace(transfer->handle(), std::move(transfer));
            }
        }
    }

    bool collect() {
        bool any = false;
        int left = 0;
        while (const CURLMsg* message = multi_ != nullptr ? curl_multi_info_read(multi_, &left) : nullptr) {
            if (message->msg != CURLMSG_DONE) continue;
            // The message dies with the handle's removal.
            const CURLcode code = message->data.result;
            auto finished = in_flight_.extract(message->easy_handle);
            curl_multi_remove_handle(multi_, finished.key());
            finished.mapped()->finish(code);
            any = true;
        }
        return any;
    }

    void cancel_all() {
        for (const auto& [handle, transfer] : in_flight_) {
            curl_multi_remove_handle(multi_, handle);
            transfer->fail({ErrorCode::kIo, "cancelled, the client closes"});
        }
        in_flight_.clear();
        while (const auto transfer = next()) transfer->fail({ErrorCode::kIo, "cancelled, the client closes"});
        refuse();
    }

    const HttpClientOptions options_;
    CURLM* const multi_;
    std::atomic<bool> stopping_{false};
    std::atomic_flag signal_;                                         // wakes a worker without libcurl
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> in_flight_;  // the thread's own
    std::mutex mutex_;
    std::deque<std::unique_ptr<Transfer>> waiting_;  // guarded by mutex_
    std::deque<std::unique_ptr<Transfer>> refused_;  // guarded by mutex_
    std::thread thread_;
};

HttpClient::HttpClient(HttpClientOptions options) : worker_(std::make_unique<Worker>(std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::send(FetchRequest request, Done done) {
    worker_->send(std::move(request), std::move(done));
}

}  // namespace loadgen::fetch
