#include "loadgen/pacing/load.hpp"

#include <algorithm>

#include "common/base/duration_text.hpp"
#include "loadgen/pacing/models/constant.hpp"
#include "loadgen/pacing/models/sequence.hpp"

namespace loadgen::pacing {
namespace {

std::string numbered(std::size_t index) {
    return "phase " + std::to_string(index + 1);
}

Result<void> check_lengths(const std::vector<Phase>& phases) {
    for (std::size_t i = 0; i < phases.size(); ++i) {
        const bool endless = !phases[i].model->duration() && !phases[i].count;
        if (endless && i + 1 < phases.size())
            return Error{
                ErrorCode::kUsage,
                numbered(i) + ": has no end, so the phases after it would never run; give for= or count="};
        if (phases[i].model->duration().value_or(Nanos(0)) > kLongestSpan)
            return Error{ErrorCode::kLimit, numbered(i) + ": takes longer than 720h"};
    }
    return {};
}

}  // namespace

std::optional<std::size_t> Load::phase_index_at(Nanos offset) const {
    const auto found =
        std::lower_bound(phases.begin(), phases.end(), offset,
                         [](const PhaseInfo& phase, Nanos at) { return phase.end && *phase.end < at; });
    if (found == phases.end()) return std::nullopt;
    return static_cast<std::size_t>(found - phases.begin());
}

const PhaseInfo* Load::phase_at(Nanos offset) const {
    const auto index = phase_index_at(offset);
    return index ? &phases[*index] : nullptr;
}

Result<Load> make_load(std::vector<Phase> phases) {
    if (phases.empty()) return Error{ErrorCode::kUsage, "a load needs one phase at least"};
    if (phases.size() > kMaxPhases)
        return Error{ErrorCode::kLimit, "more than " + std::to_string(kMaxPhases) + " phases"};
    if (Result<void> checked = check_lengths(phases); !checked) return checked.error();
    Load load;
    std::vector<SequencePart> parts;
    for (std::size_t i = 0; i < phases.size(); ++i) {
        Phase& phase = phases[i];
        std::string label = phase.name.empty() ? std::to_string(i + 1) : phase.name;
        load.phases.push_back({phase.name.empty() ? numbered(i) : std::move(phase.name), Nanos(0),
                               std::nullopt, phase.warm_up, std::move(phase.text), std::move(label)});
        parts.push_back({std::move(phase.model), phase.count});
    }
    const bool endless = !parts.back().model->duration() && !parts.back().count;
    auto sequence = std::make_unique<Sequence>(std::move(parts));
    for (std::size_t i = 0; i < load.phases.size(); ++i) {
        load.phases[i].start = *sequence->start_of(i);
        load.phases[i].end = sequence->start_of(i + 1);
        const bool last = i + 1 == load.phases.size();
        if (!load.phases[i].end && !(last && endless))
            return Error{ErrorCode::kLimit, numbered(i) + ": takes longer than 720h"};
    }
    load.schedule = std::move(sequence);
    return load;
}

Result<Load> make_constant_load(Rate rate, std::optional<Nanos> duration) {
    if (rate.is_zero())
        return Error{ErrorCode::kUsage, "an unlimited rate has no schedule; it needs a closed loop"};
    std::vector<Phase> phases(1);
    phases[0].text = "constant rate=" + format_rate(rate);
    if (duration) phases[0].text += " for=" + format_duration(*duration);
    phases[0].model = make_constant(rate, duration);
    return make_load(std::move(phases));
}

}  // namespace loadgen::pacing
