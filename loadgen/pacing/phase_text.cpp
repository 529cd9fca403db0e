#include "loadgen/pacing/phase_text.hpp"

#include <algorithm>
#include <array>

#include "loadgen/pacing/models/constant.hpp"
#include "loadgen/pacing/models/curve.hpp"
#include "loadgen/pacing/models/linear.hpp"
#include "loadgen/pacing/models/pause.hpp"
#include "loadgen/pacing/models/poisson.hpp"
#include "loadgen/pacing/models/replay.hpp"
#include "loadgen/pacing/models/sine.hpp"
#include "loadgen/pacing/models/spike.hpp"
#include "loadgen/pacing/models/steps.hpp"
#include "loadgen/pacing/phase_words.hpp"
#include "loadgen/pacing/text_file.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::pacing {
namespace {

constexpr std::size_t kMaxDataFile = std::size_t{512} << 20;
/// A Poisson phase that ends by count has to be walked once to learn its length: 20 ns each.
constexpr std::uint64_t kMaxPoissonCount = 100'000'000;

using Model = std::unique_ptr<RateModel>;

struct Input {
    const PhaseWords& words;
    const PhaseContext& context;
    std::size_t number;

    /// Puts what a model's maker found wrong at the kind.
    Error rejected(const Error& error) const {
        return words.error(words.kind_column(), words.kind() + ": " + error.message, error.code);
    }
    Result<Rate> rate_above_zero(std::string_view key) const {
        Result<Rate> rate = words.rate(key);
        if (rate && rate->is_zero())
            return words.error(words.find(key)->value_column,
                               std::string(key) + ": must be above zero; for silence use pause");
        return rate;
    }
};

Result<Model> build_constant(const Input& in) {
    const Result<Rate> rate = in.rate_above_zero("rate");
    if (!rate) return rate.error();
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    return make_constant(*rate, *duration);
}

Result<Model> build_linear(const Input& in) {
    const Result<Rate> from = in.words.rate("from");
    if (!from) return from.error();
    const Result<Rate> to = in.words.rate("to");
    if (!to) return to.error();
    const Result<Nanos> duration = in.words.span("for");
    if (!duration) return duration.error();
    return make_linear(*from, *to, *duration);
}

Result<Model> build_steps(const Input& in) {
    const Result<Rate> from = in.words.rate("from");
    if (!from) return from.error();
    const Result<Rate> by = in.rate_above_zero("by");
    if (!by) return by.error();
    const Result<Rate> to = in.words.rate("to");
    if (!to) return to.error();
    const Result<Nanos> every = in.words.span("every");
    if (!every) return every.error();
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    Result<Model> model = make_steps({*from, *by, *to, *every, *duration});
    if (!model) return in.rejected(model.error());
    return model;
}

Result<Model> build_sine(const Input& in) {
    static constexpr std::array<std::string_view, 4> kStarts{"mean-up", "peak", "mean-down", "trough"};
    const Result<Rate> mean = in.rate_above_zero("mean");
    if (!mean) return mean.error();
    const Result<Rate> amplitude = in.words.rate("amplitude");
    if (!amplitude) return amplitude.error();
    const Result<Nanos> period = in.words.span("period");
    if (!period) return period.error();
    const Result<std::size_t> start = in.words.choice("start", kStarts, 0);
    if (!start) return start.error();
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    Result<Model> model = make_sine({*mean, *amplitude, *period, static_cast<SineStart>(*start), *duration});
    if (!model) return in.rejected(model.error());
    return model;
}

Result<Model> build_spike(const Input& in) {
    const Result<Rate> base = in.words.rate("base");
    if (!base) return base.error();
    const Result<Rate> peak = in.rate_above_zero("peak");
    if (!peak) return peak.error();
    const Result<Nanos> at = in.words.instant("at");
    if (!at) return at.error();
    const Result<Nanos> width = in.words.span("width");
    if (!width) return width.error();
    const Result<Nanos> duration = in.words.span("for");
    if (!duration) return duration.error();
    Result<Model> model = make_spike({*base, *peak, *at, *width, *duration});
    if (!model) return in.rejected(model.error());
    return model;
}

Result<Model> build_poisson(const Input& in) {
    const Result<Rate> rate = in.rate_above_zero("rate");
    if (!rate) return rate.error();
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    const Result<std::optional<std::uint64_t>> count = in.words.count("count");
    if (count && *count && **count > kMaxPoissonCount)
        return in.words.error(in.words.find("count")->value_column,
                              "count: at most 100000000 for poisson; give for= instead", ErrorCode::kLimit);
    return make_poisson(*rate, *duration, in.context.seed, in.number);
}

Result<std::string> read_data(const Input& in) {
    const Result<std::string> path = in.words.text("file");
    if (!path) return path.error();
    Result<std::string> text = in.context.read ? in.context.read(*path) : read_file(*path, kMaxDataFile);
    if (!text)
        return in.words.error(in.words.find("file")->value_column, "file: " + text.error().message,
                              text.error().code);
    return text;
}

Result<Model> build_curve(const Input& in) {
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    const Result<std::string> text = read_data(in);
    if (!text) return text.error();
    const Result<std::vector<CurvePoint>> points = parse_curve(*text, in.words.find("file")->value);
    if (!points) return points.error();
    return make_curve(*points, *duration);
}

Result<Model> build_replay(const Input& in) {
    static constexpr std::array<std::string_view, 4> kUnits{"s", "ms", "us", "ns"};
    static constexpr std::array kUnitNanos{Nanos(1'000'000'000), Nanos(1'000'000), Nanos(1'000), Nanos(1)};
    static constexpr std::array<std::string_view, 2> kOrigins{"zero", "first"};
    const Result<std::size_t> unit = in.words.choice("unit", kUnits, 0);
    if (!unit) return unit.error();
    const Result<std::size_t> origin = in.words.choice("origin", kOrigins, 0);
    if (!origin) return origin.error();
    const Result<std::optional<Nanos>> duration = in.words.optional_span("for");
    if (!duration) return duration.error();
    const Result<std::string> text = read_data(in);
    if (!text) return text.error();
    Result<std::vector<Nanos>> instants =
        parse_instants(*text, in.words.find("file")->value, {kUnitNanos[*unit], *origin == 1});
    if (!instants) return instants.error();
    return make_replay(std::move(*instants), *duration);
}

Result<Model> build_pause(const Input& in) {
    const Result<Nanos> duration = in.words.span("for");
    if (!duration) return duration.error();
    return make_pause(*duration);
}

/// One row a kind: its own keys; the common ones are added where they make sense.
struct Kind {
    std::string_view name;
    std::vector<std::string_view> keys;
    Result<Model> (*build)(const Input&);
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> table{
        {"constant", {"rate", "for", "count", "name", "warmup"}, build_constant},
        {"linear", {"from", "to", "for", "count", "name", "warmup"}, build_linear},
        {"steps", {"from", "by", "every", "to", "for", "count", "name", "warmup"}, build_steps},
        {"sine", {"mean", "amplitude", "period", "start", "for", "count", "name", "warmup"}, build_sine},
        {"spike", {"base", "peak", "at", "width", "for", "count", "name", "warmup"}, build_spike},
        {"poisson", {"rate", "for", "count", "name", "warmup"}, build_poisson},
        {"curve", {"file", "for", "count", "name", "warmup"}, build_curve},
        {"replay", {"file", "unit", "origin", "for", "count", "name", "warmup"}, build_replay},
        {"pause", {"for", "name", "warmup"}, build_pause},
    };
    return table;
}

Error unknown_kind(const PhaseWords& words) {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds()) names.push_back(kind.name);
    std::string message = "unknown kind \"" + quoted_start(words.kind()) + "\"; ";
    const std::string_view nearest = nearest_word(words.kind(), names);
    if (!nearest.empty()) message += "did you mean \"" + std::string(nearest) + "\"? ";
    return words.error(words.kind_column(), message + "expected one of " + joined(names));
}

}  // namespace

