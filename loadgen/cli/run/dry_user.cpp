#include "loadgen/cli/run/dry_user.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <utility>

#include "common/http/header.hpp"
#include "loadgen/engine/users/upload_files.hpp"

namespace loadgen::cli {
namespace {

constexpr std::uint64_t kMostRequests = 1'000;  // of one user: a loop may be endless
constexpr std::uint64_t kMostTurns = 3'000;     // of one user: so may one that sends nothing

}  // namespace

std::string dry_seconds(Nanos offset) {
    char text[64];
    std::snprintf(text, sizeof text, "%.6f s", static_cast<double>(offset.count()) / 1e9);
    return text;
}

/// A host without a network: time goes on when nobody has anything else to do.
class DryUser::Host final : public steps::Host {
  public:
    /// `mint` may be null: requests carry no traceparent but the script's.
    Host(std::string& out, engine::TraceMint* mint) : out_(out), mint_(mint) {}

    Instant now() const override { return now_; }
    WallTime wall_now() const override { return {}; }
    std::shared_ptr<plan::Request> blank_request(std::uint32_t) override {
        return std::make_shared<plan::Request>();
    }
    void send(steps::Strand& strand, steps::Outgoing outgoing) override {
        answers_.push_back(&strand);
        if (++requests_ > kMostRequests) {
            return cut("cut after " + std::to_string(kMostRequests) + " requests of this user");
        }
        const plan::Request& request = *outgoing.request;
        const std::string url = plan::is_socket(outgoing.kind) ? request.url_text : request.url.text();
        out_ += "    " + dry_seconds(strand.due - Instant()) + "  " + request.method + " " + url + "\n";
        if (!plan::is_message(outgoing.kind)) print_fields(request.headers);
        if (const auto body = request.body_text(); !body.empty())
            out_.append("        ").append(body) += '\n';
    }
    void release(steps::User& user) override {
        if (user.failure == nullptr) return;
        out_ += "    # ends here: " + user.failure->code;
        if (!user.failure->detail.empty()) out_ += ": " + user.failure->detail;
        out_ += '\n';
    }
    void wake_at(Instant when) override { wake_ = when; }
    Result<std::shared_ptr<const std::string>> read_file(const std::string& path) override {
        return upload_files_.get(path);
    }
    void say(std::string_view line) override {
        out_ += line.starts_with('#') ? "    " : "    log: ";
        out_.append(line) += '\n';
    }

    /// Lets what is due by then happen.
    void run_until(Instant limit, steps::Users& users) {
        while (const auto next = next_event(users)) {
            if (*next > limit) break;
            if (++turns_ > kMostTurns) return cut("cut: this user goes round and round");
            now_ = std::max(now_, *next);
            if (answers_.empty()) {
                wake_.reset();
                users.on_due();
            } else {
                answer(users);
            }
        }
    }
    void set_now(Instant now) { now_ = std::max(now_, now); }
    bool is_cut() const { return cut_; }

  private:
    /// None: it waits for what a dry run does not have, or is shown no further.
    std::optional<Instant> next_event(const steps::Users& users) const {
        if (cut_ || users.idle()) return std::nullopt;
        return answers_.empty() ? wake_ : std::max(now_, answers_.front()->due);
    }

    void answer(steps::Users& users) {
        steps::Strand& strand = *answers_.front();
        answers_.pop_front();
        static const http::Headers kNone;
        steps::Answer answer;
        answer.status = 200;
        answer.headers = &kNone;
        answer.due = answer.sent = answer.first_byte = answer.done = now_;
        users.on_answer(strand, answer);
    }

    void cut(const std::string& why) {
        if (!std::exchange(cut_, true)) out_ += "    # " + why + "\n";
    }

    void print_fields(const http::Headers& headers) {
        if (http::find_header(headers, "user-agent") == nullptr) out_ += "        user-agent: loadgen\n";
        for (const http::Header& header : headers) {
            out_ += "        " + header.name + ": " + header.value + "\n";
        }
        if (mint_ == nullptr || http::find_header(headers, "traceparent") != nullptr) return;
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
    std::uint64_t turns_ = 0;
    bool cut_ = false;
};

DryUser::DryUser(std::string& out, const plan::ScenarioPlan& plan, const pacing::Load& load,
                 steps::UserCounts& counts, engine::TraceMint* mint)
    : host_(std::make_unique<Host>(out, mint)),
      users_(std::make_unique<steps::Users>(plan, load, *host_, counts, nullptr)) {
    users_->pretend([this, &out](const plan::Journey& journey) {
        came_ = true;
        const bool unnamed = journey.name == std::to_string(journey.number);
        out += ": " + (unnamed ? "scenario " : std::string()) + journey.name + "\n";
    });
    users_->begin(Instant());
}

DryUser::~DryUser() = default;

void DryUser::arrive(std::uint64_t number, Instant due) {
    host_->set_now(due);
    waiting_since_.reset();
    users_->arrive(number, due);
    run_until(due);
}

void DryUser::run_until(Instant limit) {
    host_->run_until(limit, *users_);
    if (!users_->awaits_turn()) waiting_since_.reset();
    if (users_->awaits_turn() && !waiting_since_) waiting_since_ = host_->now();
}

bool DryUser::over() const {
    return users_->idle() || host_->is_cut();
}

const std::vector<text::Value>& DryUser::values() const {
    return users_->last_values();
}

std::optional<Instant> DryUser::waiting_since() const {
    return host_->is_cut() ? std::nullopt : waiting_since_;
}

}  // namespace loadgen::cli
