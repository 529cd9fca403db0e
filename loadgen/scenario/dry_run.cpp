#include "loadgen/scenario/dry_run.hpp"

#include <optional>
#include <ostream>
#include <string>

#include "common/base/duration_text.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::scenario {
namespace {

enum class Ending { kSchedule, kTargets, kLimit };

/// Both notations of the same three kinds of line.
class DryRunPrinter {
  public:
    DryRunPrinter(std::ostream& out, const pacing::Load& load, bool json)
        : out_(out), load_(load), json_(json) {}

    /// Announces all phases up to the one that `due` belongs to; the rest of them at the end.
    void phases_until(std::optional<std::size_t> phase) {
        const std::size_t until = phase ? *phase + 1 : load_.phases.size();
        while (announced_ < until) announce(load_.phases[announced_++]);
    }

    void request(std::uint64_t seq, Nanos due, const plan::Request& request) {
        line_.clear();
        if (json_) {
            text::JsonWriter writer(line_);
            writer.begin_object().key("seq").unsigned_integer(seq).key("due_ns").integer(due.count());
            writer.key("phase").unsigned_integer(announced_);
            writer.key("method").string(request.method).key("url").string(request.url_text).end_object();
        } else {
            line_ = std::to_string(seq) + " " + format_duration(due) + " " + request.method + " " +
                    request.url_text;
        }
        out_ << line_ << '\n';
    }

    void finish(std::uint64_t count, Ending ending) {
        line_.clear();
        const std::optional<Nanos> end = load_.schedule->end();
        if (json_) {
            text::JsonWriter writer(line_);
            writer.begin_object().key("requests").unsigned_integer(count);
            write_end(writer, end);
            writer.key("complete").boolean(ending == Ending::kSchedule).end_object();
        } else if (ending == Ending::kSchedule) {
            line_ = "# end " + (end ? format_duration(*end) : "never") + ", " + std::to_string(count) +
                    " requests";
        } else {
            line_ = ending == Ending::kTargets ? "# no targets left after " : "# cut at the limit of ";
            line_ += std::to_string(count) + " requests";
        }
        out_ << line_ << '\n';
    }

  private:
    static void write_end(text::JsonWriter& writer, std::optional<Nanos> end) {
        writer.key("end_ns");
        if (end) {
            writer.integer(end->count());
        } else {
            writer.null();
        }
    }

    void announce(const pacing::PhaseInfo& phase) {
        line_.clear();
        if (json_) {
            text::JsonWriter writer(line_);
            writer.begin_object().key("phase").unsigned_integer(announced_).key("name").string(phase.name);
            writer.key("start_ns").integer(phase.start.count());
            write_end(writer, phase.end);
            writer.key("warm_up").boolean(phase.warm_up).key("text").string(phase.text).end_object();
        } else {
            line_ = "# " + phase.name + (phase.warm_up ? " (warm-up)" : "") + " from " +
                    format_duration(phase.start) +
                    (phase.end ? " to " + format_duration(*phase.end) : std::string(" on")) + ": " +
                    phase.text;
        }
        out_ << line_ << '\n';
    }

    std::ostream& out_;
    const pacing::Load& load_;
    bool json_;
    std::size_t announced_ = 0;
    std::string line_;
};

}  // namespace

Result<void> write_dry_run(std::ostream& out, const pacing::Load& load, plan::RequestSource& requests,
                           const DryRunOptions& options) {
    DryRunPrinter printer(out, load, options.json);
    const std::unique_ptr<pacing::Schedule> schedule = load.schedule->clone();
    std::uint64_t seq = 0;
    Ending ending = Ending::kLimit;
    while (true) {
        const std::optional<Nanos> due = schedule->next();
        if (!due) {
            printer.phases_until(std::nullopt);
            ending = Ending::kSchedule;
            break;
        }
        if (seq == options.limit) break;
        const Result<std::shared_ptr<const plan::Request>> request = requests.next();
        if (!request) return request.error();
        if (*request == nullptr) {
            ending = Ending::kTargets;
            break;
        }
        printer.phases_until(load.phase_index_at(*due));
        printer.request(seq++, *due, **request);
    }
    printer.finish(seq, ending);
    if (!out) return Error{ErrorCode::kIo, "the dry run could not be written"};
    return {};
}

}  // namespace loadgen::scenario
