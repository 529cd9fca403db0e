#include "services/bus/detail/dispatcher.hpp"

#include <algorithm>

#include "services/bus/detail/embedded_batch.hpp"

namespace loadgen::services::bus::detail {
namespace {

constexpr std::size_t kEventsPerRound = 512;  // bounds how long a round holds up publishers
constexpr Nanos kFirstPause = std::chrono::milliseconds(20);
constexpr Nanos kLongestPause = std::chrono::seconds(1);
constexpr std::int64_t kNanosPerMs = 1'000'000;

}  // namespace

Dispatcher::Dispatcher(const DispatcherParts& parts, std::unique_ptr<store::Statements> reader,
                       std::shared_ptr<Mailbox> mailbox)
    : parts_(parts), mailbox_(std::move(mailbox)), reader_(std::move(reader)), thread_([this] { run(); }) {}

Dispatcher::~Dispatcher() {
    mailbox_->stop();
    thread_.join();
}

void Dispatcher::run() {
    mailbox_->started(std::this_thread::get_id());
    next_sweep_ = parts_.clock.now() + parts_.sweep;
    for (;;) {
        const std::uint32_t seen = parts_.wake.generation();
        Mailbox::Mail mail = mailbox_->take();
        take_mail(mail);
        // Handlers often settle at once: that goes before the next claims, in the same change.
        if (mail.finished) continue;
        if (!stopping_) look_around();
        if (!working_ && submit()) continue;
        if (stopping_ && !working_) break;
        sleep(seen);
    }
    mailbox_->close();
}

void Dispatcher::take_mail(Mailbox::Mail& mail) {
    stopping_ = stopping_ || mail.stop;
    settlements_.insert(settlements_.end(), mail.settlements.begin(), mail.settlements.end());
    consumers_.insert(consumers_.end(), mail.consumers.begin(), mail.consumers.end());
    if (mail.finished) finish(*mail.finished, mail.outcome);
    std::erase_if(consumers_, [](const ConsumerPointer& consumer) { return consumer->stopped.load(); });
}

void Dispatcher::finish(Work& work, const Result<void>& outcome) {
    working_ = false;
    const std::vector<ConsumerPointer> asked = std::exchange(asking_, {});
    if (!outcome) {
        for (const ConsumerPointer& consumer : asked) consumer->poll = true;
        return retry_later(work);
    }
    pause_ = Nanos{0};
    parts_.counters.settled += work.counts.settled;
    parts_.counters.dead += work.counts.dead;
    parts_.wake.announce(work.announce);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        note(*asked[i], work.claims[i], work.settings[i]);
        for (auto& deliveries : work.claims[i].batches) hand_out(asked[i], std::move(deliveries));
    }
}

/// The store was too slow to begin, or the disk refused: the change did not come to be.
void Dispatcher::retry_later(Work& work) {
    settlements_.insert(settlements_.begin(), work.settlements.begin(), work.settlements.end());
    untidy_.clear();
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    retrying_ = true;
    not_before_ = parts_.clock.now() + pause_;
}

void Dispatcher::note(ConsumerState& consumer, Claim& claim, const QueueSettings& settings) {
    consumer.settings = settings;
    consumer.poll = consumer.poll || claim.more;
    consumer.due = claim.next;
}

void Dispatcher::hand_out(const ConsumerPointer& consumer, std::vector<Delivery> deliveries) {
    const std::lock_guard lock(consumer->calling);
    if (stopping_ || consumer->stopped.load()) return release(consumer->queue, deliveries);
    count(deliveries);
    consumer->handler(std::make_shared<EmbeddedBatch>(mailbox_, consumer, std::move(deliveries)));
}

void Dispatcher::count(const std::vector<Delivery>& deliveries) {
    parts_.counters.delivered += deliveries.size();
    parts_.counters.redelivered += static_cast<std::uint64_t>(
        std::ranges::count_if(deliveries, [](const Delivery& delivery) { return delivery.receives > 1; }));
}

void Dispatcher::release(std::int64_t queue, const std::vector<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
        settlements_.push_back({.queue = queue,
                                .receipt = {delivery.sequence, delivery.receives},
                                .verdict = Verdict::kReleased});
    }
}