Result<Phase> parse_phase(std::string_view text, std::size_t number, const PhaseContext& context) {
    const Result<PhaseWords> words = PhaseWords::split(text, number);
    if (!words) return words.error();
    const auto kind = std::find_if(kinds().begin(), kinds().end(),
                                   [&](const Kind& row) { return row.name == words->kind(); });
    if (kind == kinds().end()) return unknown_kind(*words);
    if (Result<void> known = words->check_keys(kind->keys); !known) return known.error();

    Phase phase;
    phase.text = trim(text);
    if (words->find("name") != nullptr) {
        const Result<std::string> name = words->text("name");
        if (!name) return name.error();
        phase.name = *name;
    }
    const Result<bool> warm_up = words->flag("warmup");
    if (!warm_up) return warm_up.error();
    phase.warm_up = *warm_up;
    const Result<std::optional<std::uint64_t>> count = words->count("count");
    if (!count) return count.error();
    phase.count = *count;
    Result<Model> model = kind->build({*words, context, number});
    if (!model) return model.error();
    phase.model = std::move(*model);
    return phase;
}

Result<Load> parse_load(const std::vector<std::string>& texts, const PhaseContext& context) {
    std::vector<Phase> phases;
    for (const std::string& text : texts) {
        Result<Phase> phase = parse_phase(text, phases.size() + 1, context);
        if (!phase) return phase.error();
        phases.push_back(std::move(*phase));
    }
    return make_load(std::move(phases));
}

}  // namespace loadgen::pacing
