#include "loadgen/cli/run/metric_vocabulary.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "loadgen/steps/meter.hpp"
#include "loadgen/steps/metric_names.hpp"
#include "loadgen/steps/requests/expect.hpp"
#include "reports/model/scenario_report.hpp"

namespace loadgen::cli {
namespace {

class Collector {
  public:
    Collector(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks) {
        for (const plan::Check& check : checks) note_statuses(check.expression + " " + check.metric);
        for (const steps::MetricName& metric : steps::metric_names()) {
            if (metric.kind == stats::MetricBook::Kind::kHistogram) {
                add_histogram(std::string(metric.name));
            } else if (metric.kind == stats::MetricBook::Kind::kCounter && is_kept(plan, metric.name)) {
                add_counter(std::string(metric.name));
            } else {
                add(std::string(metric.name));
            }
        }
        add(reports::kApdexScore);
        for (const steps::Metric metric : {steps::Metric::kExpectOk, steps::Metric::kExpectFailed})
            for (const std::string_view type : steps::expectation_types())
                add_counter(std::string(steps::name_of(metric).name) + "." + std::string(type));
        for (const plan::Journey& journey : plan.journeys)
            add_counter(std::string(steps::kCreatedByName) + journey.name);
        for (const char* code : steps::failures()) add_counter(std::string(steps::kErrors) + code);
        add_answers(std::string(steps::kCodes), std::string(steps::kErrors));
        for (const plan::RequestStep& step : plan.program.requests) add_endpoint(plan, step);
    }

    MetricVocabulary take() { return std::move(words_); }

  private:
    /// Without a threshold nobody is asked how satisfied they are.
    static bool is_kept(const plan::ScenarioPlan& plan, std::string_view counter) {
        return plan.apdex_threshold || !counter.starts_with("apdex.");
    }

    void add(std::string name) { words_.names.insert(std::move(name)); }
    void add_counter(const std::string& name) {
        words_.counters.insert(name);
        add(name);
    }
    void add_histogram(const std::string& name) {
        for (const std::string_view figure : reports::figure_names()) add(name + "." + std::string(figure));
    }

    void add_answers(const std::string& codes, const std::string& errors) {
        for (const std::string& status : statuses_) add_counter(codes + status);
        for (std::size_t cause = 0; cause < kCauseCount; ++cause)
            add_counter(errors + std::string(steps::node_error_code(static_cast<Cause>(cause))));
    }

    void add_endpoint(const plan::ScenarioPlan& plan, const plan::RequestStep& step) {
        add_counter(std::string(steps::kErrors) + "Failed expectations for request " +
                    (plan.expect.only_names && step.named ? step.name_text : step.url_text));
        const std::string name = steps::endpoint_metric_name(plan.endpoint_metrics, step, plan.target);
        if (name.empty()) return;
        const std::string& prefix = plan.endpoint_metrics.prefix;
        add_histogram(prefix + ".response_time." + name);
        add_answers(prefix + "." + name + ".codes.", prefix + "." + name + ".errors.");
    }

    void note_statuses(std::string_view text) {
        for (std::size_t at = text.find("codes."); at != text.npos; at = text.find("codes.", at + 1)) {
            unsigned status = 0;
            const char* const digits = text.data() + at + 6;
            const char* const end = std::from_chars(digits, text.data() + text.size(), status).ptr;
            if (end - digits == 3 && status >= 100) statuses_.emplace_back(digits, end);
        }
    }

    MetricVocabulary words_;
    std::vector<std::string> statuses_;
};

}  // namespace

MetricVocabulary metric_vocabulary(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks) {
    return Collector(plan, checks).take();
}

}  // namespace loadgen::cli
