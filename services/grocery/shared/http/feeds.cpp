#include "services/grocery/shared/http/feeds.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "services/platform/sse.hpp"

namespace loadgen::services::grocery {
namespace {

constexpr Nanos kTick = std::chrono::milliseconds(20);
constexpr Nanos kKeepAwake = std::chrono::seconds(15);
constexpr std::uint32_t kRetryMs = 1000;
constexpr std::int64_t kNeverSeen = -1;

/// One open event stream. Owned by its feed's list of waiters and its timer.
struct OpenStream {
    std::shared_ptr<platform::Stream> stream;
    std::int64_t after = 0;
    ReadFeed read;

    /// Sends what is new. False when the stream is over.
    bool advance() {
        if (!stream->is_open()) return false;
        const auto batch = read(after);
        if (!batch) return finish();
        for (const FeedEvent& event : batch->events) {
            const std::string id = std::to_string(event.id);
            if (!platform::send_event(*stream, {.data = event.data, .id = id, .event = event.type}))
                return false;
            after = event.id;
        }
        return batch->over ? finish() : true;
    }

    bool finish() {
        stream->finish();
        return false;
    }
};

void keep_awake(platform::Loop& loop, const std::shared_ptr<OpenStream>& open) {
    loop.after(kKeepAwake, [&loop, weak = std::weak_ptr<OpenStream>(open)] {
        const auto still_open = weak.lock();
        if (!still_open || !still_open->stream->is_open()) return;
        std::string comment;
        platform::append_comment(comment);
        still_open->stream->write(comment);
        keep_awake(loop, still_open);
    });
}

}  // namespace

void Feeds::stream(const platform::CallPtr& call, std::int64_t after, ReadFeed read) {
    platform::Loop& loop = call->loop();
    auto open =
        std::make_shared<OpenStream>(OpenStream{platform::open_event_stream(*call), after, std::move(read)});
    std::string hello;
    platform::append_retry(hello, kRetryMs);
    open->stream->write(hello);
    if (!open->advance()) return;
    keep_awake(loop, open);
    add(loop,
        {.gone = [open] { return !open->stream->is_open(); }, .look = [open] { return open->advance(); }});
}

void Feeds::poll(const platform::CallPtr& call, Nanos wait, std::function<bool(bool last)> answer) {
    if (wait <= Nanos{0}) {
        answer(true);
        return;
    }
    if (answer(false)) return;
    const auto finish = [call, answer] {
        if (!call->answered()) answer(true);
    };
    call->loop().after(wait, finish);
    call->on_drain(finish);
    add(call->loop(), {.gone = [call] { return call->answered(); },
                       .look = [answer = std::move(answer)] { return !answer(false); }});
}

void Feeds::add(platform::Loop& loop, Waiter waiter) {
    // What was committed between the waiter's own look and this moment must not count as seen.
    if (!ticking_) seen_version_ = kNeverSeen;
    added_.push_back(std::move(waiter));
    if (!ticking_) schedule(loop);
}

void Feeds::schedule(platform::Loop& loop) {
    ticking_ = true;
    loop.after(kTick, [&loop, weak = weak_from_this()] {
        if (const auto feeds = weak.lock()) feeds->tick(loop);
    });
}

void Feeds::tick(platform::Loop& loop) {
    waiters_.insert(waiters_.end(), std::make_move_iterator(added_.begin()),
                    std::make_move_iterator(added_.end()));
    added_.clear();
    const bool news = committed_since();
    std::erase_if(waiters_,
                  [news](const Waiter& waiter) { return waiter.gone() || (news && !waiter.look()); });
    if (waiters_.empty() && added_.empty()) {
        ticking_ = false;
    } else {
        schedule(loop);
    }
}

bool Feeds::committed_since() {
    std::int64_t version = seen_version_;
    // https://www.sqlite.org/pragma.html#pragma_data_version: changes when another connection has committed.
    const auto done =
        reader_.run("PRAGMA data_version", {}, [&](const store::Row& row) { version = row.integer(0); });
    // A database that cannot say is looked at again; whoever waits then meets the same error.
    if (!done) return true;
    return std::exchange(seen_version_, version) != version;
}

}  // namespace loadgen::services::grocery