void Dispatcher::look_around() {
    const WallMs now = wall_ms(parts_.clock.wall_now());
    for (const ConsumerPointer& consumer : consumers_) {
        const std::uint32_t news = parts_.wake.news(consumer->queue);
        if (news != std::exchange(consumer->news, news)) consumer->poll = true;
        if (consumer->due && *consumer->due <= now) {
            consumer->poll = true;
            consumer->due.reset();
        }
    }
    if (parts_.clock.now() >= next_sweep_) sweep();
}

/// Finds what nobody announced: a publisher died between its commit and the wake-up, or the clock jumped.
void Dispatcher::sweep() {
    next_sweep_ = parts_.clock.now() + parts_.sweep;
    const WallTime now = parts_.clock.wall_now();
    for (const ConsumerPointer& consumer : consumers_) {
        const auto visible = has_visible(*reader_, consumer->queue, now);
        consumer->poll = consumer->poll || visible.value_or(true);
        const auto untidy = is_untidy(*reader_, {consumer->queue, consumer->settings}, now);
        if (untidy.value_or(false)) untidy_.push_back(consumer->queue);
    }
}

bool Dispatcher::submit() {
    if (!stopping_ && parts_.clock.now() < not_before_) return false;
    retrying_ = false;
    if (stopping_ && pause_ >= kLongestPause) return false;  // the disk does not want it: it comes again
    auto work = next_work();
    if (!work) return false;
    working_ = true;
    // Late or not, the true outcome alone says whether the claims are ours. Taken for failed, a round that
    // was committed after all would leave its claims with nobody until their visibility timeout.
    parts_.store.write(
        [work, &queues = parts_.queues, &clock = parts_.clock](store::Statements& tables) {
            return run_work(tables, queues, *work, clock.wall_now());
        },
        nullptr,
        [work, mailbox = mailbox_](Result<void> outcome) { mailbox->finish(work, std::move(outcome)); });
    return true;
}

std::shared_ptr<Work> Dispatcher::next_work() {
    auto work = std::make_shared<Work>();
    if (!stopping_) add_requests(*work);
    work->settlements = std::exchange(settlements_, {});
    work->untidy = std::exchange(untidy_, {});
    const bool nothing = work->settlements.empty() && work->untidy.empty() && work->requests.empty();
    return nothing ? nullptr : work;
}

/// Round robin: each round begins with another consumer, so the bound on events starves nobody.
void Dispatcher::add_requests(Work& work) {
    std::size_t events = 0;
    for (std::size_t i = 0; i < consumers_.size() && events < kEventsPerRound; ++i) {
        const ConsumerPointer& consumer = consumers_[(first_ + i) % consumers_.size()];
        const std::size_t in_flight = consumer->in_flight.load();
        if (!consumer->poll || in_flight >= consumer->max_batches) continue;
        const std::size_t batch_size = consumer->settings.batch_size;
        const std::size_t room = (kEventsPerRound - events) / batch_size;
        const std::size_t batches =
            std::min(consumer->max_batches - in_flight, std::max<std::size_t>(room, 1));
        consumer->poll = false;
        work.requests.push_back({.queue = consumer->queue, .batches = batches});
        asking_.push_back(consumer);
        events += batches * batch_size;
    }
    if (!consumers_.empty()) first_ = (first_ + 1) % consumers_.size();
}

void Dispatcher::sleep(std::uint32_t seen) {
    WakeFile::Mask mask = 0;
    for (const ConsumerPointer& consumer : consumers_) mask |= WakeFile::mask_of(consumer->queue);
    const Nanos time = time_to_sleep();
    if (time.count() > 0 && mailbox_->may_sleep(working_)) parts_.wake.wait(seen, mask, time);
    mailbox_->awake();
}

Nanos Dispatcher::time_to_sleep() const {
    if (stopping_) return parts_.sweep;  // for the work under way, whose end wakes
    const Instant now = parts_.clock.now();
    Nanos time = next_sweep_ - now;
    if (working_) return time;
    if (retrying_) return std::min(time, not_before_ - now);  // over by now: no sleep
    const std::int64_t wall_ns = parts_.clock.wall_now().unix_ns;
    for (const ConsumerPointer& consumer : consumers_) {
        if (consumer->due) time = std::min(time, Nanos(*consumer->due * kNanosPerMs - wall_ns));
    }
    return time;
}

}  // namespace loadgen::services::bus::detail
