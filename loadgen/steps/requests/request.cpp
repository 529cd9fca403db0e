#include "loadgen/steps/requests/request.hpp"

#include <algorithm>

#include "common/text/json_writer.hpp"
#include "loadgen/steps/flow/call.hpp"
#include "loadgen/steps/flow/pretend.hpp"
#include "loadgen/steps/flow/think.hpp"
#include "loadgen/steps/requests/capture.hpp"
#include "loadgen/steps/requests/constant_request.hpp"
#include "loadgen/steps/requests/expect.hpp"
#include "loadgen/steps/requests/render.hpp"

namespace loadgen::steps {

Next admit(Stage& stage, Strand& strand, bool per_request) {
    User& user = *strand.user;
    if (user.pacing > Nanos(0)) {
        if (user.paced) strand.due = std::max(strand.due, *user.paced);
        user.paced = strand.due + user.pacing;
    }
    strand.admitted = true;
    if (per_request && !strand.has_token) {
        strand.waiting = Waiting::kToken;
        return Next::kWait;
    }
    strand.has_token = false;
    return wait_until_due(stage, strand);
}

std::string_view error_code(const Answer& answer) {
    return answer.code.empty() ? node_error_code(answer.cause) : answer.code;
}

namespace {

bool wants_answer(const Stage& stage, const plan::RequestStep& step) {
    return !step.captures.empty() || !step.matches.empty() || !step.expectations.empty() ||
           !step.after_response.empty() || stage.plan.expect.default_200;
}

/// All fields of the answer; those about its body come with the body.
bool wants_fields(const plan::RequestStep& step) {
    return !step.expectations.empty() || !step.after_response.empty() ||
           std::any_of(step.captures.begin(), step.captures.end(), [](const plan::Capture& capture) {
               return capture.kind == plan::Capture::Kind::kHeader;
           });
}

/// Fills in the request, made before or made now.
Result<void> make_request(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                          Outgoing& outgoing) {
    if (index < stage.plan.program.requests.size()) {
        outgoing.step = index;
        outgoing.request = constant_request(stage, *strand.user, step, index);
        outgoing.constant = outgoing.request != nullptr;
        if (outgoing.constant) return {};
    }
    static const std::vector<text::Value::Member> kNothing;
    const auto& changed = strand.hooked ? strand.hooked->changed : kNothing;
    auto request = render(stage, *strand.user, step, index, changed);
    if (!request) return std::move(request).error();
    outgoing.request = std::move(*request);
    return {};
}

void append_verdicts(std::string& line, const std::vector<Verdict>& verdicts) {
    for (const Verdict& verdict : verdicts) {
        line += "\n  ";
        line += verdict.ok ? "ok " : "not ok ";
        line += verdict.type + " " + verdict.expected;
        if (!verdict.ok) line += " (got " + verdict.got + ")";
    }
}

/// 4xx and 5xx, unless the step names them. A status that is only not forbidden is not named.
bool is_bad_status(std::uint16_t status, const std::vector<Verdict>& verdicts) {
    return status >= 400 && std::none_of(verdicts.begin(), verdicts.end(),
                                         [](const Verdict& verdict) { return verdict.type == "statusCode"; });
}

// Under load the same lines would come by the thousand; the counters have all of them.
constexpr std::uint32_t kMostVerdictsTold = 50;

/// As the format that the script asks for.
void report_verdicts(Stage& stage, const plan::RequestStep& step, const std::vector<Verdict>& verdicts,
                     bool ok) {
    const std::string& format = stage.plan.expect.format;
    if (verdicts.empty() || format == "silent" || (ok && format == "prettyError")) return;
    if (stage.verdicts_told >= kMostVerdictsTold && format != "json") return;
    if (++stage.verdicts_told == kMostVerdictsTold && format != "json") {
        return stage.host.say("further outcomes of expect are counted and not written out");
    }
    std::string line;
    const std::string& name = step.named ? step.name_text : step.url_text;
    if (format == "json") {
        text::JsonWriter writer(line);
        writer.begin_object().key("ok").boolean(ok).key("name").string(name).key("results").begin_array();
        for (const Verdict& verdict : verdicts) {
            writer.begin_object().key("ok").boolean(verdict.ok).key("type").string(verdict.type);
            writer.key("expected").string(verdict.expected).key("got").string(verdict.got).end_object();
        }
        writer.end_array().end_object();
    } else {
        line = "* " + step.method + " " + name;
        append_verdicts(line, verdicts);
    }
    stage.host.say(line);
}

}  // namespace

Next leave_request(Strand& strand) {
    strand.admitted = false;
    strand.hook = 0;
    strand.hooked.reset();
    ++strand.pc;
    return Next::kGoOn;
}

void expect(Stage& stage, Strand& strand, const plan::RequestStep& step, AnswerBody& body) {
    const auto verdicts = check_expectations(stage, *strand.user, step, body);
    const bool ok =
        std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return verdict.ok; });
    stage.answer_failed = stage.answer_failed || !ok || is_bad_status(body.status(), verdicts);
    report_verdicts(stage, step, verdicts, ok);
    if (ok || !stage.plan.expect.failures_are_errors) return;
    const bool by_name = stage.plan.expect.only_names && step.named;
    fail(strand, "Failed expectations for request " + (by_name ? step.name_text : step.url_text), "");
}

