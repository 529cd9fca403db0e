#include "common/stats/metric_book.hpp"

#include <algorithm>
#include <array>

namespace loadgen::stats {
namespace {

constexpr std::size_t kKinds = 3;

std::size_t index_of(MetricBook::Kind kind) {
    return static_cast<std::size_t>(kind);
}

/// What one period holds at rest.
struct Resting {
    std::vector<std::pair<MetricBook::Id, std::uint64_t>> numbers;  // counters and rates, by id
    std::vector<std::pair<MetricBook::Id, PackedHistogram>> histograms;

    void add(const Resting& other) {
        for (const auto& [id, value] : other.numbers) number(id) += value;
        for (const auto& [id, packed] : other.histograms) histogram(id).add(packed);
    }
    std::uint64_t& number(MetricBook::Id id) {
        for (auto& [known, value] : numbers) {
            if (known == id) return value;
        }
        return numbers.emplace_back(id, 0).second;
    }
    PackedHistogram& histogram(MetricBook::Id id) {
        for (auto& [known, packed] : histograms) {
            if (known == id) return packed;
        }
        return histograms.emplace_back(id, PackedHistogram()).second;
    }
};

}  // namespace

struct MetricBook::State {
    struct Metric {
        Kind kind = Kind::kCounter;
        std::string name;
        std::uint64_t number = 0;              // of the open period
        bool touched = false;                  // in the open period: a counter of 0 is still told
        std::unique_ptr<Histogram> histogram;  // of the open period
    };

    Nanos first_period;
    Nanos period;
    std::vector<Metric> metrics;
    std::array<std::unordered_map<std::string, Id>, kKinds> ids;
    std::vector<Resting> resting;  // up to the open one, without what is open
    std::size_t open = 0;
    std::uint64_t refused = 0;

    std::size_t period_of(Nanos offset) const {
        return offset <= Nanos(0) ? 0 : static_cast<std::size_t>(offset / period);
    }

    /// Makes the period of `offset` the open one; what is late counts into it.
    void turn_to(Nanos offset) {
        std::size_t wanted = period_of(offset);
        if (wanted <= open) return;
        while (wanted >= kMaxPeriods) {
            close();
            halve();
            wanted = period_of(offset);
        }
        close();
        open = std::max(open, wanted);
    }

    void close() {
        if (resting.size() <= open) resting.resize(open + 1);
        collect(resting[open]);
        for (Metric& metric : metrics) {
            metric.number = 0;
            metric.touched = false;
            if (metric.histogram) metric.histogram->reset();
        }
    }

    void collect(Resting& into) const {
        for (Id id = 0; id < metrics.size(); ++id) {
            const Metric& metric = metrics[id];
            if (!metric.touched) continue;
            if (metric.kind == Kind::kHistogram) {
                into.histogram(id).add(*metric.histogram);
            } else {
                into.number(id) += metric.number;
            }
        }
    }

    void halve() {
        std::vector<Resting> halved((resting.size() + 1) / 2);
        for (std::size_t index = 0; index < resting.size(); ++index) halved[index / 2].add(resting[index]);
        resting = std::move(halved);
        period *= 2;
        open /= 2;
    }

    Resting at(std::size_t index) const {
        Resting copy;
        if (index < resting.size()) copy = resting[index];
        if (index == open) collect(copy);
        return copy;
    }
    std::size_t periods() const { return std::max(resting.size(), open + 1); }
};

MetricBook::MetricBook(Nanos period) : state_(std::make_shared<State>()) {
    state_->first_period = state_->period = std::max(period, Nanos(1));
}

MetricBook::Id MetricBook::intern(Kind kind, std::string_view name) {
    auto& ids = state_->ids[index_of(kind)];
    if (const auto known = ids.find(std::string(name)); known != ids.end()) return known->second;
    if (state_->metrics.size() >= kMaxNames) {
        ++state_->refused;
        return kRefused;
    }
    const auto id = static_cast<Id>(state_->metrics.size());
    ids.emplace(std::string(name), id);
    state_->metrics.push_back({kind, std::string(name), 0, false, nullptr});
    return id;
}

void MetricBook::count(Id counter, std::uint64_t by, Nanos offset) {
    if (counter == kRefused) return;
    state_->turn_to(offset);
    State::Metric& metric = state_->metrics[counter];
    metric.number += by;
    metric.touched = true;
}

void MetricBook::rate(Id rate, Nanos offset) {
    count(rate, 1, offset);
}

void MetricBook::record(Id histogram, Nanos value, Nanos offset) {
    if (histogram == kRefused) return;
    state_->turn_to(offset);
    State::Metric& metric = state_->metrics[histogram];
    if (!metric.histogram) metric.histogram = std::make_unique<Histogram>();
    metric.histogram->record(value);
    metric.touched = true;
}

void MetricBook::merge(const MetricBook& other) {
    State& mine = *state_;
    State theirs;  // a copy at rest, so that both can be brought to the coarser period
    theirs.period = other.state_->period;
    for (std::size_t index = 0; index < other.state_->periods(); ++index) {
        theirs.resting.push_back(other.state_->at(index));
    }
    mine.close();
    while (theirs.period < mine.period) theirs.halve();
    while (mine.period < theirs.period) mine.halve();
    std::vector<Id> known(other.state_->metrics.size());
    for (std::size_t id = 0; id < known.size(); ++id) {
        known[id] = intern(other.state_->metrics[id].kind, other.state_->metrics[id].name);
    }
    if (mine.resting.size() < theirs.resting.size()) mine.resting.resize(theirs.resting.size());
    for (std::size_t index = 0; index < theirs.resting.size(); ++index) {
        for (const auto& [id, value] : theirs.resting[index].numbers) {
            if (known[id] != kRefused) mine.resting[index].number(known[id]) += value;
        }
        for (const auto& [id, packed] : theirs.resting[index].histograms) {
            if (known[id] != kRefused) mine.resting[index].histogram(known[id]).add(packed);
        }
    }
    mine.open = std::max(mine.open, mine.resting.empty() ? 0 : mine.resting.size() - 1);
    mine.refused += other.state_->refused;
}

Nanos MetricBook::period() const {
    return state_->period;
}

std::size_t MetricBook::periods() const {
    return state_->periods();
}

MetricPeriod MetricBook::at(std::size_t period) const {
    MetricPeriod named;
    const Resting resting = state_->at(period);
    for (const auto& [id, value] : resting.numbers) {
        const State::Metric& metric = state_->metrics[id];
        (metric.kind == Kind::kRate ? named.rates : named.counters)[metric.name] += value;
    }
    for (const auto& [id, packed] : resting.histograms)
        named.histograms[state_->metrics[id].name].add(packed);
    return named;
}

MetricPeriod MetricBook::total() const {
    MetricPeriod sum;
    for (std::size_t index = 0; index < periods(); ++index) {
        MetricPeriod one = at(index);
        for (const auto& [name, value] : one.counters) sum.counters[name] += value;
        for (const auto& [name, value] : one.rates) sum.rates[name] += value;
        for (const auto& [name, packed] : one.histograms) sum.histograms[name].add(packed);
    }
    return sum;
}

std::uint64_t MetricBook::refused_names() const {
    return state_->refused;
}

}  // namespace loadgen::stats
