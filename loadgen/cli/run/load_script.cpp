#include "loadgen/cli/run/load_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "checks/ensure/ensure.hpp"
#include "common/text/utf8.hpp"
#include "loadgen/cli/run/metric_vocabulary.hpp"
#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::cli {
namespace {

// The rest of such a name is what a server or a processor says.
constexpr std::array<std::string_view, 2> kOpenEnded{steps::kErrors, steps::kExpectations};

class Reviewer {
  public:
    Reviewer(const plan::ScenarioPlan& plan, const std::vector<plan::Check>& checks)
        : vocabulary_(metric_vocabulary(plan, checks)),
          words_(vocabulary_.names.begin(), vocabulary_.names.end()),
          open_(!plan.processor.empty()) {}

    void review(plan::Check& check, std::vector<text::Finding>& findings) const {
        if (!check.metric.empty()) {
            if (!vocabulary_.names.contains(check.metric)) warn(check, check.metric, findings);
            return note_counter(check, check.metric);
        }
        auto read = checks::read_names(check.expression, vocabulary_.names);
        if (!read) {
            for (const std::string& name : vocabulary_.counters)
                if (check.expression.find(name) != std::string::npos) check.counters.push_back(name);
            return findings.push_back(syntax(check, read.error().message));
        }
        for (const std::string& name : read->unknown) {
            warn(check, name, findings);
            note_counter(check, name);
        }
        for (const std::string& name : read->known) note_counter(check, name);
        check.names = std::move(read->known);
    }

  private:
    /// Whatever stands behind `errors.` is counted, too.
    void note_counter(plan::Check& check, const std::string& name) const {
        if (vocabulary_.counters.contains(name) || name.starts_with(steps::kErrors))
            check.counters.push_back(name);
    }

    void warn(const plan::Check& check, const std::string& name, std::vector<text::Finding>& findings) const {
        const bool open_ended =
            std::any_of(kOpenEnded.begin(), kOpenEnded.end(),
                        [&name](std::string_view prefix) { return name.starts_with(prefix); });
        const std::string_view meant = scenario::artillery::nearest(name, words_);
        // A processor may report metrics of any name.
        if ((open_ || open_ended) && meant.empty()) return;
        std::string message =
            open_ended ? "no metric that is known before the run has the name " : "no metric has the name ";
        message += scenario::artillery::shown(name);
        if (!meant.empty()) (message += "; did you mean ") += scenario::artillery::shown(meant) + "?";
        findings.push_back(
            {text::Severity::kWarning, check.file, check.mark, check.path, std::move(message)});
    }

    /// A name of the processor's that holds blanks or slashes parses only once the run has reported it. What
    /// ends too early never does.
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
        const bool ends_early = character > text::utf8_length(check.expression);
        return {open_ && !ends_early ? text::Severity::kWarning : text::Severity::kError, check.file, mark,
                check.path, std::move(message)};
    }

    MetricVocabulary vocabulary_;
    std::vector<std::string_view> words_;
    bool open_;
};

/// Puts findings to the others, in order of their places.
void insert(std::vector<text::Finding>& all, std::vector<text::Finding> added) {
    const auto place = [](const text::Finding& finding) {
        return std::pair(finding.mark.line, finding.mark.column);
    };
    for (text::Finding& finding : added) {
        const auto last = std::find_if(all.rbegin(), all.rend(), [&](const text::Finding& other) {
            return other.file == finding.file && place(other) <= place(finding);
        });
        const auto first = std::find_if(
            all.begin(), all.end(), [&](const text::Finding& other) { return other.file == finding.file; });
        all.insert(last != all.rend() ? last.base() : first, std::move(finding));
    }
}

}  // namespace

scenario::Loaded load_script(const RunSettings& settings, const std::string& script) {
    scenario::Loaded loaded = scenario::load_scenario(load_options(settings, script));
    if (loaded.plan == nullptr || loaded.checks.ensure.empty()) return loaded;
    const Reviewer reviewer(*loaded.plan, loaded.checks.ensure);
    std::vector<text::Finding> findings;
    for (plan::Check& check : loaded.checks.ensure) reviewer.review(check, findings);
    insert(loaded.findings, std::move(findings));
    loaded.ok =
        std::none_of(loaded.findings.begin(), loaded.findings.end(),
                     [](const text::Finding& finding) { return finding.severity == text::Severity::kError; });
    return loaded;
}

}  // namespace loadgen::cli
