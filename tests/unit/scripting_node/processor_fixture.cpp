#include "processor_fixture.hpp"

#include <thread>
#include <utility>

namespace loadgen::scripting {

std::string script(std::string_view name) {
    return LOADGEN_SOURCE_DIR "/tests/unit/scripting_node/scripts/" + std::string(name);
}

text::Value json(std::string_view text) {
    auto value = text::parse_json_value(text);
    EXPECT_TRUE(value) << text;
    return value ? *value : text::Value();
}

ProcessorOptions options_for(std::string_view name, std::vector<std::string> functions) {
    ProcessorOptions options;
    options.script = script(name);
    options.functions = std::move(functions);
    return options;
}

Calls::Calls(ProcessorOptions options) {
    if (!options.print) {
        options.print = [this](std::string_view line) { lines.emplace_back(line); };
    }
    processor_ = make_node_processor(loop_, std::move(options));
    processor_->answer_to(*this);
}

void Calls::run_until_replies(std::size_t more) {
    const std::size_t wanted = replies.size() + more;
    while (replies.size() < wanted) turn();
}

void Calls::run_until_metrics(std::size_t count) {
    while (metrics.size() < count) turn();
}

void Calls::turn() {
    loop_.poll();
    std::this_thread::yield();
}

std::uint64_t Calls::begin(ProcessorCall call) {
    call.token = made++;
    processor_->call(call);
    return call.token;
}

std::uint64_t Calls::begin(std::uint64_t user, std::uint32_t function, std::vector<NamedValue> variables) {
    ProcessorCall call;
    call.user = user;
    call.function = function;
    call.variables = std::move(variables);
    return begin(std::move(call));
}

ProcessorReply Calls::call(ProcessorCall call) {
    const std::uint64_t token = begin(std::move(call));
    while (!replies.contains(token)) turn();
    return replies[token];
}

ProcessorReply Calls::call(std::uint64_t user, std::uint32_t function, std::vector<NamedValue> variables) {
    const std::uint64_t token = begin(user, function, std::move(variables));
    while (!replies.contains(token)) turn();
    return replies[token];
}

void Calls::on_reply(ProcessorReply&& reply) {
    order.push_back(reply.token);
    EXPECT_FALSE(replies.contains(reply.token)) << "a second reply";
    replies[reply.token] = std::move(reply);
}

void Calls::on_metric(const EmittedMetric& metric) {
    metrics.push_back(metric);
}

std::string changed(const std::vector<text::Value::Member>& members, std::string_view name) {
    for (const auto& [key, value] : members) {
        if (key != name) continue;
        if (value.is_undefined()) return "undefined";
        if (value.is_number()) return value.to_text();
        std::string json;
        value.append_json(json);
        return json;
    }
    return "-";
}

}  // namespace loadgen::scripting
