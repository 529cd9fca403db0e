#include "loadgen/scenario/artillery/sockets.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/http/header.hpp"
#include "loadgen/scenario/artillery/looks.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

void check_url(Compilation& compilation, const Spot& spot) {
    if (!spot || !spot->is_scalar() || spot->scalar.starts_with("{{")) return;
    const std::size_t colon = spot->scalar.find("://");
    const std::string_view scheme = std::string_view(spot->scalar).substr(0, colon);
    for (const char* known : {"ws", "wss", "http", "https"})
        if (colon != std::string::npos && http::equal_name(scheme, known)) return;
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

/// Events have no header fields: the answer that brings them has.
void part_captures(plan::EventStreamStep& step) {
    std::vector<plan::Capture>& all = step.request.captures;
    const auto head = std::stable_partition(all.begin(), all.end(), [](const plan::Capture& capture) {
        return capture.kind != plan::Capture::Kind::kHeader;
    });
    step.head_captures.assign(std::make_move_iterator(head), std::make_move_iterator(all.end()));
    all.erase(head, all.end());
}

/// What Artillery's WebSocket client is given, as config has it.
text::Value socket_options(const Compilation& compilation) {
    text::Value::Object options;
    for (const char* part : {"tls", "ws"}) {
        const Spot spot = compilation.config().member(part);
        for (std::size_t i = 0; spot && i < spot->members.size(); ++i) {
            const Member& member = spot->members[i];
            std::erase_if(options, [&member](const auto& known) { return known.first == member.key; });
            if (member.key != "proxy") options.emplace_back(member.key, to_value(member.value));
        }
    }
    return text::Value(std::move(options));
}

void note_unread(Compilation& compilation, const Spot& connect) {
    for (std::size_t i = 0; i < connect->members.size(); ++i) {
        const Spot member = connect.member_at(i);
        if (connect->members[i].key == "function") continue;
        compilation.findings.warning(member.key_place, member.path,
                                     "is not read beside a function, as in Artillery: the function is handed "
                                     "config.target and config.ws");
    }
}

}  // namespace

void refuse_proxy(Compilation& compilation, const Spot& proxy) {
    compilation.findings.error(
        proxy.key_place, proxy.path,
        "is not supported: connections go to their server directly, so that the times measured are its own; "
        "leave "
        "it out and let target name a server, or a gateway, that is reached from here");
}

plan::SocketConnectStep compile_connect(Compilation& compilation, const FlowContext& flow,
                                        const Spot& connect) {
    const Spot config = compilation.config();
    const Spot settings = config.member("ws");
    plan::SocketConnectStep step;
    step.tags = flow.tags;
    const Spot function = connect.member("function");
    // As in Artillery: a function is handed what config says, and not what stands beside its name.
    const Spot own = function ? Spot() : connect;
    Spot url = own && own->is_scalar() ? own : own.member("target");
    if (!url) url = config.member("target");
    if (!url && !function)
        compilation.findings.error(config, "a WebSocket needs config.target or a connect step with a target");
    check_url(compilation, url);
    step.url = compile_text(compilation, url);
    step.name = text::Template::literal("connect " + (url ? read_text(url) : read_text(function) + "()"));
    const auto either = [&](const char* name) {
        return own.member(name) ? own.member(name) : settings.member(name);
    };
    if (const Spot headers = either("headers"))
        for (auto& [name, value] : compile_text_map(compilation, headers))
            step.headers.emplace_back(text::Template::literal(name), std::move(value));
    if (const Spot origin = either("origin"); origin && !function) {
        // As in Artillery's WebSocket client: it replaces a field of this name.
        std::erase_if(step.headers, [](const auto& field) {
            return field.first.is_constant() && http::equal_name(field.first.constant(), "origin");
        });
        step.headers.emplace_back(text::Template::literal("origin"), compile_text(compilation, origin));
    }
    step.protocols = protocols_of(either("subprotocols"));
    if (function) {
        step.function = compile_function(compilation, function);
        step.options = socket_options(compilation);
        note_unread(compilation, connect);
    } else if (const Spot proxy = connect.member("proxy")) {
        refuse_proxy(compilation, proxy);
    }
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
    part_captures(step);
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
