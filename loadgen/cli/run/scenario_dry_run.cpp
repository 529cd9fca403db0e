#include "loadgen/cli/run/scenario_dry_run.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <optional>

#include "common/http/header.hpp"
#include "loadgen/engine/exchanges/trace_mint.hpp"
#include "loadgen/engine/users/upload_files.hpp"
#include "loadgen/steps/users.hpp"

namespace loadgen::cli {
namespace {

constexpr std::uint64_t kMostRequests = 1'000;  // of one user: a loop may be endless

std::string seconds(Nanos offset) {
    char text[64];
    std::snprintf(text, sizeof text, "%.6f s", static_cast<double>(offset.count()) / 1e9);
    return text;
}

/// A host without a network: time goes on when nobody has anything else to do.
class DryHost final : public steps::Host {
  public:
    /// `mint` may be null: requests carry no traceparent but the script's.
    DryHost(std::string& out, engine::TraceMint* mint) : out_(out), mint_(mint) {}

    Instant now() const override { return now_; }
    WallTime wall_now() const override { return {}; }
    std::shared_ptr<plan::Request> blank_request(std::uint32_t) override {
        return std::make_shared<plan::Request>();
    }
    void send(steps::Strand& strand, steps::Outgoing outgoing) override {
        const plan::Request& request = *outgoing.request;
        const std::string url = plan::is_socket(outgoing.kind) ? request.url_text : request.url.text();
        out_ += "    " + seconds(strand.due - Instant()) + "  " + request.method + " " + url + "\n";
        for (const http::Header& header : request.headers) {
            out_ += "        " + header.name + ": " + header.value + "\n";
        }
        if (mint_ != nullptr && !plan::is_message(outgoing.kind)) traceparent(request.headers);
        if (const auto body = request.body_text(); !body.empty())
            out_.append("        ").append(body) += '\n';
        answers_.push_back(&strand);
        ++requests_;
    }
    void release(steps::User&) override {}
    void wake_at(Instant when) override { wake_ = when; }
    Result<std::shared_ptr<const std::string>> read_file(const std::string& path) override {
        return upload_files_.get(path);
    }
    void say(std::string_view line) override { out_ += "    log: " + std::string(line) + "\n"; }

    void set_now(Instant now) { now_ = now; }
    void begin_user() { requests_ = 0; }

    /// Until the user that has just arrived is gone.
    void run(steps::Users& users) {
        while (!users.idle() && requests_ < kMostRequests) {
            if (!answers_.empty()) {
                steps::Strand& strand = *answers_.front();
                answers_.pop_front();
                static const http::Headers kNone;
                steps::Answer answer;
                answer.status = 200;
                answer.headers = &kNone;
                answer.due = answer.sent = answer.first_byte = answer.done = std::max(now_, strand.due);
                now_ = answer.done;
                users.on_answer(strand, answer);
            } else if (wake_) {
                now_ = std::max(now_, *std::exchange(wake_, std::nullopt));
                users.on_due();
            } else {
                return;  // waits for what a dry run does not have
            }
        }
    }

  private:
    void traceparent(const http::Headers& headers) {
        if (http::find_header(headers, "traceparent") != nullptr) return;  // the script's own stays
        engine::TraceparentText text;
        engine::write_traceparent(text, mint_->next());
        out_.append("        traceparent: ").append(text.data(), text.size()).append("\n");
    }

    std::string& out_;
    engine::TraceMint* mint_;
    Instant now_;
    std::optional<Instant> wake_;
    engine::UploadFiles upload_files_;
    std::deque<steps::Strand*> answers_;
    std::uint64_t requests_ = 0;
};

}  // namespace

std::string scenario_dry_run(const plan::ScenarioPlan& plan, const pacing::Load& load, std::uint64_t limit,
                             bool traceparent) {
    std::string out;
    engine::TraceMint mint(plan.seed, 0, 0);
    if (traceparent) out += "# -traceparent: these ids are examples, a run makes new ones\n";
    const auto schedule = load.schedule->clone();
    for (std::uint64_t number = 0; number < limit; ++number) {
        const auto offset = schedule->next();
        if (!offset) return out;
        DryHost host(out, traceparent ? &mint : nullptr);
        steps::UserCounts counts;
        steps::Users users(plan, load, host, counts, nullptr);
        users.pretend([&](const plan::Journey& journey) {
            out += "user " + std::to_string(plan.segment.in_whole(number)) + " at " + seconds(*offset) +
                   ": " + journey.name + "\n";
        });
        users.begin(Instant());
        host.set_now(Instant() + *offset);
        users.arrive(number, Instant() + *offset);
        host.run(users);
    }
    if (schedule->next()) out += "# cut at the limit of " + std::to_string(limit) + " (-dry-run-limit)\n";
    return out;
}

}  // namespace loadgen::cli