namespace {

text::Value response_value(const Answer& answer, const AnswerBody& body) {
    text::Value::Object headers;
    for (const http::Header& field : *answer.headers) {
        std::string name = field.name;
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        const bool known =
            std::any_of(headers.begin(), headers.end(), [&name](const auto& h) { return h.first == name; });
        if (known) continue;
        std::string value = body.header(name);
        headers.emplace_back(std::move(name), text::Value(std::move(value)));
    }
    const auto millis = [](Nanos span) { return text::Value(static_cast<double>(span.count()) / 1e6); };
    text::Value::Object phases{{"firstByte", millis(answer.first_byte - answer.sent)},
                               {"total", millis(answer.done - answer.sent)}};
    return text::Value(text::Value::Object{
        {"statusCode", text::Value(static_cast<double>(answer.status))},
        {"headers", text::Value(std::move(headers))},
        {"body", text::Value(body.text())},
        {"url", text::Value(answer.url)},
        {"timings", text::Value(text::Value::Object{{"phases", text::Value(std::move(phases))}})}});
}

/// The hooks behind an answer, one by one; then the step is over. As in Artillery they see an answer in which
/// a capture found nothing, and the user fails by it afterwards, unless a hook has failed.
Next run_after_hooks(Stage& stage, Strand& strand, const plan::RequestStep& step) {
    const std::size_t done = strand.hook - step.before_request.size();
    if (done < step.after_response.size() && !strand.user->failure) {
        ++strand.hook;
        return call_after_response(stage, strand, step.after_response[done]);
    }
    if (strand.hooked->missed) fail(strand, failure::kCapture, *strand.hooked->missed);
    return leave_request(strand);
}

}  // namespace

Next send_request(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                  bool per_request, Outgoing outgoing) {
    strand.asked = false;  // a hook's reply is no answer to a question
    if (strand.hooked && !strand.hooked->response.is_undefined()) return run_after_hooks(stage, strand, step);
    if (!strand.admitted) {
        if (const Next next = admit(stage, strand, per_request); next != Next::kGoOn) return next;
    }
    if (strand.hook < step.before_request.size() && !stage.pretending) {
        if (!strand.hooked) {
            strand.hooked = std::make_unique<HookedRequest>();
            strand.hooked->parameters = step.parameters;
        }
        return call_before_request(stage, strand, step.before_request[strand.hook++]);
    }
    if (auto made = make_request(stage, strand, step, index, outgoing); !made) {
        if (stage.pretending) {
            note(stage, strand,
                 "passed over, for it cannot be made without answers: " + made.error().message);
            pretend_captures(stage, *strand.user, step.captures);
            return leave_request(strand);
        }
        stage.meter.request_failed(index, made.error().message, stage.host.now());
        fail(strand, std::move(made).error().message, "");
        return Next::kGoOn;
    }
    strand.waiting = Waiting::kAnswer;
    stage.meter.request_sent(stage.host.now());
    outgoing.follow_redirects = step.follow_redirects;
    outgoing.keep_headers = outgoing.keep_headers || wants_fields(step);
    outgoing.keep_body = wants_answer(stage, step) && outgoing.kind == plan::ExchangeKind::kRequest;
    stage.host.send(strand, std::move(outgoing));
    return Next::kWait;
}

Next take_answer(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                 const Answer& answer, BodyTools& tools) {
    strand.due = answer.done;
    if (!answer.answered()) {
        const std::string_view code = error_code(answer);
        stage.meter.request_failed(index, code, answer.done);
        fail(strand, std::string(code), std::string(answer.error));
        return Next::kGoOn;
    }
    stage.meter.answered(index, answer);
    if (stage.pretending) pretend_captures(stage, *strand.user, step.captures);
    if (!wants_answer(stage, step) || stage.pretending) {
        stage.answer_failed = is_bad_status(answer.status, {});
        return leave_request(strand);
    }
    AnswerBody body(answer, tools);
    auto missed = take_captures(stage, *strand.user, step.captures, step.matches, body);
    expect(stage, strand, step, body);
    return conclude(stage, strand, step, answer, body, std::move(missed));
}

Next conclude(Stage& stage, Strand& strand, const plan::RequestStep& step, const Answer& answer,
              const AnswerBody& body, std::optional<std::string> missed) {
    if (missed) stage.answer_failed = true;
    if (step.after_response.empty()) {
        if (missed) fail(strand, failure::kCapture, std::move(*missed));
        return leave_request(strand);
    }
    if (!strand.hooked) {
        strand.hooked = std::make_unique<HookedRequest>();
        strand.hooked->parameters = step.parameters;
    }
    strand.hook = static_cast<std::uint32_t>(step.before_request.size());
    strand.hooked->parameters = with_member(strand.hooked->parameters, {"url"}, 0, text::Value(answer.url));
    strand.hooked->response = response_value(answer, body);
    strand.hooked->missed = std::move(missed);
    return run_after_hooks(stage, strand, step);
}

}  // namespace loadgen::steps
