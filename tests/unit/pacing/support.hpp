// Walking schedules in tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loadgen/pacing/load.hpp"
#include "loadgen/pacing/models/sequence.hpp"
#include "loadgen/pacing/phase_text.hpp"

namespace loadgen::pacing {

inline constexpr std::int64_t kSecond = 1'000'000'000;

inline Nanos seconds(std::int64_t value) {
    return Nanos(value * kSecond);
}

/// A schedule of one phase.
inline std::unique_ptr<Schedule> alone(std::unique_ptr<RateModel> model) {
    std::vector<SequencePart> parts;
    parts.push_back({std::move(model), std::nullopt});
    return std::make_unique<Sequence>(std::move(parts));
}

/// The due offsets in nanoseconds, at most `limit` of them.
inline std::vector<std::int64_t> walk(Schedule& schedule, std::size_t limit = 1'000'000) {
    std::vector<std::int64_t> dues;
    while (dues.size() < limit) {
        const std::optional<Nanos> due = schedule.next();
        if (!due) break;
        dues.push_back(due->count());
    }
    return dues;
}

inline std::vector<std::int64_t> walk(std::unique_ptr<RateModel> model, std::size_t limit = 1'000'000) {
    return walk(*alone(std::move(model)), limit);
}

/// Due offset of request k (from 1), jumped to.
inline std::int64_t due_of(const RateModel& model, std::uint64_t k) {
    const auto due = alone(model.clone())->advance(k);
    return due ? due->count() : -1;
}

inline Result<Load> load_of(std::vector<std::string> texts, std::uint64_t seed = 1) {
    return parse_load(texts, {seed, {}});
}

}  // namespace loadgen::pacing
