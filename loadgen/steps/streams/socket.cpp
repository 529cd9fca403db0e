#include "loadgen/steps/streams/socket.hpp"

#include <algorithm>

#include "common/http/websocket.hpp"
#include "loadgen/steps/flow/call.hpp"
#include "loadgen/steps/metric_names.hpp"
#include "loadgen/steps/requests/capture.hpp"
#include "loadgen/steps/requests/render.hpp"
#include "loadgen/steps/requests/request.hpp"

namespace loadgen::steps {
namespace {

using plan::ExchangeKind;

void append_list(std::vector<std::string>& items, std::string_view list) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        if (!item.empty()) items.emplace_back(item);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

/// What a WebSocket is opened with.
struct SocketArguments {
    std::string url;
    std::vector<std::string> protocols;
    std::vector<http::Header> headers;
};

SocketArguments arguments_of(const plan::SocketConnectStep& step, const text::Scope& scope) {
    SocketArguments arguments{step.url.render(scope), step.protocols, {}};
    for (const auto& [name, value] : step.headers)
        arguments.headers.push_back({name.render(scope), value.render(scope)});
    return arguments;
}

text::Value texts(const std::vector<std::string>& list) {
    text::Value::Array values;
    for (const std::string& text : list) values.emplace_back(text);
    return text::Value(std::move(values));
}

/// As Artillery hands them to `connect.function`.
text::Value to_value(const SocketArguments& arguments, const text::Value& options) {
    text::Value::Object headers;
    for (const http::Header& field : arguments.headers)
        headers.emplace_back(field.name, text::Value(field.value));
    const text::Value url = arguments.url.empty() ? text::Value() : text::Value(arguments.url);
    return text::Value(text::Value::Object{
        {"target", url},
        {"subprotocols", texts(arguments.protocols)},
        {"options", with_member(options, {"headers"}, 0, text::Value(std::move(headers)))}});
}

/// What the function made of them.
SocketArguments from_value(const text::Value& value) {
    SocketArguments arguments;
    const auto each = [](const text::Value* list, const auto& take) {
        if (list == nullptr) return;
        if (list->is_array()) {
            for (const text::Value& element : list->elements()) take(element.to_text());
        } else if (list->is_string()) {
            take(list->string());
        }
    };
    if (const text::Value* url = value.find("target")) arguments.url = url->to_text();
    each(value.find("subprotocols"),
         [&](std::string name) { arguments.protocols.push_back(std::move(name)); });
    const text::Value* options = value.find("options");
    if (options == nullptr) return arguments;
    const text::Value* headers = options->find("headers");
    if (headers != nullptr && headers->is_object()) {
        for (const auto& [name, field] : headers->members())
            arguments.headers.push_back({name, field.to_text()});
    }
    if (const text::Value* origin = options->find("origin"); origin != nullptr && origin->truthy()) {
        // As in Artillery's WebSocket client: it replaces a field of this name.
        std::erase_if(arguments.headers,
                      [](const http::Header& field) { return http::equal_name(field.name, "origin"); });
        arguments.headers.push_back({"origin", origin->to_text()});
    }
    return arguments;
}

/// The handshake of RFC 6455 section 4.1. As in Artillery, a field that names subprotocols adds to the list.
Result<std::shared_ptr<plan::Request>> handshake(Stage& stage, User& user,
                                                 const plan::SocketConnectStep& step,
                                                 const HookedRequest* hooked) {
    const Evaluation evaluation(stage, user);
    SocketArguments arguments =
        hooked != nullptr ? from_value(hooked->parameters) : arguments_of(step, evaluation.scope());
    auto request = std::make_shared<plan::Request>();
    request->method = "GET";
    request->url_text = std::move(arguments.url);
    step.name.append(request->endpoint, evaluation.scope());
    if (stage.pretending && request->url_text.empty()) request->url_text = "ws://said-by-the-function/";
    auto url = http::parse_websocket_url(request->url_text);
    if (!url) return Error{ErrorCode::kUsage, "Invalid URL: " + request->url_text};
    request->url = std::move(*url);
    std::vector<std::string> protocols = std::move(arguments.protocols);
    for (http::Header& field : arguments.headers) {
        if (http::equal_name(field.name, "sec-websocket-protocol")) {
            append_list(protocols, field.value);
        } else {
            request->headers.push_back(std::move(field));
        }
    }
    const auto added =
        http::append_websocket_fields(request->headers, http::websocket_key(user.random), protocols);
    if (!added) return added.error();
    if (auto checked = check_fields(request->headers); !checked) return std::move(checked).error();
    if (!evaluation.fault().empty()) return Error{ErrorCode::kUsage, evaluation.fault()};
    return request;
}

Result<std::shared_ptr<plan::Request>> message(Stage& stage, User& user, const plan::SocketSendStep& step) {
    const Evaluation evaluation(stage, user);
    auto request = std::make_shared<plan::Request>();
    request->method = step.sends ? "SEND" : "WAIT";
    request->url_text = user.socket->url_text;
    request->url = user.socket->url;
    step.name.append(request->endpoint, evaluation.scope());
    std::string& text = request->own_body;
    if (step.sends) {
        const text::Value payload = step.payload.evaluate(evaluation.scope());
        if (payload.is_object() || payload.is_array()) {
            payload.append_json(text);
        } else if (!payload.is_undefined()) {
            text = payload.to_text();
        }
    }
    if (!evaluation.fault().empty()) return Error{ErrorCode::kUsage, evaluation.fault()};
    return request;
}

Next leave_step(Strand& strand) {
    strand.admitted = false;
    ++strand.pc;
    return Next::kGoOn;
}

/// What Artillery calls the end of a wait; else what the connection's end was.
std::string message_error(const Answer& answer) {
    if (answer.cause == Cause::kTimeout) return failure::kNoMessage;
    const bool by_peer = answer.cause == Cause::kResetInflight || answer.cause == Cause::kProtocol;
    return std::string(by_peer && !answer.error.empty() ? answer.error : error_code(answer));
}

}  // namespace

Next open_socket(Stage& stage, Strand& strand, const plan::SocketConnectStep& step) {
    if (strand.user->socket) return leave_step(strand);
    if (step.function && !strand.hooked && !stage.pretending) {
        const Evaluation evaluation(stage, *strand.user);
        strand.hooked = std::make_unique<HookedRequest>();
        strand.hooked->parameters = to_value(arguments_of(step, evaluation.scope()), step.options);
        return call_connect(stage, strand, *step.function);
    }
    strand.asked = false;  // the function's reply is no answer to a question
    auto request = handshake(stage, *strand.user, step, strand.hooked.get());
    strand.hooked.reset();
    if (!request) {
        fail(strand, std::move(request).error().message, "");
        return Next::kGoOn;
    }
    strand.user->socket = *request;
    strand.waiting = Waiting::kAnswer;
    stage.host.send(
        strand,
        {.request = std::move(*request), .kind = ExchangeKind::kHandshake, .follow_redirects = false});
    return Next::kWait;
}

Next take_handshake(Stage& stage, Strand& strand, const Answer& answer) {
    strand.due = answer.done;
    if (answer.answered() && (answer.status == 101 || stage.pretending)) {
        stage.meter.socket_opened(answer);
        return leave_step(strand);
    }
    stage.answer_failed = true;
    std::string code(error_code(answer));
    if (answer.cause == Cause::kProtocol) code = answer.error;
    if (answer.answered()) code = "Unexpected server response: " + std::to_string(answer.status);
    fail(strand, std::move(code), std::string(answer.error));
    return Next::kGoOn;
}

Next exchange_message(Stage& stage, Strand& strand, const plan::SocketSendStep& step, bool per_request) {
    if (step.sends && !strand.admitted) {
        if (const Next next = admit(stage, strand, per_request); next != Next::kGoOn) return next;
    }
    auto request = message(stage, *strand.user, step);
    if (!request) {
        fail(strand, std::move(request).error().message, "");
        return Next::kGoOn;
    }
    strand.waiting = Waiting::kAnswer;
    if (step.sends) stage.meter.message_sent(stage.host.now());
    const ExchangeKind kind = !step.sends           ? ExchangeKind::kListen
                              : step.expects_answer ? ExchangeKind::kAsk
                                                    : ExchangeKind::kSend;
    stage.host.send(strand, {.request = std::move(*request),
                             .kind = kind,
                             .timeout = step.timeout,
                             .follow_redirects = false,
                             .keep_body = step.expects_answer});
    return Next::kWait;
}

Next take_message(Stage& stage, Strand& strand, const plan::SocketSendStep& step, const Answer& answer,
                  BodyTools& tools) {
    strand.due = answer.done;
    if (!answer.answered()) {
        fail(strand, message_error(answer), std::string(answer.error));
        return Next::kGoOn;
    }
    if (stage.pretending) {
        pretend_captures(stage, *strand.user, step.captures);
        return leave_step(strand);
    }
    if (!step.expects_answer) return leave_step(strand);
    stage.meter.message_received(answer, step.sends);
    AnswerBody body(answer.body, tools);
    if (auto missed = take_captures(stage, *strand.user, step.captures, step.matches, body)) {
        stage.answer_failed = true;
        fail(strand, failure::kCapture, std::move(*missed));
        return Next::kGoOn;
    }
    return leave_step(strand);
}

}  // namespace loadgen::steps
