#include "loadgen/cli/load_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "checks/ensure/ensure.hpp"
#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/steps/meter.hpp"

namespace loadgen::cli {
namespace {

constexpr std::array kCounters{"vusers.created",
                               "vusers.completed",
                               "vusers.failed",
                               "vusers.skipped",
                               "vusers.interrupted",
                               "http.requests",
                               "http.responses",
                               "http.downloaded_bytes",
                               "http.request_rate",
                               "apdex.satisfied",
                               "apdex.tolerated",
                               "apdex.frustrated",
                               "apdex.score",
                               "plugins.expect.ok",
                               "plugins.expect.failed",
                               "processor.calls",
                               "sse.events",
                               "sse.events_passed_over",
                               "websocket.connections",
                               "websocket.messages_sent",
                               "websocket.messages_received",
                               "websocket.messages_dropped",
                               "websocket.send_rate",
                               "websocket.receive_rate"};
constexpr std::array kHistograms{"vusers.session_length",
                                 "http.response_time",
                                 "http.service_time",
                                 "http.send_delay",
                                 "http.first_byte",
                                 "http.response_time.2xx",
                                 "http.response_time.3xx",
                                 "http.response_time.4xx",
                                 "http.response_time.5xx",
                                 "http.dns",
                                 "http.tcp",
                                 "http.tls",
                                 "http.total",
                                 "processor.time",
                                 "sse.first_event",
                                 "sse.stream_time",
                                 "websocket.connect_time",
                                 "websocket.wait_time",
                                 "websocket.response_time",
                                 "websocket.service_time",
                                 "websocket.send_delay"};
constexpr std::array kFigures{"min", "max", "count", "mean", "median", "p50",
                              "p75", "p90", "p95",   "p99",  "p999"};
constexpr std::array kExpectations{"statusCode",    "notStatusCode", "contentType",    "hasHeader",
                                   "headerEquals",  "hasProperty",   "notHasProperty", "equals",
                                   "matchesRegexp", "cdnHit",        "checkJsonSchema"};
constexpr std::array kOwnErrors{"Failed capture or match", "Failed assertion",
                                "Invalid think time",      "Condition cannot be evaluated",
                                "Variable cannot be set",  "ERR_TOO_MANY_REDIRECTS",
                                "ERR_INVALID_URL"};
// The rest of such a name is what a server or a processor says.
constexpr std::array<std::string_view, 2> kOpenEnded{"errors.", "plugins.expect."};

/// What a run of this plan can report, as far as it is known before. Statuses only as the checks name them.
class Vocabulary {
  public:
    Vocabulary(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks) {
        for (const plan::Check& check : checks) note_statuses(check.expression);
        for (const char* name : kCounters) add(name);
        for (const char* name : kHistograms) add_histogram(name);
        for (const char* type : kExpectations) {
            add(std::string("plugins.expect.ok.") + type);
            add(std::string("plugins.expect.failed.") + type);
        }
        for (const plan::Journey& journey : plan.journeys) add("vusers.created_by_name." + journey.name);
        for (const char* code : kOwnErrors) add(std::string("errors.") + code);
        add_answers("http.", "errors.");
        for (const plan::RequestStep& step : plan.program.requests) add_endpoint(plan, step);
    }

    const std::map<std::string, double>& names() const { return names_; }

  private:
    void add(std::string name) { names_.emplace(std::move(name), 1); }
    void add_histogram(const std::string& name) {
        for (const char* figure : kFigures) add(name + "." + figure);
    }

    void add_answers(const std::string& codes, const std::string& errors) {
        for (const std::string& status : statuses_) add(codes + "codes." + status);
        for (std::size_t cause = 0; cause < kCauseCount; ++cause)
            add(errors + std::string(steps::node_error_code(static_cast<Cause>(cause))));
    }

    void add_endpoint(const plan::ScenarioPlan& plan, const plan::RequestStep& step) {
        add("errors.Failed expectations for request " +
            (plan.expect.only_names && step.named ? step.name_text : step.url_text));
        const std::string name = steps::endpoint_metric_name(plan.endpoint_metrics, step, plan.target);
        if (name.empty()) return;
        const std::string& prefix = plan.endpoint_metrics.prefix;
        add_histogram(prefix + ".response_time." + name);
        add_answers(prefix + "." + name + ".", prefix + "." + name + ".errors.");
    }

    void note_statuses(std::string_view text) {
        for (std::size_t at = text.find("codes."); at != text.npos; at = text.find("codes.", at + 1)) {
            unsigned status = 0;
            const char* const digits = text.data() + at + 6;
            const char* const end = std::from_chars(digits, text.data() + text.size(), status).ptr;
            if (end - digits == 3 && status >= 100) statuses_.emplace_back(digits, end);
        }
    }

    std::map<std::string, double> names_;
    std::vector<std::string> statuses_;
};

class Reviewer {
  public:
    Reviewer(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks)
        : vocabulary_(plan, checks), open_(!plan.processor.empty()) {
        for (const auto& [name, value] : vocabulary_.names()) words_.push_back(name);
    }

    void review(const plan::Check& check, std::vector<text::Finding>& findings) const {
        if (!check.metric.empty()) {
            if (!vocabulary_.names().contains(check.metric)) warn(check, check.metric, findings);
            return;
        }
        const auto unknown = checks::unknown_names(check.expression, vocabulary_.names());
        if (!unknown) return findings.push_back(syntax(check, unknown.error().message));
        for (const std::string& name : *unknown) warn(check, name, findings);
    }

  private:
    void warn(const plan::Check& check, const std::string& name, std::vector<text::Finding>& findings) const {
        for (const std::string_view prefix : kOpenEnded)
            if (name.starts_with(prefix)) return;
        const std::string_view meant = scenario::artillery::nearest(name, words_);
        // A processor may report metrics of any name.
        if (open_ && meant.empty()) return;
        std::string message = "no metric has the name " + scenario::artillery::shown(name);
        if (!meant.empty()) (message += "; did you mean ") += scenario::artillery::shown(meant) + "?";
        findings.push_back(
            {text::Severity::kWarning, check.file, check.mark, check.path, std::move(message)});
    }

    /// A name of the processor's that holds blanks or slashes parses only once the run has reported it.
    text::Finding syntax(const plan::Check& check, std::string message) const {
        text::Mark mark = check.mark;
        constexpr std::string_view kCharacter = "character ";
        const auto colon = message.find(": ");
        std::uint32_t character = 0;
        std::from_chars(message.data() + std::min(kCharacter.size(), message.size()),
                        message.data() + message.size(), character);
        if (check.first_character.line != 0 && character > 0 && colon != message.npos) {
            mark = check.first_character;
            mark.column += character - 1;
            message.erase(0, colon + 2);
        }
        return {open_ ? text::Severity::kWarning : text::Severity::kError, check.file, mark, check.path,
                std::move(message)};
    }

    Vocabulary vocabulary_;
    std::vector<std::string_view> words_;
    bool open_;
};

}  // namespace

scenario::Loaded load_script(const RunSettings& settings, const std::string& script) {
    scenario::Loaded loaded = scenario::load_scenario(load_options(settings, script));
    if (!loaded.ok || loaded.checks.ensure.empty()) return loaded;
    const Reviewer reviewer(*loaded.plan, loaded.checks.ensure);
    for (const plan::Check& check : loaded.checks.ensure) reviewer.review(check, loaded.findings);
    loaded.ok =
        std::none_of(loaded.findings.begin(), loaded.findings.end(),
                     [](const text::Finding& finding) { return finding.severity == text::Severity::kError; });
    return loaded;
}

}  // namespace loadgen::cli
