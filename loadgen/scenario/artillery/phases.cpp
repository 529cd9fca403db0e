#include "loadgen/scenario/artillery/phases.hpp"

#include <array>
#include <optional>
#include <utility>

#include "loadgen/pacing/models/constant.hpp"
#include "loadgen/pacing/models/curve.hpp"
#include "loadgen/pacing/models/linear.hpp"
#include "loadgen/pacing/models/pause.hpp"
#include "loadgen/pacing/models/poisson.hpp"
#include "loadgen/pacing/rate.hpp"
#include "loadgen/scenario/artillery/keys.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"

namespace loadgen::scenario::artillery {
namespace {

using Model = std::unique_ptr<pacing::RateModel>;

constexpr std::size_t kMaxCurveBytes = 64U << 20U;
constexpr Nanos kSecond{1'000'000'000};

/// The keys of which a phase has exactly one; rampTo stands beside a rate, or alone.
constexpr std::array<std::string_view, 6> kShapes{"pause",       "arrivalCount", "arrivalRate",
                                                  "requestRate", "curve",        "requestCurve"};

class PhaseCompiler {
  public:
    PhaseCompiler(Compilation& compilation, const Spot& phase, std::size_t index)
        : compilation_(compilation), phase_(phase), index_(index) {}

    /// Nothing when it is wrong, which has been said.
    Model model() {
        const std::string shape = find_shape();
        if (shape.empty() || !check_companions(shape)) return nullptr;
        if (shape == "pause") return pause();
        if (shape == "curve" || shape == "requestCurve") return curve(phase_.member(shape));
        if (shape == "arrivalCount") return count();
        if (phase_.member("rampTo")) return ramp(shape);
        return constant(shape);
    }

    bool per_request() const { return per_request_; }

  private:
    Compilation& compilation_;
    const Spot& phase_;
    std::size_t index_;
    bool per_request_ = false;

    void error(const std::string& message) {
        compilation_.findings.error(phase_.key_place, phase_.path, message);
    }

    bool misspelt_shape() const {
        for (const Member& member : phase_->members)
            if (find_key(kPhase, member.key) == nullptr &&
                !nearest(member.key, {kShapes.begin(), kShapes.end()}).empty())
                return true;
        return false;
    }

    std::string find_shape() {
        std::vector<std::string> found;
        for (const std::string_view name : kShapes)
            if (phase_.member(name)) found.emplace_back(name);
        if (found.empty() && phase_.member("rampTo")) return "arrivalRate";
        if (found.size() == 1) {
            per_request_ = found[0] == "requestRate" || found[0] == "requestCurve";
            return found[0];
        }
        if (found.empty()) {
            // A slip of a key has been told already, and this would be its echo.
            if (!misspelt_shape())
                error(
                    "a phase needs arrivalRate, rampTo, arrivalCount, requestRate, curve, requestCurve or "
                    "pause");
        } else {
            const Spot second = phase_.member(found[1]);
            compilation_.findings.error(second.key_place, second.path,
                                        "cannot stand beside " + found[0] + ": a phase has one of them");
        }
        return {};
    }

    bool check_companions(const std::string& shape) {
        const bool rate = shape == "arrivalRate" || shape == "requestRate";
        bool fine = true;
        const auto refuse = [&](std::string_view name) {
            if (const Spot spot = phase_.member(name)) {
                compilation_.findings.error(spot.key_place, spot.path, "cannot stand beside " + shape);
                fine = false;
            }
        };
        if (!rate) refuse("rampTo");
        if (shape == "pause") {
            refuse("duration");
            refuse("maxVusers");
        }
        const bool needs_duration = (rate && !phase_.member("rampTo")) || shape == "arrivalCount";
        if (needs_duration && !phase_.member("duration")) {
            error("a phase with " + shape + " needs \"duration\", which is missing");
            fine = false;
        }
        return fine;
    }

    std::optional<Nanos> span(std::string_view key) {
        const Spot spot = phase_.member(key);
        const auto duration = read_duration(compilation_, spot);
        if (!duration) return std::nullopt;
        if (*duration <= Nanos(0) || *duration > pacing::kLongestSpan) {
            compilation_.findings.error(
                spot, "found " + shown(spot->scalar) + ", expected a duration above 0 and at most 30 days");
            return std::nullopt;
        }
        return duration;
    }

    std::optional<pacing::Rate> rate(const std::string& key) {
        const Spot spot = phase_.member(key);
        if (!spot) return pacing::Rate{};
        if (!spot->is_scalar()) return std::nullopt;
        const auto parsed = pacing::parse_rate(spot->scalar);
        if (!parsed) return std::nullopt;
        const bool unlimited = parsed->is_zero() && spot->scalar.find('0') == std::string::npos;
        if (!unlimited) return *parsed;
        compilation_.findings.error(
            spot, "found " + shown(spot->scalar) + ", expected a rate: a phase cannot be unlimited");
        return std::nullopt;
    }

    Model pause() {
        const auto duration = span("pause");
        return duration ? pacing::make_pause(*duration) : nullptr;
    }

    Model count() {
        const auto duration = span("duration");
        const auto users = whole_of(*phase_.member("arrivalCount"));
        if (!duration || !users) return nullptr;
        if (*users == 0) return pacing::make_pause(*duration);
        return pacing::make_constant({*users, *duration}, duration);
    }

    Model constant(const std::string& key) {
        const auto duration = span("duration");
        const auto per_second = rate(key);
        if (!duration || !per_second) return nullptr;
        if (per_second->is_zero()) return pacing::make_pause(*duration);
        const std::string mode =
            read_text(phase_.member("mode"), read_text(compilation_.config().member("mode"), "uniform"));
        if (mode != "poisson") return pacing::make_constant(*per_second, duration);
        return pacing::make_poisson(*per_second, duration, compilation_.options.seed, 0x9000 + index_);
    }

    Model ramp(const std::string& key) {
        const auto duration = phase_.member("duration") ? span("duration") : std::optional(kSecond);
        const auto from = rate(key);
        const auto to = rate("rampTo");
        if (!duration || !from || !to) return nullptr;
        if (from->is_zero() && to->is_zero()) return pacing::make_pause(*duration);
        return pacing::make_linear(*from, *to, *duration);
    }

    Model curve(const Spot& spot) {
        const auto duration = phase_.member("duration") ? span("duration") : std::optional<Nanos>();
        if (phase_.member("duration") && !duration) return nullptr;
        const std::string path = compilation_.resolve(read_text(spot));
        const auto text = compilation_.read_file(path, kMaxCurveBytes);
        if (!text) {
            compilation_.findings.error(spot, "the curve cannot be read: " + text.error().message);
            return nullptr;
        }
        const auto points = pacing::parse_curve(*text, path);
        if (!points) {
            compilation_.findings.error(spot, points.error().message);
            return nullptr;
        }
        return pacing::make_curve(*points, duration);
    }
};

pacing::Load one_user(Compilation& compilation) {
    std::vector<pacing::Phase> phases(1);
    phases[0].model = pacing::make_constant({1, kSecond}, kSecond);
    compilation.plan.phases.push_back({});
    auto load = pacing::make_load(std::move(phases));
    return load ? std::move(*load) : pacing::Load();
}

}  // namespace

pacing::Load compile_phases(Compilation& compilation) {
    const Spot list = compilation.config().member("phases");
    if (compilation.options.solo || !list) return one_user(compilation);
    if (!list->is_list()) return {};
    if (list->items.empty())
        compilation.findings.error(list, "found an empty list, expected a phase at least");
    std::vector<pacing::Phase> phases;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Spot spot = list.item(i);
        if (!spot->is_map()) continue;
        PhaseCompiler compiler(compilation, spot, i);
        pacing::Phase phase;
        phase.model = compiler.model();
        phase.name = read_text(spot.member("name"));
        phase.warm_up = read_bool(spot.member("warmUp"), false);
        if (phase.model == nullptr) continue;
        const Spot cap = spot.member("maxVusers");
        const std::uint64_t max_users = cap ? whole_of(*cap).value_or(0) : 0;
        if (cap && max_users == 0)
            compilation.findings.error(cap, "found " + found(*cap) + ", expected 1 or more");
        compilation.plan.phases.push_back({phase.name, max_users, compiler.per_request()});
        phases.push_back(std::move(phase));
    }
    if (compilation.findings.any_errors()) return {};
    auto load = pacing::make_load(std::move(phases));
    if (load) return std::move(*load);
    compilation.findings.error(list, load.error().message);
    return {};
}

}  // namespace loadgen::scenario::artillery
