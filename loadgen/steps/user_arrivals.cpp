// Users come: who they are, what they know, and whether they may.
#include "common/base/uuid.hpp"
#include "loadgen/steps/users.hpp"

namespace loadgen::steps {

const plan::ScenarioPhase* Users::phase_at(Instant due) const {
    if (stage_.plan.phases.empty() || !load_.schedule) return nullptr;
    const auto index = load_.phase_index_at(due - start_);
    return index && *index < stage_.plan.phases.size() ? &stage_.plan.phases[*index] : nullptr;
}

const plan::Journey& Users::pick_journey(Random& random) const {
    const std::vector<plan::Journey>& journeys = stage_.plan.journeys;
    double left = random.uniform() * weights_;
    for (const plan::Journey& journey : journeys) {
        left -= journey.weight;
        if (left < 0) return journey;
    }
    return journeys.back();
}

void Users::arrive(std::uint64_t arrival, Instant due) {
    if (stage_.stopping) return;
    const std::uint64_t number = stage_.plan.segment.in_whole(arrival);
    const plan::ScenarioPhase* phase = phase_at(due);
    if (phase != nullptr && phase->per_request && give_token(due)) return;
    if (phase != nullptr && phase->max_users != 0 &&
        counts_.active.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(phase->max_users)) {
        stage_.meter.user_skipped(stage_.host.now());
        return;
    }
    Random random(stage_.plan.seed, number + 1);
    const plan::Journey& journey = pick_journey(random);
    User& user = create(number, journey, due);
    user.random = random;
    if (!set_variables(user)) {
        counts_.out_of_data.store(true, std::memory_order_relaxed);
        return end(user);
    }
    user.main.has_token = phase != nullptr && phase->per_request;
    if (arrived_) arrived_(journey);
    stage_.meter.user_created(journey, stage_.host.now());
    counts_.created.fetch_add(1, std::memory_order_relaxed);
    resume(user.main);
}

User& Users::create(std::uint64_t number, const plan::Journey& journey, Instant due) {
    auto* user = new User(Random(0));
    user->number = number;
    user->journey = &journey;
    user->arrival = due;
    user->main.user = user;
    user->main.pc = journey.begin;
    user->main.due = due;
    user->next = first_;
    if (first_ != nullptr) first_->previous = user;
    first_ = user;
    ++active_;
    counts_.active.fetch_add(1, std::memory_order_relaxed);
    return *user;
}

/// Whose row of unique data a user gets: its number's, so that the same seed gives the same users. Where
/// arrivals may not become users that would leave rows out, so they are dealt in turn there.
std::uint64_t Users::unique_row(const User& user) {
    const std::vector<plan::ScenarioPhase>& phases = stage_.plan.phases;
    const bool all_arrive = std::all_of(phases.begin(), phases.end(), [](const plan::ScenarioPhase& phase) {
        return !phase.per_request && phase.max_users == 0;
    });
    if (all_arrive) return user.number;
    return stage_.plan.segment.in_whole(counts_.rows.fetch_add(1, std::memory_order_relaxed));
}

/// False when unique rows have run out.
bool Users::set_variables(User& user) {
    const plan::ScenarioPlan& plan = stage_.plan;
    user.values = plan.initial;
    user.values.resize(plan.slots.size());
    user.values[plan.known.uuid] = text::Value(new_uuid(user.random));
    std::optional<std::uint64_t> unique;
    for (const plan::DataSet& data : plan.data) {
        if (data.all) {
            user.values[*data.all] = data.all_rows;
            continue;
        }
        if (data.rows.empty()) continue;
        std::size_t row = 0;
        if (data.order == plan::DataSet::Order::kRandom) row = user.random.below(data.rows.size());
        if (data.order == plan::DataSet::Order::kSequence) row = user.number % data.rows.size();
        if (data.order == plan::DataSet::Order::kUnique) {
            if (!unique) unique = unique_row(user);
            if (*unique >= data.rows.size() && data.at_end != plan::DataSet::AtEnd::kWrap) return false;
            row = *unique % data.rows.size();
        }
        const std::vector<text::Value>& fields = data.rows[row];
        for (std::size_t field = 0; field < data.fields.size() && field < fields.size(); ++field) {
            user.values[data.fields[field]] = fields[field];
        }
    }
    for (const plan::Variable& variable : plan.variables) {
        const std::size_t pick = variable.choices.size() > 1 ? user.random.below(variable.choices.size()) : 0;
        if (!variable.choices.empty()) user.values[variable.slot] = variable.choices[pick];
    }
    return true;
}

/// A due instant of a per-request phase goes to the user that has waited longest for one.
bool Users::give_token(Instant due) {
    if (tokenless_.empty()) return false;
    Strand& strand = *tokenless_.front();
    tokenless_.erase(tokenless_.begin());
    strand.has_token = true;
    strand.admitted = false;
    strand.due = due;
    resume(strand);
    return true;
}

/// The rate that they waited for is over: they go on at their own pace.
void Users::release_waiting() {
    std::vector<Strand*> waiting;
    waiting.swap(tokenless_);
    for (Strand* strand : waiting) {
        strand->has_token = true;
        strand->admitted = false;
        strand->due = stage_.host.now();
        resume(*strand);
    }
}

}  // namespace loadgen::steps
