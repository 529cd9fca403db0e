#include "loadgen/scenario/artillery/sockets.hpp"

#include <utility>

#include "loadgen/scenario/artillery/looks.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

void check_url(Compilation& compilation, const Spot& spot) {
    if (!spot || !spot->is_scalar() || spot->scalar.starts_with("{{")) return;
    for (const char* scheme : {"ws://", "wss://", "http://", "https://"})
        if (spot->scalar.starts_with(scheme)) return;
    compilation.findings.error(spot, "found " + shown(spot->scalar) + ", expected ws:// or wss://");
}

std::vector<std::string> protocols_of(const Spot& list) {
    std::vector<std::string> protocols;
    for (std::size_t i = 0; list && list->is_list() && i < list->items.size(); ++i)
        protocols.push_back(read_text(list.item(i)));
    return protocols;
}

/// How long an awaited message may take: as Artillery, `config.timeout` before `config.ws.timeout`.
void read_timeout(Compilation& compilation, plan::SocketSendStep& step) {
    const Spot config = compilation.config();
    const Spot own = config.member("timeout");
    const Spot spot = own ? own : config.member("ws").member("timeout");
    if (const auto timeout = read_duration(compilation, spot); timeout && *timeout > Nanos(0))
        step.timeout = *timeout;
}

/// Event streams come as they are: codings cannot be undone in pieces.
void ask_for_events(plan::RequestStep& request) {
    request.decompress = false;
    for (const auto& [name, value] : request.headers)
        if (name.is_constant() && name.constant() == "accept") return;
    request.headers.emplace_back(text::Template::literal("accept"),
                                 text::Template::literal("text/event-stream"));
}

}  // namespace

plan::SocketConnectStep compile_connect(Compilation& compilation, const FlowContext& flow,
                                        const Spot& connect) {
    const Spot config = compilation.config();
    const Spot settings = config.member("ws");
    plan::SocketConnectStep step;
    step.tags = flow.tags;
    Spot url = connect && connect->is_scalar() ? connect : connect.member("target");
    if (!url) url = config.member("target");
    if (!url)
        compilation.findings.error(config, "a WebSocket needs config.target or a connect step with a target");
    check_url(compilation, url);
    step.url = compile_text(compilation, url);
    step.name = text::Template::literal("connect " + read_text(url));
    const Spot headers = connect.member("headers") ? connect.member("headers") : settings.member("headers");
    if (headers)
        for (auto& [name, value] : compile_text_map(compilation, headers))
            step.headers.emplace_back(text::Template::literal(name), std::move(value));
    const Spot protocols = connect.member("subprotocols");
    step.protocols = protocols_of(protocols ? protocols : settings.member("subprotocols"));
    for (const char* key : {"function", "proxy"})
        if (const Spot spot = connect.member(key))
            compilation.findings.error(
                spot.key_place, spot.path,
                "is not supported; target, headers and subprotocols may hold templates");
    return step;
}

plan::SocketSendStep compile_send(Compilation& compilation, const FlowContext& flow, const Spot& send,
                                  const Spot& name) {
    plan::SocketSendStep step;
    step.tags = flow.tags;
    read_timeout(compilation, step);
    // As in Artillery: only beside capture or match is `payload` a key; otherwise the whole map is the
    // message.
    step.expects_answer = send->is_map() && (send.member("capture") || send.member("match"));
    const Spot payload = step.expects_answer ? send.member("payload") : send;
    step.sends = static_cast<bool>(payload);
    step.payload = compile_value(compilation, payload);
    step.name = name ? compile_text(compilation, name)
                     : text::Template::literal(step.expects_answer ? "send and wait" : "send");
    if (step.expects_answer) {
        step.captures = compile_captures(compilation, send);
        step.matches = compile_matches(compilation, send);
    }
    return step;
}

plan::SocketSendStep compile_wait(Compilation& compilation, const FlowContext& flow, const Spot& wait,
                                  const Spot& name) {
    plan::SocketSendStep step;
    step.tags = flow.tags;
    read_timeout(compilation, step);
    step.expects_answer = true;
    step.sends = false;
    step.name = name ? compile_text(compilation, name) : text::Template::literal("wait");
    step.captures = compile_captures(compilation, wait);
    step.matches = compile_matches(compilation, wait);
    if (const Spot payload = wait.member("payload"))
        compilation.findings.error(payload.key_place, payload.path, "wait sends nothing; use send");
    return step;
}

plan::EventStreamStep compile_events(Compilation& compilation, const FlowContext& flow, const Spot& spot) {
    plan::EventStreamStep step;
    step.request = compile_request(compilation, flow, spot, "get");
    ask_for_events(step.request);
    const Spot events = spot.member("events");
    if (const auto number = events ? whole_of(*events) : std::nullopt)
        step.events = static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, UINT32_MAX));
    const Spot timeout = spot.member("timeout");
    if (const auto duration = read_duration(compilation, timeout)) {
        if (*duration <= Nanos(0))
            compilation.findings.error(timeout,
                                       "found " + shown(timeout->scalar) + ", expected a duration above 0");
        step.timeout = *duration;
    }
    return step;
}

}  // namespace loadgen::scenario::artillery
