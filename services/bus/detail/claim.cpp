// Taking batches out of a queue.
#include <algorithm>
#include <array>

#include "services/bus/detail/tables.hpp"

namespace loadgen::services::bus::detail {
namespace {

using store::Parameter;
using store::Row;
using store::Statements;

struct Candidate {
    Delivery delivery;
    WallMs visible = 0;
};

constexpr std::string_view kSelectVisible =
    "SELECT c.sequence, c.event_id, c.receives, c.enqueued_ns, c.visible_ms, b.type, b.source, b.body"
    " FROM copies c JOIN bodies b ON b.sequence = c.sequence"
    " WHERE c.queue = ? AND c.visible_ms <= ? ORDER BY c.visible_ms, c.sequence LIMIT ?";

Result<std::vector<Candidate>> select_visible(Statements& tables, std::int64_t queue, std::size_t limit,
                                              WallTime now) {
    std::vector<Candidate> found;
    const std::array<Parameter, 3> parameters = {queue, wall_ms(now), static_cast<std::int64_t>(limit)};
    auto done = tables.run(kSelectVisible, parameters, [&found](const Row& row) {
        Candidate& candidate = found.emplace_back();
        candidate.delivery.sequence = row.integer(0);
        candidate.delivery.id = row.text(1);
        candidate.delivery.receives = static_cast<int>(row.integer(2));
        candidate.delivery.enqueued = WallTime{row.integer(3)};
        candidate.visible = row.integer(4);
        candidate.delivery.type = row.text(5);
        candidate.delivery.source = row.text(6);
        candidate.delivery.body = row.text(7);
    });
    if (!done) return std::move(done).error();
    return found;
}

/// Since when a copy waits to be taken.
WallMs waiting_since(const Candidate& candidate) {
    return candidate.visible == 0 ? wall_ms(candidate.delivery.enqueued) : candidate.visible;
}

/// Drops what must wait for a fuller batch, and answers until when.
std::optional<WallMs> hold_back(std::vector<Candidate>& found, const Queue& queue, WallTime now) {
    const std::size_t rest = found.size() % queue.settings.batch_size;
    if (queue.settings.batch_window.count() <= 0 || rest == 0) return std::nullopt;
    const auto first = found.end() - static_cast<std::ptrdiff_t>(rest);
    WallMs oldest = waiting_since(*first);
    for (auto candidate = first; candidate != found.end(); ++candidate) {
        oldest = std::min(oldest, waiting_since(*candidate));
    }
    const WallMs due = oldest + wall_ms(WallTime{queue.settings.batch_window.count()});
    // One that waits since the future met a clock that was set back: it has waited long enough.
    if (due <= wall_ms(now) || oldest > wall_ms(now)) return std::nullopt;
    found.erase(first, found.end());
    return due;
}

Result<void> mark_claimed(Statements& tables, Delivery& delivery, WallMs until) {
    ++delivery.receives;
    const std::array<Parameter, 3> parameters = {until, std::int64_t{delivery.receives}, delivery.sequence};
    return tables.run("UPDATE copies SET visible_ms = ?, receives = ?, claimed = 1 WHERE sequence = ?",
                      parameters);
}

Result<void> take(Statements& tables, const Queue& queue, std::vector<Candidate>& found, WallTime now,
                  Claim& claim) {
    const WallMs until = wall_ms({now.unix_ns + queue.settings.visibility_timeout.count()});
    for (Candidate& candidate : found) {
        Delivery& delivery = candidate.delivery;
        if (delivery.receives >= queue.settings.max_receives) {
            auto buried = bury_copy(tables, {delivery.sequence, delivery.receives}, now);
            if (!buried) return std::move(buried).error();
            ++claim.died;
            continue;
        }
        auto done = mark_claimed(tables, delivery, until);
        if (!done) return done;
        if (claim.batches.empty() || claim.batches.back().size() == queue.settings.batch_size) {
            claim.batches.emplace_back().reserve(std::min(found.size(), queue.settings.batch_size));
        }
        claim.batches.back().push_back(std::move(delivery));
    }
    return {};
}

/// When the next copy becomes visible: delayed, failed and resting, or claimed by someone who may not come
/// back.
Result<void> find_next(Statements& tables, std::int64_t queue, WallTime now, Claim& claim) {
    const std::array<Parameter, 2> parameters = {queue, wall_ms(now)};
    return tables.run(
        "SELECT visible_ms FROM copies WHERE queue = ? AND visible_ms > ? ORDER BY visible_ms LIMIT 1",
        parameters, [&claim](const Row& row) {
            claim.next = std::min(claim.next.value_or(row.integer(0)), row.integer(0));
        });
}

}  // namespace

Result<Claim> claim(Statements& tables, const Queue& queue, std::size_t batches, WallTime now) {
    Claim claim;
    const std::size_t limit = batches * queue.settings.batch_size;
    auto found = select_visible(tables, queue.id, limit, now);
    if (!found) return std::move(found).error();
    claim.more = found->size() == limit;
    claim.next = hold_back(*found, queue, now);
    auto done = take(tables, queue, *found, now, claim);
    if (done && !claim.more) done = find_next(tables, queue.id, now, claim);
    if (!done) return std::move(done).error();
    return claim;
}

}  // namespace loadgen::services::bus::detail
